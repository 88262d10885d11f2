using System.Text.Json;

namespace FedPure.Data.Readers;

/// <summary>
/// Reads a JSON file token by token through a buffer, so that memory does not follow the file's size. <see cref="Utf8JsonReader"/> is a ref struct that its
/// user holds; it is handed in with each call.
/// </summary>
internal sealed class JsonFile(Stream stream, string path)
{
    private const int FirstBuffer = 1 << 16;

    // The longest token, such as a text: a file without its closing quote must not come whole into memory.
    private const int LongestToken = 1 << 24;

    private byte[] _buffer = new byte[FirstBuffer];
    private int _length;
    private long _start;
    private bool _ended;

    /// <summary>A reader at the start of the file.</summary>
    public Utf8JsonReader Begin()
    {
        Fill(0);
        int mark = _buffer.AsSpan(0, _length).StartsWith("\uFEFF"u8) ? 3 : 0;
        _start = mark;
        _buffer.AsSpan(mark, _length - mark).CopyTo(_buffer);
        _length -= mark;
        return new Utf8JsonReader(_buffer.AsSpan(0, _length), _ended, default);
    }

    /// <summary>The place in the file of the token read last.</summary>
    public long Position(in Utf8JsonReader json) => _start + json.TokenStartIndex;

    /// <summary>The place in the file after the token read last.</summary>
    public long End(in Utf8JsonReader json) => _start + json.BytesConsumed;

    /// <summary>Reads the next token, or returns false after the last.</summary>
    /// <exception cref="DataFormatException">The file is not JSON.</exception>
    public bool Read(ref Utf8JsonReader json)
    {
        try
        {
            while (!json.Read())
            {
                if (json.IsFinalBlock) return false;
                Refill(ref json);
            }

            return true;
        }
        catch (JsonException e)
        {
            throw new DataFormatException(path, $"it is not JSON after byte {End(json)}: {FirstSentence(e.Message)}", e);
        }
    }

    /// <summary>Reads a token that must be there.</summary>
    public void ReadInside(ref Utf8JsonReader json)
    {
        if (!Read(ref json)) throw Error(json, "it ends too early");
    }

    /// <summary>Passes over the value whose first token was read last.</summary>
    public void Skip(ref Utf8JsonReader json)
    {
        if (json.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject)) return;
        int depth = json.CurrentDepth;
        do ReadInside(ref json);
        while (json.CurrentDepth > depth);
    }

    /// <summary>The text of a string or property name.</summary>
    public string Text(in Utf8JsonReader json) => JsonText.Read(json, path, Position(json));

    /// <summary>An exception that names the place of the token read last.</summary>
    public DataFormatException Error(in Utf8JsonReader json, string reason) => new(path, $"at byte {Position(json)}, {reason}.");

    private void Refill(ref Utf8JsonReader json)
    {
        int consumed = (int)json.BytesConsumed, left = _length - consumed;
        _buffer.AsSpan(consumed, left).CopyTo(_buffer);
        _start += consumed;
        if (left > LongestToken) throw new DataFormatException(path, $"the token at byte {_start} is longer than {LongestToken} bytes.");
        if (left > _buffer.Length / 2) Array.Resize(ref _buffer, 2 * _buffer.Length);
        Fill(left);
        json = new Utf8JsonReader(_buffer.AsSpan(0, _length), _ended, json.CurrentState);
    }

    private void Fill(int from)
    {
        int read = stream.ReadAtLeast(_buffer.AsSpan(from), 1, throwOnEndOfStream: false);
        _ended = read == 0;
        _length = from + read;
    }

    private static string FirstSentence(string message) => message.Split(" LineNumber", 2)[0];
}
