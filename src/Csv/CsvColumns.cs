using System.Collections.Immutable;
using System.Globalization;
using FedPure.Data;
using nietras.SeparatedValues;

namespace FedPure.Csv;

/// <summary>The columns of a file by their meaning, and their values.</summary>
internal sealed record CsvColumns(
    string Path, ImmutableArray<string> Names, int LabelColumn, int? Client, int? Split, ImmutableArray<int> Features, ImmutableArray<int> Shape)
{
    private const char Undecodable = '\uFFFD';

    private static readonly string[] UsualLabels = ["label", "y"], UsualClients = ["client", "client_id", "user", "user_id"], UsualSplits = ["split"];

    /// <summary>Finds the columns in a header.</summary>
    /// <exception cref="DataFormatException">There is no label or no feature, or no column of a name that was given.</exception>
    public static CsvColumns Find(string path, IReadOnlyList<string> names, CsvOptions options)
    {
        if (names.Count == 0) throw new DataFormatException(path, "it is empty, without even a header.");
        int label = Column(path, names, options.Label, UsualLabels, "the class numbers", "label")
            ?? throw new DataFormatException(
                path, $"its header has no column {string.Join(" or ", UsualLabels)} for the class numbers, but {Shown(names)}; name one with label=NAME.");
        int? client = Column(path, names, options.Client, UsualClients, "the client ids", "client"),
            split = Column(path, names, options.Split, UsualSplits, "the splits", "split");
        ImmutableArray<int> features = [.. Enumerable.Range(0, names.Count).Where(column => column != label && column != client && column != split)];
        if (features.IsEmpty) throw new DataFormatException(path, $"its header has no column of features, but {Shown(names)}.");
        var shape = options.Shape.IsDefault ? [features.Length] : options.Shape;
        return shape.Aggregate(1L, (product, size) => product * size) == features.Length
            ? new CsvColumns(path, [.. names], label, client, split, features, shape)
            : throw new DataFormatException(
                path, $"its header has {features.Length} columns of features, which cannot have the shape {string.Join('×', shape)}.");
    }

    /// <summary>A client id or the name of a split.</summary>
    public string Text(SepReader.Row row, int column, int line)
    {
        string text = row[column].ToString();
        return text.Length == 0 ? throw Error(line, column, "is empty")
            : text.Contains(Undecodable, StringComparison.Ordinal) ? throw Error(line, column, "is not valid UTF-8")
            : text;
    }

    /// <summary>A finite float32.</summary>
    public float Feature(SepReader.Row row, int column, int line)
    {
        var text = row[column].Span;
        return float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value)
            ? value
            : throw Error(line, column, $"is '{Shown(text)}', which is no finite number");
    }

    /// <summary>A class number.</summary>
    public int Label(SepReader.Row row, int line)
    {
        var text = row[LabelColumn].Span;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value < LabelCounts.MaxClassCount
            ? value
            : throw Error(line, LabelColumn, $"is '{Shown(text)}', which is no class number from 0 to {LabelCounts.MaxClassCount - 1}");
    }

    // Of two columns that could be meant neither is taken: the other would become a feature, and a label among the features tells the model what it should
    // learn.
    private static int? Column(string path, IReadOnlyList<string> names, string? given, string[] usual, string meaning, string key)
    {
        int[] found = [.. Enumerable.Range(0, names.Count).Where(i => given is null ? usual.Contains(names[i]) : names[i] == given)];
        return found switch
        {
            [var one] => one,
            [] when given is null => null,
            [] => throw new DataFormatException(path, $"its header has no column '{given}', but {Shown(names)}."),
            _ => throw new DataFormatException(
                path, $"its columns {string.Join(" and ", found.Select(i => names[i]))} could both be {meaning}; name one with {key}=NAME."),
        };
    }

    private DataFormatException Error(int line, int column, string what) => new(Path, $"the value of '{Names[column]}' in line {line} {what}.");

    private static string Shown(IReadOnlyList<string> names) =>
        names.Count <= 12 ? string.Join(", ", names) : $"{string.Join(", ", names.Take(12))} and {names.Count - 12} more";

    private static string Shown(ReadOnlySpan<char> text) => text.Length <= 40 ? text.ToString() : $"{text[..40]}...";
}
