using System.Collections.Immutable;
using System.IO.Compression;

namespace FedPure.Data.Readers.Numpy;

/// <summary>
/// Arrays of NumPy, in one .npz file or in a folder of .npy files: x_SPLIT [n, ...] and y_SPLIT [n] for each split, as in Keras' mnist.npz, or x and y alone
/// for the split train; with client_SPLIT [n], texts or whole numbers, the examples are those of clients. uint8 features become pixels 1 - u8/255, as those of
/// IDX files.
/// </summary>
public static class NumpyFiles
{
    private const string Features = "x", Labels = "y", Clients = "client", Extension = ".npy";

    /// <summary>Reads all splits, train and test first.</summary>
    /// <exception cref="DataFormatException">An array is damaged, missing, or does not go with the others.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ImmutableArray<TableSplit> Read(string path)
    {
        if (Directory.Exists(path))
        {
            var files = Directory.EnumerateFiles(path, "*" + Extension).ToDictionary(file => Path.GetFileNameWithoutExtension(file), StringComparer.Ordinal);
            return Read(path, [.. files.Keys], name => (new FileStream(files[name], FileMode.Open, FileAccess.Read, FileShare.Read, 1), files[name]));
        }

        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file or folder {path}; npz: takes a .npz file, or a folder of .npy files.");
        try
        {
            using var zip = ZipFile.OpenRead(path);
            var entries = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
            foreach (var entry in zip.Entries.Where(entry => entry.FullName.EndsWith(Extension, StringComparison.Ordinal)))
            {
                if (!entries.TryAdd(entry.FullName[..^Extension.Length], entry)) throw new DataFormatException(path, $"it has two arrays {entry.FullName}.");
            }

            return Read(path, [.. entries.Keys], name => Entry(path, entries[name]));
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException or ArgumentException or OverflowException)
        {
            // What .NET's reader of zip archives throws at damaged ones; errors of ours are none of these types.
            throw new DataFormatException(path, $"its zip archive is damaged: {e.Message}", e);
        }
    }

    private static ImmutableArray<TableSplit> Read(string path, string[] names, Func<string, (Stream Stream, string Name)> open)
    {
        var suffixes = names.Where(name => IsArray(name, Features)).Select(name => name[Features.Length..]);
        string[] splits = [.. suffixes.OrderBy(Rank).ThenBy(suffix => suffix, StringComparer.Ordinal)];
        if (splits is [])
        {
            throw new DataFormatException(
                path,
                names is []
                    ? "it has no arrays; features are in one named x or x_SPLIT, such as x_train."
                    : $"it has the arrays {string.Join(", ", names)}, but none named x or x_SPLIT, such as x_train.");
        }

        return [.. splits.Select(suffix => Split(path, suffix, names, open))];
    }

    private static TableSplit Split(string path, string suffix, string[] names, Func<string, (Stream Stream, string Name)> open)
    {
        string split = suffix is [_, .. var name] ? name : FederatedSplits.TrainName;
        if (!names.Contains(Labels + suffix)) throw new DataFormatException(path, $"it has {Features}{suffix}, but no {Labels}{suffix} with the labels.");
        var (features, shape, featuresName) = ReadArray(open(Features + suffix), array => array.ReadFeatures());
        var (labels, labelShape, labelsName) = ReadArray(open(Labels + suffix), array => array.ReadLabels());
        if (shape.IsEmpty || shape[1..].Contains(0))
        {
            throw new DataFormatException(
                featuresName, $"its shape is ({string.Join(", ", shape)}); features need one of examples and positive sizes, such as (60000, 28, 28).");
        }

        if (labelShape.Length is not 1 && !(labelShape is [_, 1]) || labels.Length != shape[0])
            throw new DataFormatException(labelsName, $"its shape is ({string.Join(", ", labelShape)}), but {Features}{suffix} has {shape[0]} examples.");
        var table = new ExampleTable(features, labels, shape.Length == 1 ? [1] : shape[1..]);
        if (!names.Contains(Clients + suffix)) return new TableSplit(split, table, null);
        var (ids, _, idsName) = ReadArray(open(Clients + suffix), array => array.ReadIds());
        return ids.Length == table.Count
            ? new TableSplit(split, table, new FederatedDataset(table, RowsByClient.Of(ids)))
            : throw new DataFormatException(idsName, $"it has {ids.Length} ids, but {Features}{suffix} has {table.Count} examples.");
    }

    private static (Stream Stream, string Name) Entry(string path, ZipArchiveEntry entry)
    {
        string name = $"{path}/{entry.FullName}";
        return (new ChecksummedStream(entry.Open(), entry.Crc32, name), name);
    }

    private static (T[] Values, ImmutableArray<int> Shape, string Name) ReadArray<T>((Stream Stream, string Name) source, Func<NpyArray, T[]> read)
    {
        using (source.Stream)
        {
            var array = new NpyArray(source.Stream, source.Name);
            return (read(array), array.Header.Shape, source.Name);
        }
    }

    private static bool IsArray(string name, string kind) =>
        name == kind || name.StartsWith(kind + "_", StringComparison.Ordinal) && name.Length > kind.Length + 1;

    private static int Rank(string suffix) => suffix switch { "" or "_" + FederatedSplits.TrainName => 0, "_" + FederatedSplits.TestName => 1, _ => 2 };
}
