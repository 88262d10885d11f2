using System.Collections.Immutable;
using FedPure.Csv;
using FedPure.Data;
using FedPure.Data.Readers;
using FedPure.Data.Readers.Leaf;
using FedPure.Data.Readers.Numpy;
using FedPure.Digits;
using FedPure.Sqlite;

namespace FedPure.Cli.Options;

/// <summary>Where --data takes examples from.</summary>
internal abstract record DataSource(string Text)
{
    public static DataSource Parse(string option, string text)
    {
        var spec = Spec.Parse(option, text, "digits", "idx:DIR", "leaf:FILE|DIR", "tff:FILE", "npz:FILE", "csv:FILE", "synthetic[:...]", "blobs[:...]");
        return spec.Name switch
        {
            "digits" => new EmbeddedDigits(text),
            "idx" => new IdxFolder(text, PathSpec.Parse(spec, PathSpec.Transposed)),
            "leaf" => new LeafSource(text, PathSpec.Parse(spec, PathSpec.Shape)),
            "npz" => new NumpySource(text, spec.Rest),
            "csv" => new CsvSource(text, PathSpec.Parse(spec, PathSpec.Label, PathSpec.Client, PathSpec.Split, PathSpec.Shape)),
            "synthetic" => SyntheticClients.Parse(spec),
            "blobs" => SyntheticBlobs.Parse(spec),
            _ => new TffSource(text, PathSpec.Parse(spec, PathSpec.Shape, PathSpec.Feature, PathSpec.Label)),
        };
    }

    /// <summary>Whether labels are checked against the number of classes when a client is read, and not before.</summary>
    public virtual bool ChecksLabels => false;

    /// <summary>Reads every split, or what is needed to read its clients one by one; clients are those that the data themselves have.</summary>
    /// <param name="classes">The number of classes, if it was given.</param>
    public abstract ImmutableArray<LoadedSplit> Load(int? classes);

    /// <exception cref="DataFormatException">The splits' examples differ in their shape.</exception>
    protected static void RequireOneShape(string path, IEnumerable<KeyValuePair<string, ExampleTable>> tables)
    {
        var first = tables.First();
        foreach (var (name, table) in tables)
        {
            if (table.Shape.SequenceEqual(first.Value.Shape)) continue;
            throw new DataFormatException(
                path,
                $"the examples of '{first.Key}' are {string.Join('×', first.Value.Shape)}, but those of '{name}' {string.Join('×', table.Shape)}; "
                    + "a model takes one size.");
        }
    }

    /// <summary>Splits that were read whole.</summary>
    protected static ImmutableArray<LoadedSplit> InMemory(string path, ImmutableArray<TableSplit> splits)
    {
        RequireOneShape(path, splits.Select(split => KeyValuePair.Create(split.Name, split.Examples)));
        return [.. splits.Select(split => new LoadedSplit(split.Name, split.Examples, split.Clients))];
    }

    /// <summary>Splits that have clients.</summary>
    protected static ImmutableArray<LoadedSplit> Federated(FederatedSplits splits) =>
        [.. splits.Names.Select(name => new LoadedSplit(name, null, splits[name]))];
}

internal sealed record EmbeddedDigits(string Text) : DataSource(Text)
{
    public override ImmutableArray<LoadedSplit> Load(int? classes) => Federated(DigitsDataset.Load());
}

internal sealed record IdxFolder(string Text, PathSpec Folder) : DataSource(Text)
{
    public override ImmutableArray<LoadedSplit> Load(int? classes)
    {
        var tables = IdxImages.ReadDirectory(Folder.Path, Folder.Is(PathSpec.Transposed));
        RequireOneShape(Folder.Path, tables);
        return IdxImages.ReadClients(Folder.Path, tables) is { } clients
            ? Federated(clients) : [.. tables.Select(split => new LoadedSplit(split.Key, split.Value, null))];
    }
}

internal sealed record LeafSource(string Text, PathSpec File) : DataSource(Text)
{
    public override ImmutableArray<LoadedSplit> Load(int? classes) => Federated(LeafFiles.Open(File.Path, File.ShapeOrDefault()));
}

internal sealed record TffSource(string Text, PathSpec File) : DataSource(Text)
{
    // Such a file does not tell its labels, and reading them all for the sake of a check would take as long as training.
    public override bool ChecksLabels => true;

    public override ImmutableArray<LoadedSplit> Load(int? classes)
    {
        var options = new TffOptions { Feature = File[PathSpec.Feature], Shape = File.ShapeOrDefault(), ClassCount = classes };
        return Federated(TffFiles.Open(File.Path, File[PathSpec.Label] is { } label ? options with { Label = label } : options));
    }
}

internal sealed record NumpySource(string Text, string Path) : DataSource(Text)
{
    public override ImmutableArray<LoadedSplit> Load(int? classes) => InMemory(Path, NumpyFiles.Read(Path));
}

internal sealed record CsvSource(string Text, PathSpec File) : DataSource(Text)
{
    public override ImmutableArray<LoadedSplit> Load(int? classes)
    {
        var options = new CsvOptions
        {
            Label = File[PathSpec.Label],
            Client = File[PathSpec.Client],
            Split = File[PathSpec.Split],
            Shape = File.ShapeOrDefault(),
        };
        return InMemory(File.Path, CsvFiles.Read(File.Path, options));
    }
}
