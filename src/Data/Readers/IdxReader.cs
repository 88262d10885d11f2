using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Compression;

namespace FedPure.Data.Readers;

/// <summary>
/// IDX files of bytes, as the MNIST database uses them: two zero bytes, the type code 8 (unsigned byte), the number of dimensions, each dimension as a
/// big-endian int32, then the bytes in row-major order. A file that starts with gzip's magic is decompressed on the way.
/// </summary>
public static class IdxReader
{
    /// <summary>The type code of unsigned bytes.</summary>
    internal const byte UnsignedByte = 8;

    private const int MaxDimensions = 8;

    // Room for this much is made in any case.
    private const int ReadStep = 1 << 20;

    // Deflate writes at most 258 bytes for a code of two bits, 1032 for a byte.
    private const int MaxGzipRatio = 1032;

    /// <summary>Reads a file whole.</summary>
    /// <returns>The dimensions, such as 60000×28×28, and the bytes in row-major order.</returns>
    /// <exception cref="DataFormatException">The file is not IDX, is cut short, or has bytes left over.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static (ImmutableArray<int> Dimensions, byte[] Data) Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        return Read(file, path);
    }

    /// <summary>Reads a stream to its end; <paramref name="name"/> stands for it in error messages.</summary>
    /// <exception cref="DataFormatException">The stream is not IDX, is cut short, or has bytes left over.</exception>
    public static (ImmutableArray<int> Dimensions, byte[] Data) Read(Stream stream, string name)
    {
        byte[] data = [];
        var dimensions = Read(stream, name, (_, capacity) => data = new byte[capacity], (bytes, start, capacity) =>
        {
            if (capacity > data.Length) Array.Resize(ref data, capacity);
            bytes.CopyTo(data.AsSpan(start));
        });
        return (dimensions, data);
    }

    /// <summary>Reads a stream to its end, and hands its bytes over as they come.</summary>
    /// <param name="stream">The stream; it is disposed.</param>
    /// <param name="name">Stands for it in error messages.</param>
    /// <param name="begin">Told the dimensions, and a number of bytes that is certain to come or justified by the size of the stream, to make room for.</param>
    /// <param name="take">Given bytes, where they start, and for how many there must be room, in the end just as many as the dimensions say.</param>
    internal static ImmutableArray<int> Read(Stream stream, string name, Action<ImmutableArray<int>, int> begin, TakeBytes take)
    {
        ArgumentNullException.ThrowIfNull(stream);
        long size = stream.CanSeek ? stream.Length : 0;
        using var bytes = Decompressed(stream);
        try
        {
            var dimensions = ReadHeader(bytes, name);
            int length = (int)dimensions.Aggregate(1L, (product, next) => product * next);

            // Room that the file may fill: as gzip, to a thousand times its size. A header that promises more is believed step by step.
            int capacity = (int)Math.Min(length, Math.Max(ReadStep, bytes is GZipStream ? MaxGzipRatio * size : size));
            begin(dimensions, capacity);
            ReadBody(bytes, name, length, capacity, take);
            return dimensions;
        }
        catch (InvalidDataException e)
        {
            throw new DataFormatException(name, "its gzip stream is damaged; fetch the file again.", e);
        }
    }

    // Gzip is recognised by its content, 1F 8B, and not by the file's name.
    private static Stream Decompressed(Stream stream)
    {
        var buffered = new BufferedStream(stream, 1 << 16);
        Span<byte> magic = stackalloc byte[2];
        int read = buffered.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        var rest = new PrefixedStream(magic[..read].ToArray(), buffered);
        return magic is [0x1F, 0x8B] ? new GZipStream(rest, CompressionMode.Decompress) : rest;
    }

    private static ImmutableArray<int> ReadHeader(Stream stream, string name)
    {
        Span<byte> magic = stackalloc byte[4];
        int read = stream.ReadAtLeast(magic, 4, throwOnEndOfStream: false);
        if (read < 4) throw new DataFormatException(name, $"it ends after {read} bytes; an IDX file starts with 4 bytes of magic.");
        if (magic[0] != 0 || magic[1] != 0 || magic[2] != UnsignedByte || magic[3] is 0 or > MaxDimensions)
        {
            throw new DataFormatException(
                name,
                $"it starts with the bytes {Convert.ToHexString(magic)}, but an IDX file of unsigned bytes starts with 000008 and its number of dimensions, "
                    + "01 to 08.");
        }

        var header = new byte[4 * magic[3]];
        if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
            throw new DataFormatException(name, $"it ends inside the sizes of its {magic[3]} dimensions.");
        var dimensions = ImmutableArray.CreateBuilder<int>();
        long length = 1;
        for (int d = 0; d < magic[3]; d++)
        {
            int size = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4 * d));
            if (size < 0) throw new DataFormatException(name, $"dimension {d} at byte {4 + 4 * d} is negative ({size}).");
            length *= size;
            if (length > Array.MaxLength)
                throw new DataFormatException(name, $"its dimensions, up to {size} at byte {4 + 4 * d}, come to more than {Array.MaxLength} bytes.");
            dimensions.Add(size);
        }

        return dimensions.ToImmutable();
    }

    private static void ReadBody(Stream stream, string name, int length, int capacity, TakeBytes take)
    {
        byte[] chunk = new byte[ReadStep / 16];
        for (int filled = 0; filled < length;)
        {
            int read = stream.Read(chunk, 0, Math.Min(chunk.Length, length - filled));
            if (read == 0)
                throw new DataFormatException(name, $"its header promises {length} bytes of data, but it ends after {filled}; the file is cut short.");
            while (filled + read > capacity) capacity = (int)Math.Min(length, 2L * capacity);
            take(chunk.AsSpan(0, read), filled, capacity);
            filled += read;
        }

        if (stream.ReadByte() >= 0) throw new DataFormatException(name, $"bytes are left over after the {length} bytes of data that its header promises.");
    }
}

/// <summary>Takes bytes that start at a place of the whole, for <paramref name="capacity"/> of which there must be room.</summary>
internal delegate void TakeBytes(ReadOnlySpan<byte> bytes, int start, int capacity);
