using FedPure.Data;
using FedPure.Data.Readers;

namespace FedPure.Sqlite.Compression;

/// <summary>
/// A compressed file as its decoders read it: byte by byte with a count, and an error rather than an end, since no decoder asks for more than the file
/// promises.
/// </summary>
internal sealed class CompressedInput(Stream stream, string path) : ForwardStream
{
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _next, _filled;

    /// <summary>Bytes read so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Whether the file has no more bytes.</summary>
    public bool AtEnd()
    {
        if (_next == _filled) (_next, _filled) = (0, stream.Read(_buffer));
        return _filled == 0;
    }

    /// <summary>The next byte, which is read again; the file must not be at its end.</summary>
    public byte PeekByte() => _buffer[_next];

    public override int ReadByte()
    {
        if (_next == _filled) RequireMore();
        BytesRead++;
        return _buffer[_next++];
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty) return 0;
        if (_next == _filled) RequireMore();
        int count = Math.Min(buffer.Length, _filled - _next);
        _buffer.AsSpan(_next, count).CopyTo(buffer);
        _next += count;
        BytesRead += count;
        return count;
    }

    private void RequireMore()
    {
        if (AtEnd()) throw new DataFormatException(path, $"it ends after {BytesRead} bytes, inside its compressed data; the file is cut short.");
    }
}
