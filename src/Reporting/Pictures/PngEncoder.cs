using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using FedPure.Data.Readers;

namespace FedPure.Reporting.Pictures;

/// <summary>Images as PNG files (ISO/IEC 15948): eight bits a channel, greyscale or RGB, one zlib stream.</summary>
public static class PngEncoder
{
    private const int FilterCount = 5;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>A PNG of pixel values.</summary>
    /// <param name="pixels">[height×width×channels], row-major.</param>
    /// <param name="height">Rows; at least 1.</param>
    /// <param name="width">Columns; at least 1.</param>
    /// <param name="channels">1 for greyscale, 0 being black; 3 for red, green and blue.</param>
    /// <exception cref="ArgumentException">The number of values is not height·width·channels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or the channels are neither 1 nor 3.</exception>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, int height, int width, int channels)
    {
        CheckShape(pixels.Length, height, width, channels);
        using var png = new MemoryStream();
        png.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);

        // Bit depth, colour type; compression, filter method and interlacing have but one value here, 0.
        (header[8], header[9]) = (8, (byte)(channels == 1 ? 0 : 2));
        header[10..].Clear();
        WriteChunk(png, "IHDR", header);
        WriteChunk(png, "IDAT", Compress(pixels, width * channels, channels));
        WriteChunk(png, "IEND", []);
        return png.ToArray();
    }

    /// <summary>A PNG of intensities: 0 is black and 1 full; what lies outside is taken for the nearer of the two, and NaN for 0.</summary>
    /// <param name="values">[height×width×channels], row-major.</param>
    /// <param name="height">Rows; at least 1.</param>
    /// <param name="width">Columns; at least 1.</param>
    /// <param name="channels">1 for greyscale; 3 for red, green and blue.</param>
    /// <exception cref="ArgumentException">The number of values is not height·width·channels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or the channels are neither 1 nor 3.</exception>
    public static byte[] Encode(ReadOnlySpan<float> values, int height, int width, int channels)
    {
        CheckShape(values.Length, height, width, channels);
        var pixels = new byte[values.Length];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = ToByte(values[i]);
        return Encode(pixels, height, width, channels);
    }

    /// <summary>
    /// The byte of an intensity, as TensorFlow's convert_image_dtype with saturation: each byte but the last stands for 1/255.5 of the range.
    /// </summary>
    public static byte ToByte(float value) => value is > 0 ? (byte)Math.Min(value * 255.5f, 255f) : (byte)0;

    private static void CheckShape(int length, int height, int width, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (channels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "An image has 1 channel (grey) or 3 (red, green, blue).");
        if (length != (long)height * width * channels)
            throw new ArgumentException(
                $"An image of {height}×{width} with {channels} channels has {(long)height * width * channels} values, but {length} were given.");
    }

    private static byte[] Compress(ReadOnlySpan<byte> pixels, int rowLength, int pixelLength)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.SmallestSize))
        {
            byte[] above = new byte[rowLength], candidate = new byte[1 + rowLength], best = new byte[1 + rowLength];
            for (int start = 0; start < pixels.Length; start += rowLength)
            {
                var row = pixels.Slice(start, rowLength);
                long least = long.MaxValue;
                for (int filter = 0; filter < FilterCount; filter++)
                {
                    long cost = Filter(filter, row, above, pixelLength, candidate);
                    if (cost >= least) continue;
                    least = cost;
                    (best, candidate) = (candidate, best);
                }

                zlib.Write(best);
                row.CopyTo(above);
            }
        }

        return compressed.ToArray();
    }

    // The standard's heuristic (12.8): of the five filters that whose bytes, taken as signed, have the least sum of magnitudes.
    private static long Filter(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int pixelLength, Span<byte> target)
    {
        target[0] = (byte)filter;
        long cost = 0;
        for (int i = 0; i < row.Length; i++)
        {
            int left = i < pixelLength ? 0 : row[i - pixelLength], up = above[i], upLeft = i < pixelLength ? 0 : above[i - pixelLength];
            int predicted = filter switch { 0 => 0, 1 => left, 2 => up, 3 => (left + up) / 2, _ => Paeth(left, up, upLeft) };
            byte difference = (byte)(row[i] - predicted);
            target[1 + i] = difference;
            cost += Math.Abs((int)(sbyte)difference);
        }

        return cost;
    }

    private static int Paeth(int left, int up, int upLeft)
    {
        int estimate = left + up - upLeft, toLeft = Math.Abs(estimate - left), toUp = Math.Abs(estimate - up), toUpLeft = Math.Abs(estimate - upLeft);
        return toLeft <= toUp && toLeft <= toUpLeft ? left : toUp <= toUpLeft ? up : upLeft;
    }

    private static void WriteChunk(MemoryStream png, string type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        int start = (int)png.Length;
        png.Write(Encoding.ASCII.GetBytes(type));
        png.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc.Of32(png.GetBuffer().AsSpan(start, (int)png.Length - start)));
        png.Write(number);
    }
}
