using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace FedPure.Reporting;

/// <summary>
/// A PNG decoder from the standard's text, for 8-bit grey and RGB images without interlacing; shares nothing with the encoder, its checksums neither.
/// </summary>
internal sealed record DecodedPng(int Height, int Width, int Channels, byte[] Pixels)
{
    public static DecodedPng Decode(byte[] file)
    {
        Assert.Equal([137, 80, 78, 71, 13, 10, 26, 10], file[..8]);
        int at = 8, height = 0, width = 0, channels = 0;
        using var compressed = new MemoryStream();
        var types = new List<string>();
        while (at < file.Length)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            string type = Encoding.ASCII.GetString(file, at + 4, 4);
            byte[] data = file[(at + 8)..(at + 8 + length)];
            Assert.Equal(Crc32(file.AsSpan(at + 4, 4 + length)), BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)));
            types.Add(type);
            at += 12 + length;
            if (type == "IDAT") compressed.Write(data);
            if (type != "IHDR") continue;
            (width, height) = (BinaryPrimitives.ReadInt32BigEndian(data), BinaryPrimitives.ReadInt32BigEndian(data.AsSpan(4)));
            channels = data[9] switch { 0 => 1, 2 => 3, _ => throw new InvalidDataException($"colour type {data[9]}") };
            Assert.Equal([8, data[9], 0, 0, 0], data[8..]);
        }

        Assert.Equal(["IHDR", "IDAT", "IEND"], types);
        compressed.Position = 0;
        using var zlib = new ZLibStream(compressed, CompressionMode.Decompress);
        using var raw = new MemoryStream();
        zlib.CopyTo(raw);
        return new DecodedPng(height, width, channels, Unfilter(raw.ToArray(), height, width * channels, channels));
    }

    private static byte[] Unfilter(byte[] raw, int height, int rowLength, int step)
    {
        Assert.Equal(height * (1 + rowLength), raw.Length);
        var pixels = new byte[height * rowLength];
        for (int y = 0; y < height; y++)
        {
            byte filter = raw[y * (1 + rowLength)];
            for (int x = 0; x < rowLength; x++)
            {
                int a = x >= step ? pixels[y * rowLength + x - step] : 0, b = y > 0 ? pixels[(y - 1) * rowLength + x] : 0,
                    c = x >= step && y > 0 ? pixels[(y - 1) * rowLength + x - step] : 0;
                int p = a + b - c;
                int paeth = Math.Abs(p - a) <= Math.Abs(p - b) && Math.Abs(p - a) <= Math.Abs(p - c) ? a : Math.Abs(p - b) <= Math.Abs(p - c) ? b : c;
                int add = filter switch { 0 => 0, 1 => a, 2 => b, 3 => (a + b) >> 1, 4 => paeth, _ => throw new InvalidDataException($"filter {filter}") };
                pixels[y * rowLength + x] = (byte)(raw[y * (1 + rowLength) + 1 + x] + add);
            }
        }

        return pixels;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return crc ^ 0xFFFFFFFF;
    }
}
