using System.Collections.Immutable;

namespace FedPure.Data.Readers.Leaf;

/// <summary>
/// Data in the JSON form of LEAF (Caldas et al., LEAF: a benchmark for federated settings, 2018): a file, which is one split named train; a folder of such
/// files; or a folder with the folders train and test. Opening passes over the files once, checks them and keeps places and counts; clients are then read on
/// demand.
/// </summary>
public static class LeafFiles
{
    /// <summary>Opens data of numbers, such as FEMNIST or synthetic.</summary>
    /// <param name="path">A file or folder.</param>
    /// <param name="shape">The shape of one example; default for the one that the file's lists have, such as 784.</param>
    /// <param name="cache">Keeps the clients read last; null for one of its own.</param>
    /// <exception cref="DataFormatException">A file is damaged, holds text, or does not go with the others.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static FederatedSplits Open(string path, ImmutableArray<int> shape = default, ClientCache? cache = null)
    {
        cache ??= new ClientCache();
        var splits = Scan(path).Select(split => (split.Name, split.Path, Data: Dataset(split, shape, cache))).ToList();
        foreach (var (_, folder, data) in splits)
        {
            if (data.Element.FeatureCount != splits[0].Data.Element.FeatureCount)
                throw new DataFormatException(
                    folder,
                    $"its examples have {data.Element.FeatureCount} numbers, but those of '{splits[0].Name}' {splits[0].Data.Element.FeatureCount}; "
                        + "a model takes one size.");
        }

        return new FederatedSplits(splits.Select(split => KeyValuePair.Create<string, IFederatedDataset>(split.Name, split.Data)));
    }

    /// <summary>Opens data of text, such as Sent140 or Shakespeare.</summary>
    /// <returns>The datasets by split.</returns>
    /// <exception cref="DataFormatException">A file is damaged, or holds numbers.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static ImmutableArray<KeyValuePair<string, TextDataset>> OpenText(string path) =>
        [.. Scan(path).Select(split => split.Index.IsText != false
            ? KeyValuePair.Create(split.Name, new TextDataset(Counts(split.Index), id => LeafClient.ReadTexts(split.Index.Users[id])))
            : throw new DataFormatException(split.Path, "its examples are numbers, not text."))];

    private static LazyFederatedDataset Dataset((string Name, string Path, LeafIndex Index) split, ImmutableArray<int> shape, ClientCache cache)
    {
        var (_, path, index) = split;
        if (index.IsText == true) throw new DataFormatException(path, "its examples are text; models take numbers, so make numbers of it first.");
        if (index.Shape.IsDefault) throw new DataFormatException(path, "it has no examples.");
        if (shape.IsDefault) shape = index.Shape;
        long given = shape.Aggregate(1L, (product, size) => product * size), found = index.Shape.Aggregate(1L, (product, size) => product * size);
        if (given != found) throw new DataFormatException(path, $"its examples have {found} numbers, and cannot have the shape {string.Join('×', shape)}.");
        var labels = index.Labels.ToImmutable();
        return new LazyFederatedDataset(
            ElementSpec.ForExamples(shape), Counts(index), id => LeafClient.ReadNumbers(index.Users[id], shape), cache, () => labels);
    }

    private static Dictionary<string, int> Counts(LeafIndex index) =>
        index.Users.ToDictionary(user => user.Key, user => user.Value.Count, StringComparer.Ordinal);

    private static IEnumerable<(string Name, string Path, LeafIndex Index)> Scan(string path)
    {
        if (File.Exists(path)) return [(FederatedSplits.TrainName, path, Scan([path]))];
        if (!Directory.Exists(path))
            throw new FileNotFoundException($"There is no file or folder {path}; leaf: takes a .json file, or a folder with train/ and test/.");
        (string Name, string Path)[] folders =
            [.. new[] { FederatedSplits.TrainName, FederatedSplits.TestName }
                .Select(name => (name, Path.Combine(path, name))).Where(folder => Directory.Exists(folder.Item2))];
        if (folders is []) folders = [(FederatedSplits.TrainName, path)];
        return [.. folders.Select(folder => (folder.Name, folder.Path, Scan(JsonFiles(folder.Path))))];
    }

    private static LeafIndex Scan(IEnumerable<string> files)
    {
        var index = new LeafIndex();
        foreach (string file in files) LeafScan.AddFile(file, index);
        return index;
    }

    private static string[] JsonFiles(string folder)
    {
        string[] files = [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal)];
        return files is []
            ? throw new DataFormatException(folder, "it has no .json files; LEAF data are .json files, or folders train/ and test/ with such files.") : files;
    }
}
