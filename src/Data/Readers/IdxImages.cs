using System.Collections.Immutable;
using FedPure.Tensors;

namespace FedPure.Data.Readers;

/// <summary>Images and labels from pairs of IDX files, with the pixel rule of federated EMNIST: background 1, ink towards 0.</summary>
public static class IdxImages
{
    private static readonly float[] PixelTable = [.. Enumerable.Range(0, 256).Select(value => 1f - value / 255f)];

    private static readonly (string Split, string[] Stems)[] Splits = [(FederatedSplits.TrainName, ["train"]), (FederatedSplits.TestName, ["t10k", "test"])];

    /// <summary>pixel = 1 - value/255, the quotient and the difference each rounded to float32. values [n], pixels [n].</summary>
    public static void ToPixels(ReadOnlySpan<byte> values, Span<float> pixels)
    {
        for (int i = 0; i < values.Length; i++) pixels[i] = PixelTable[values[i]];
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

    /// <summary>Joins images [n×height×width] and labels [n] to a table.</summary>
    /// <param name="images">Their dimensions and bytes.</param>
    /// <param name="imagesName">What errors call the images.</param>
    /// <param name="labels">Their dimensions and bytes.</param>
    /// <param name="labelsName">What errors call the labels.</param>
    /// <param name="transposed">Whether images lie in the file column by column, as those of EMNIST do.</param>
    /// <exception cref="DataFormatException">The two do not belong together.</exception>
    public static ExampleTable Join(
        (ImmutableArray<int> Dimensions, byte[] Data) images, string imagesName, (ImmutableArray<int> Dimensions, byte[] Data) labels, string labelsName, bool transposed = false)
    {
        if (images.Dimensions is not [int count, > 0, ..] || images.Data.Length == 0 && count > 0)
            throw new DataFormatException(imagesName, $"its dimensions are {string.Join('×', images.Dimensions)}; images need a count and positive sizes, such as 60000×28×28.");
        if (labels.Dimensions is not [int labelCount])
            throw new DataFormatException(labelsName, $"it has {labels.Dimensions.Length} dimensions; labels have one.");
        if (count != labelCount)
            throw new DataFormatException(labelsName, $"it has {labelCount} labels, but {System.IO.Path.GetFileName(imagesName)} has {count} images.");
        var pixels = AlignedMemory.Allocate(images.Data.Length);
        var shape = images.Dimensions[1..];
        if (!transposed)
        {
            ToPixels(images.Data, pixels.Span);
        }
        else
        {
            if (shape is not [var height, var width]) throw new DataFormatException(imagesName, $"its images have {shape.Length} dimensions; only those with two can be transposed.");
            Transpose(images.Data, pixels.Span, height, width);
            shape = [width, height];
        }

        return new ExampleTable(pixels, Array.ConvertAll(labels.Data, label => (int)label), shape);
    }

    // Each image [height×width] becomes [width×height].
    private static void Transpose(ReadOnlySpan<byte> values, Span<float> pixels, int height, int width)
    {
        int size = height * width;
        for (int image = 0; image < values.Length; image += size)
        {
            for (int i = 0; i < height; i++)
            {
                for (int j = 0; j < width; j++) pixels[image + j * height + i] = PixelTable[values[image + i * width + j]];
            }
        }
    }

    /// <summary>
    /// Reads a folder of IDX files: <c>[prefix-]train-images...</c> and <c>[prefix-]train-labels...</c> for the split train, <c>t10k</c> or <c>test</c> likewise
    /// for test, each gzipped or not.
    /// </summary>
    /// <param name="directory">The folder.</param>
    /// <param name="transposed">Whether images lie in the files column by column, as those of EMNIST do.</param>
    /// <returns>The tables by split; at least one.</returns>
    /// <exception cref="DataFormatException">The folder has no such files, or one of them is damaged.</exception>
    public static ImmutableArray<KeyValuePair<string, ExampleTable>> ReadDirectory(string directory, bool transposed = false)
    {
        if (!Directory.Exists(directory)) throw new DirectoryNotFoundException($"There is no folder {directory}; idx: takes a folder with files such as train-images-idx3-ubyte.gz.");
        var tables = ImmutableArray.CreateBuilder<KeyValuePair<string, ExampleTable>>();
        foreach (var (split, stems) in Splits)
        {
            string? images = Find(directory, stems, "images"), labels = Find(directory, stems, "labels");
            if (images is null && labels is null) continue;
            if (images is null || labels is null)
                throw new DataFormatException(directory, $"it has the {(images is null ? "labels" : "images")} of the split '{split}', but not the {(images is null ? "images" : "labels")}.");
            tables.Add(new(split, Join(IdxReader.Read(images), images, IdxReader.Read(labels), labels, transposed)));
        }

        if (tables.Count == 0) throw new DataFormatException(directory, "it has no IDX files such as train-images-idx3-ubyte[.gz] with train-labels-idx1-ubyte[.gz].");
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
                table.Value, clients.GetValueOrDefault(table.Key, ImmutableDictionary<string, RowSet>.Empty), ElementSpec.ForExamples(table.Value.Shape, "pixels")))));
        }
        catch (ArgumentException e)
        {
            throw new DataFormatException(path, $"it does not go with the images beside it: {e.Message}", e);
        }
    }

    private static string? Find(string directory, string[] stems, string kind)
    {
        var found = Directory.EnumerateFiles(directory).Where(path => stems.Any(stem => IsNamed(Path.GetFileName(path), $"{stem}-{kind}"))).Order(StringComparer.Ordinal).ToList();
        return found switch
        {
            [] => null,
            [var one] => one,
            _ => throw new DataFormatException(directory, $"{string.Join(" and ", found.Select(Path.GetFileName))} could both be meant; leave one of them in the folder."),
        };
    }

    private static bool IsNamed(string name, string stem) => name.StartsWith(stem, StringComparison.Ordinal) || name.Contains("-" + stem, StringComparison.Ordinal);
}
