using System.Collections.Immutable;
using FedPure.Data;
using FedPure.Data.Readers;
using FedPure.Digits;

namespace FedPure.Cli.Options;

/// <summary>Where --data takes examples from.</summary>
internal abstract record DataSource(string Text)
{
    public static DataSource Parse(string option, string text)
    {
        var spec = Spec.Parse(option, text, "digits", "idx:DIR", "synthetic[:...]", "blobs[:...]");
        return spec.Name switch
        {
            "digits" => new EmbeddedDigits(text),
            "synthetic" => SyntheticClients.Parse(spec),
            "blobs" => SyntheticBlobs.Parse(spec),
            _ => new IdxFolder(text, spec.Rest),
        };
    }

    /// <summary>Reads every split; clients are those that the data themselves have.</summary>
    public abstract ImmutableArray<LoadedSplit> Load();
}

internal sealed record EmbeddedDigits(string Text) : DataSource(Text)
{
    public override ImmutableArray<LoadedSplit> Load()
    {
        var splits = DigitsDataset.Load();
        return [.. splits.Names.Select(name => new LoadedSplit(name, splits[name].Examples, splits[name]))];
    }
}

internal sealed record IdxFolder(string Text, string Folder) : DataSource(Text)
{
    public override ImmutableArray<LoadedSplit> Load()
    {
        ImmutableArray<LoadedSplit> splits = [.. IdxImages.ReadDirectory(Folder).Select(split => new LoadedSplit(split.Key, split.Value, null))];
        foreach (var split in splits)
        {
            if (!split.Examples.Shape.SequenceEqual(splits[0].Examples.Shape))
            {
                throw new DataFormatException(
                    Folder, $"the images of '{splits[0].Name}' are {string.Join('×', splits[0].Examples.Shape)}, but those of '{split.Name}' {string.Join('×', split.Examples.Shape)}; a model takes one size.");
            }
        }

        return splits;
    }
}
