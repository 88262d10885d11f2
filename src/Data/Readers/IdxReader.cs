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

    // Read in steps of this size, so that a header that promises more than the file holds costs no more memory than the file's bytes justify.
    private const int ReadStep = 1 << 20;

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
        ArgumentNullException.ThrowIfNull(stream);
        using var bytes = Decompressed(stream);
        try
        {
            var dimensions = ReadHeader(bytes, name);
            long length = dimensions.Aggregate(1L, (product, size) => product * size);
            return (dimensions, ReadBody(bytes, name, length));
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
                name, $"it starts with the bytes {Convert.ToHexString(magic)}, but an IDX file of unsigned bytes starts with 000008 and its number of dimensions, 01 to 08.");
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
            if (length > Array.MaxLength) throw new DataFormatException(name, $"its dimensions, up to {size} at byte {4 + 4 * d}, come to more than {Array.MaxLength} bytes.");
            dimensions.Add(size);
        }

        return dimensions.ToImmutable();
    }

    private static byte[] ReadBody(Stream stream, string name, long length)
    {
        var data = new byte[Math.Min(length, ReadStep)];
        int filled = 0;
        while (filled < length)
        {
            if (filled == data.Length) Array.Resize(ref data, (int)Math.Min(length, 2L * data.Length));
            int read = stream.Read(data, filled, data.Length - filled);
            if (read == 0) throw new DataFormatException(name, $"its header promises {length} bytes of data, but it ends after {filled}; the file is cut short.");
            filled += read;
        }

        if (stream.ReadByte() >= 0) throw new DataFormatException(name, $"bytes are left over after the {length} bytes of data that its header promises.");
        return data;
    }
}
