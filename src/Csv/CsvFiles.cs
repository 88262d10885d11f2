using System.Collections.Immutable;
using FedPure.Data;
using FedPure.Data.Readers;
using nietras.SeparatedValues;

namespace FedPure.Csv;

/// <summary>
/// Examples from a CSV or TSV file with a header, one example a row: numbers as features, a label, and if there are such columns whose example it is and of
/// which split. The separator is a tab in files named .tsv or .tab, and otherwise the one that the header has: comma, semicolon, tab or bar.
/// </summary>
public static class CsvFiles
{
    /// <summary>Reads all splits, in the order in which they first occur.</summary>
    /// <exception cref="DataFormatException">The file has no such columns, or a value is not what its column needs.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ImmutableArray<TableSplit> Read(string path, CsvOptions? options = null)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file {path}; csv: takes a .csv or .tsv file with a header.");
        try
        {
            Sep? separator = Path.GetExtension(path) is ".tsv" or ".tab" ? Sep.New('\t') : null;
            using var reader = (new SepReaderOptions(separator) with { Unescape = true }).FromFile(path);
            var columns = CsvColumns.Find(path, reader.Header.ColNames, options ?? new CsvOptions());
            return Read(path, reader, columns);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or NotSupportedException or FormatException)
        {
            // What the parser throws at rows of different lengths, quotes that do not end and rows that are too long.
            throw new DataFormatException(path, e.Message.ReplaceLineEndings(" "), e);
        }
    }

    private static ImmutableArray<TableSplit> Read(string path, SepReader reader, CsvColumns columns)
    {
        var splits = new List<SplitRows>();
        foreach (var row in reader)
        {
            int line = row.LineNumberFrom;

            // A row ends outside quotes, but for the file's last.
            if (int.IsOddInteger(row.Span.Count('"'))) throw new DataFormatException(path, $"the quote that begins in line {line} does not end.");
            string name = columns.Split is { } column ? columns.Text(row, column, line) : FederatedSplits.TrainName;
            var split = splits.Find(known => known.Name == name);
            if (split is null) splits.Add(split = new SplitRows(name));
            foreach (int feature in columns.Features) split.Features.Add(columns.Feature(row, feature, line));
            split.Labels.Add(columns.Label(row, line));
            if (columns.Client is { } client) split.Clients.Add(columns.Text(row, client, line));
        }

        if (splits.Count == 0) throw new DataFormatException(path, "it has a header, but no rows.");
        return [.. splits.Select(split => split.ToTable(columns))];
    }

    private sealed record SplitRows(string Name)
    {
        public List<float> Features { get; } = [];

        public List<int> Labels { get; } = [];

        public List<string> Clients { get; } = [];

        public TableSplit ToTable(CsvColumns columns)
        {
            var table = new ExampleTable(Features.ToArray(), Labels.ToArray(), columns.Shape);
            return new TableSplit(Name, table, columns.Client is null ? null : new FederatedDataset(table, RowsByClient.Of(Clients)));
        }
    }
}
