using System.Buffers.Binary;
using FedPure.Data;
using SharpCompress.Compressors.LZMA;

namespace FedPure.Sqlite.Compression;

/// <summary>
/// Unpacks a file in the .xz container or in the older one of LZMA alone, told apart by their first bytes: both are found under the name .lzma. What comes out
/// is bounded by what went in.
/// </summary>
internal sealed class Unpacker : IDisposable
{
    // Data sets of images shrink by 15 to 25; the format would allow several thousand.
    private const long MaxRatio = 1000;
    private const long FreeBytes = 1 << 20;

    private const int AloneHeaderLength = 13, MinDictionary = 1 << 12;

    private readonly string _path;
    private readonly Stream _output;
    private readonly long _limit;
    private readonly CompressedInput _input;
    private readonly byte[] _buffer = new byte[1 << 16];
    private long _written;

    private Unpacker(Stream input, string path, Stream output, long limit)
    {
        (_path, _output) = (path, output);
        _limit = Math.Min(limit, FreeBytes + MaxRatio * input.Length);
        _input = new CompressedInput(input, path);
    }

    /// <summary>Whether a file that starts so is one of the two.</summary>
    public static bool IsPacked(ReadOnlySpan<byte> start) => start.StartsWith(XzContainer.Magic) || IsAlone(start);

    /// <summary>Writes the content of <paramref name="input"/> to <paramref name="output"/>.</summary>
    /// <param name="input">The file from its start.</param>
    /// <param name="path">Its name, for errors.</param>
    /// <param name="output">Where the content goes.</param>
    /// <param name="limit">The most bytes that may come out.</param>
    /// <exception cref="DataFormatException">The file is damaged, or more than the limit or a thousand times its own size would come out.</exception>
    public static void Unpack(Stream input, string path, Stream output, long limit)
    {
        Span<byte> start = stackalloc byte[AloneHeaderLength];
        start = start[..input.ReadAtLeast(start, AloneHeaderLength, throwOnEndOfStream: false)];
        input.Position = 0;
        using var unpacker = new Unpacker(input, path, output, limit);
        if (start.StartsWith(XzContainer.Magic)) new XzContainer(unpacker._input, path, unpacker.Copy).Read();
        else if (IsAlone(start)) unpacker.UnpackAlone();
        else throw new DataFormatException(path, $"it starts with the bytes {Convert.ToHexString(start)}, which is neither an .xz nor an LZMA file.");
    }

    public void Dispose() => _input.Dispose();

    // The usual properties (lc = 3, lp = 0, pb = 2) and a dictionary of a whole number of 64 KiB: what every LZMA program writes.
    private static bool IsAlone(ReadOnlySpan<byte> start) => start is [0x5D, 0, 0, ..] && start.Length >= AloneHeaderLength;

    private void UnpackAlone()
    {
        Span<byte> header = stackalloc byte[AloneHeaderLength];
        _input.ReadExactly(header);
        long length = BinaryPrimitives.ReadInt64LittleEndian(header[5..]);
        if (length < -1 || length > _limit) throw new DataFormatException(_path, $"its header at byte 5 promises {(ulong)length} bytes of content; {Limit}");
        byte[] properties = [header[0], 0, 0, 0, 0];
        uint dictionary = BinaryPrimitives.ReadUInt32LittleEndian(header[1..]);
        BinaryPrimitives.WriteUInt32LittleEndian(properties.AsSpan(1), (uint)Clamp(dictionary, length));
        long written = Copy(() => LzmaStream.Create(properties, _input, -1, length, leaveOpen: true), []);
        if (length >= 0 && written != length) throw new DataFormatException(_path, $"its header promises {length} bytes of content, but {written} came out.");
        if (!_input.AtEnd()) throw new DataFormatException(_path, $"bytes are left over after its compressed data end at byte {_input.BytesRead}.");
    }

    /// <summary>Copies what a decoder of LZMA2 or LZMA gives, and adds it to the checks.</summary>
    private long Copy(Func<Stream> open, Action<ReadOnlySpan<byte>>[] checks)
    {
        long before = _written;
        try
        {
            using var decoder = open();
            for (int count; (count = decoder.Read(_buffer, 0, (int)Math.Min(_buffer.Length, _limit - _written + 1))) > 0;)
            {
                _written += count;
                if (_written > _limit) throw new DataFormatException(_path, $"more than {_limit} bytes come out of it; {Limit}");
                _output.Write(_buffer, 0, count);
                foreach (var check in checks) check(_buffer.AsSpan(0, count));
            }

            return _written - before;
        }
        catch (Exception e) when (
            e is not (IOException or OutOfMemoryException) || e.GetType().Namespace?.StartsWith("SharpCompress", StringComparison.Ordinal) == true)
        {
            // The decoder was given a stream of ours that fails by itself; whatever else it throws, of many types, is about its input.
            throw new DataFormatException(_path, $"its compressed data are damaged before byte {_input.BytesRead}.", e);
        }
    }

    private long Copy(long dictionary, Func<long, Stream> open, Action<ReadOnlySpan<byte>>[] checks) => Copy(() => open(Clamp(dictionary, -1)), checks);

    // A match cannot reach further back than the content goes, so that a header cannot claim more memory than the file's size justifies.
    private long Clamp(long dictionary, long length) => Math.Max(MinDictionary, Math.Min(dictionary, Math.Min(length < 0 ? _limit : length, int.MaxValue / 2)));

    private string Limit => $"the limit is {_limit}, at most {MaxRatio} times the file's own size and no more than the cache folder may hold.";
}
