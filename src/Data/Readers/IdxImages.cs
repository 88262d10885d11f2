using System.Collections.Immutable;
using System.Numerics.Tensors;
using FedPure.Tensors;

namespace FedPure.Data.Readers;

/// <summary>Images and labels from pairs of IDX files, with the pixel rule of federated EMNIST: background 1, ink towards 0.</summary>
public static class IdxImages
{
    private const int Piece = 4096;

    private static readonly float[] PixelTable = [.. Enumerable.Range(0, 256).Select(value => 1f - value / 255f)];

    private static readonly (string Split, string[] Stems)[] Splits = [(FederatedSplits.TrainName, ["train"]), (FederatedSplits.TestName, ["t10k", "test"])];

    /// <summary>pixel = 1 - value/255, the quotient and the difference each rounded to float32. values [n], pixels [n].</summary>
    public static void ToPixels(ReadOnlySpan<byte> values, Span<float> pixels)
    {
        // In pieces that stay in the first cache; each operation is exact or rounded once, so that every width gives the same bits.
        for (; !values.IsEmpty; values = values[Math.Min(Piece, values.Length)..], pixels = pixels[Math.Min(Piece, pixels.Length)..])
        {
            var bytes = values[..Math.Min(Piece, values.Length)];
            var piece = pixels[..bytes.Length];
            TensorPrimitives.ConvertTruncating<byte, float>(bytes, piece);
            TensorPrimitives.Divide(piece, 255f, piece);
            TensorPrimitives.Subtract(1f, piece, piece);
        }
    }

    /// <summary>The pixel of one byte.</summary>
    internal static float ToPixel(byte value) => PixelTable[value];

    /// <summary>The byte that a pixel is made of; false if it is none of the 256.</summary>
    public static bool TryToByte(float pixel, out byte value)
    {
        // 255·(1 - pixel) is within 255·2^-23 of the byte, since each of the rule's two roundings is off by at most 2^-25.
        value = (byte)Math.Clamp(MathF.Round(255f * (1f - pixel)), 0f, 255f);
        return PixelTable[value] == pixel;
    }

    /// <summary>Reads images [n×height×width] and labels [n] into a table.</summary>
    /// <param name="images">An IDX stream, gzipped or not; it is disposed.</param>
    /// <param name="imagesName">What errors call the images.</param>
    /// <param name="labels">Likewise.</param>
    /// <param name="labelsName">What errors call the labels.</param>
    /// <param name="transposed">Whether images lie in the file column by column, as those of EMNIST do.</param>
    /// <exception cref="DataFormatException">One of the two is damaged, or they do not belong together.</exception>
    public static ExampleTable Read(Stream images, string imagesName, Stream labels, string labelsName, bool transposed = false)
    {
        var (labelDimensions, classes) = IdxReader.Read(labels, labelsName);
        Memory<float> pixels = default;
        var dimensions = IdxReader.Read(
            images,
            imagesName,
            (found, capacity) =>
            {
                Check(found, imagesName, labelDimensions, labelsName, transposed);
                pixels = AlignedMemory.Allocate(capacity);
            },
            (bytes, start, capacity) =>
            {
                if (capacity > pixels.Length) pixels = Grown(pixels[..start], capacity);
                ToPixels(bytes, pixels.Span.Slice(start, bytes.Length));
            });
        var shape = dimensions[1..];
        if (transposed)
        {
            Transpose(pixels.Span, shape[0], shape[1]);
            shape = [shape[1], shape[0]];
        }

        return new ExampleTable(pixels, Array.ConvertAll(classes, label => (int)label), shape);
    }

    private static void Check(ImmutableArray<int> images, string imagesName, ImmutableArray<int> labels, string labelsName, bool transposed)
    {
        if (images is not [int count, > 0, ..] || images[1..].Contains(0))
            throw new DataFormatException(
                imagesName, $"its dimensions are {string.Join('×', images)}; images need a count and positive sizes, such as 60000×28×28.");
        if (labels is not [int labelCount])
            throw new DataFormatException(labelsName, $"it has {labels.Length} dimensions; labels have one.");
        if (count != labelCount)
            throw new DataFormatException(labelsName, $"it has {labelCount} labels, but {Path.GetFileName(imagesName)} has {count} images.");
        if (transposed && images.Length != 3)
            throw new DataFormatException(imagesName, $"its images have {images.Length - 1} dimensions; only those with two can be transposed.");
    }

    private static Memory<float> Grown(Memory<float> filled, int length)
    {
        var grown = AlignedMemory.Allocate(length);
        filled.CopyTo(grown);
        return grown;
    }

    // Each image [height×width] becomes [width×height].
    private static void Transpose(Span<float> images, int height, int width)
    {
        var image = new float[height * width];
        for (; !images.IsEmpty; images = images[image.Length..])
        {
            images[..image.Length].CopyTo(image);
            for (int i = 0; i < height; i++)
            {
                for (int j = 0; j < width; j++) images[j * height + i] = image[i * width + j];
            }
        }
    }

    /// <summary>
    /// Reads a folder of IDX files: <c>[prefix-]train-images...</c> and <c>[prefix-]train-labels...</c> for the split train, <c>t10k</c> or <c>test</c>
    /// likewise for test, each gzipped or not.
    /// </summary>
    /// <param name="directory">The folder.</param>
    /// <param name="transposed">Whether images lie in the files column by column, as those of EMNIST do.</param>
    /// <returns>The tables by split; at least one.</returns>
    /// <exception cref="DataFormatException">The folder has no such files, or one of them is damaged.</exception>
    public static ImmutableArray<KeyValuePair<string, ExampleTable>> ReadDirectory(string directory, bool transposed = false)
    {
        if (!Directory.Exists(directory))
            throw new DirectoryNotFoundException($"There is no folder {directory}; idx: takes a folder with files such as train-images-idx3-ubyte.gz.");
        var tables = ImmutableArray.CreateBuilder<KeyValuePair<string, ExampleTable>>();
        foreach (var (split, stems) in Splits)
        {
            string? images = Find(directory, stems, "images"), labels = Find(directory, stems, "labels");
            if (images is null && labels is null) continue;
            if (images is null || labels is null)
                throw new DataFormatException(
                    directory,
                    $"it has the {(images is null ? "labels" : "images")} of the split '{split}', but not the {(images is null ? "images" : "labels")}.");
            tables.Add(new(split, Read(Open(images), images, Open(labels), labels, transposed)));
        }

        if (tables.Count == 0)
            throw new DataFormatException(directory, "it has no IDX files such as train-images-idx3-ubyte[.gz] with train-labels-idx1-ubyte[.gz].");
        return tables.ToImmutable();
    }

    /// <summary>The clients of a folder of IDX files that has a file <see cref="IdxClients.FileName"/>; null if it has none.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="tables">What <see cref="ReadDirectory"/> read from it.</param>
    /// <exception cref="DataFormatException">The file is damaged, or does not go with the images.</exception>
    public static FederatedSplits? ReadClients(string directory, ImmutableArray<KeyValuePair<string, ExampleTable>> tables)
    {
        string path = Path.Combine(directory, IdxClients.FileName);
        if (!File.Exists(path)) return null;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        var clients = IdxClients.Read(stream, path);
        try
        {
            return new FederatedSplits(tables.Select(table => KeyValuePair.Create<string, IFederatedDataset>(table.Key, new FederatedDataset(
                table.Value, clients.GetValueOrDefault(table.Key, ImmutableDictionary<string, RowSet>.Empty),
                ElementSpec.ForExamples(table.Value.Shape, "pixels")))));
        }
        catch (ArgumentException e)
        {
            throw new DataFormatException(path, $"it does not go with the images beside it: {e.Message}", e);
        }
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);

    private static string? Find(string directory, string[] stems, string kind)
    {
        var found = Directory.EnumerateFiles(directory).Where(
            path => stems.Any(stem => IsNamed(Path.GetFileName(path), $"{stem}-{kind}"))).Order(StringComparer.Ordinal).ToList();
        return found switch
        {
            [] => null,
            [var one] => one,
            _ => throw new DataFormatException(
                directory, $"{string.Join(" and ", found.Select(Path.GetFileName))} could both be meant; leave one of them in the folder."),
        };
    }

    private static bool IsNamed(string name, string stem) =>
        name.StartsWith(stem, StringComparison.Ordinal) || name.Contains("-" + stem, StringComparison.Ordinal);
}
