using System.Buffers.Binary;
using System.IO.Compression;

namespace FedPure.Cli.Support;

/// <summary>A folder for one test's files.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("fedpure-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a split of 2×3 images as IDX files; example i has label i mod classes and pixels that follow from i.</summary>
    public void WriteIdx(string split, int count, int classes = 3, bool gzip = false, int height = 2, int width = 3)
    {
        byte[] pixels = [.. Enumerable.Range(0, count * height * width).Select(i => (byte)(i * 37))];
        WriteIdxFile($"{split}-images-idx3-ubyte", gzip, pixels, count, height, width);
        WriteIdxFile($"{split}-labels-idx1-ubyte", gzip, [.. Enumerable.Range(0, count).Select(i => (byte)(i % classes))], count);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private void WriteIdxFile(string name, bool gzip, byte[] data, params int[] dimensions)
    {
        var header = new byte[4 + 4 * dimensions.Length];
        (header[2], header[3]) = (8, (byte)dimensions.Length);
        for (int d = 0; d < dimensions.Length; d++) BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * d), dimensions[d]);
        using Stream file = System.IO.File.Create(File(gzip ? name + ".gz" : name));
        using Stream stream = gzip ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(header);
        stream.Write(data);
    }
}
