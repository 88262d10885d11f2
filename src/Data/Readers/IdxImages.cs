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

    /// <summary>Joins images [n×height×width] and labels [n] to a table.</summary>
    /// <exception cref="DataFormatException">The two do not belong together.</exception>
    public static ExampleTable Join(
        (ImmutableArray<int> Dimensions, byte[] Data) images, string imagesName, (ImmutableArray<int> Dimensions, byte[] Data) labels, string labelsName)
    {
        if (images.Dimensions is not [int count, > 0, ..] || images.Data.Length == 0 && count > 0)
            throw new DataFormatException(imagesName, $"its dimensions are {string.Join('×', images.Dimensions)}; images need a count and positive sizes, such as 60000×28×28.");
        if (labels.Dimensions is not [int labelCount])
            throw new DataFormatException(labelsName, $"it has {labels.Dimensions.Length} dimensions; labels have one.");
        if (count != labelCount)
            throw new DataFormatException(labelsName, $"it has {labelCount} labels, but {System.IO.Path.GetFileName(imagesName)} has {count} images.");
        var pixels = AlignedMemory.Allocate(images.Data.Length);
        ToPixels(images.Data, pixels.Span);
        return new ExampleTable(pixels, Array.ConvertAll(labels.Data, label => (int)label), images.Dimensions[1..]);
    }

    /// <summary>
    /// Reads a folder of IDX files: <c>[prefix-]train-images...</c> and <c>[prefix-]train-labels...</c> for the split train, <c>t10k</c> or <c>test</c> likewise
    /// for test, each gzipped or not.
    /// </summary>
    /// <returns>The tables by split; at least one.</returns>
    /// <exception cref="DataFormatException">The folder has no such files, or one of them is damaged.</exception>
    public static ImmutableArray<KeyValuePair<string, ExampleTable>> ReadDirectory(string directory)
    {
        if (!Directory.Exists(directory)) throw new DirectoryNotFoundException($"There is no folder {directory}; idx: takes a folder with files such as train-images-idx3-ubyte.gz.");
        var tables = ImmutableArray.CreateBuilder<KeyValuePair<string, ExampleTable>>();
        foreach (var (split, stems) in Splits)
        {
            string? images = Find(directory, stems, "images"), labels = Find(directory, stems, "labels");
            if (images is null && labels is null) continue;
            if (images is null || labels is null)
                throw new DataFormatException(directory, $"it has the {(images is null ? "labels" : "images")} of the split '{split}', but not the {(images is null ? "images" : "labels")}.");
            tables.Add(new(split, Join(IdxReader.Read(images), images, IdxReader.Read(labels), labels)));
        }

        if (tables.Count == 0) throw new DataFormatException(directory, "it has no IDX files such as train-images-idx3-ubyte[.gz] with train-labels-idx1-ubyte[.gz].");
        return tables.ToImmutable();
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
