using System.Collections.Immutable;
using FedPure.Data;
using FedPure.Data.Readers;
using FedPure.Data.Readers.Leaf;
using FedPure.Digits;

namespace FedPure.Cli.Options;

/// <summary>Where --data takes examples from.</summary>
internal abstract record DataSource(string Text)
{
    public static DataSource Parse(string option, string text)
    {
        var spec = Spec.Parse(option, text, "digits", "idx:DIR", "leaf:FILE|DIR");
        return spec.Name switch
        {
            "digits" => new EmbeddedDigits(text),
            "idx" => new IdxFolder(text, spec.Rest),
            _ => new LeafSource(text, PathSpec.Parse(spec, PathSpec.Shape)),
        };
    }

    /// <summary>Reads every split, or what is needed to read its clients one by one; clients are those that the data themselves have.</summary>
    public abstract ImmutableArray<LoadedSplit> Load();

    /// <summary>Splits that have clients.</summary>
    protected static ImmutableArray<LoadedSplit> Federated(FederatedSplits splits) => [.. splits.Names.Select(name => new LoadedSplit(name, null, splits[name]))];
}

internal sealed record EmbeddedDigits(string Text) : DataSource(Text)
{
    public override ImmutableArray<LoadedSplit> Load() => Federated(DigitsDataset.Load());
}

internal sealed record IdxFolder(string Text, string Folder) : DataSource(Text)
{
    public override ImmutableArray<LoadedSplit> Load()
    {
        var tables = IdxImages.ReadDirectory(Folder);
        foreach (var (name, table) in tables)
        {
            if (!table.Shape.SequenceEqual(tables[0].Value.Shape))
            {
                throw new DataFormatException(
                    Folder, $"the images of '{tables[0].Key}' are {string.Join('×', tables[0].Value.Shape)}, but those of '{name}' {string.Join('×', table.Shape)}; a model takes one size.");
            }
        }

        return [.. tables.Select(split => new LoadedSplit(split.Key, split.Value, null))];
    }
}

internal sealed record LeafSource(string Text, PathSpec File) : DataSource(Text)
{
    public override ImmutableArray<LoadedSplit> Load() => Federated(LeafFiles.Open(File.Path, File.ShapeOrDefault()));
}
