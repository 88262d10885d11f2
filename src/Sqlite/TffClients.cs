using System.Collections.Immutable;
using FedPure.Data;

namespace FedPure.Sqlite;

/// <summary>A client in a split: its number, by which places of its rows are kept, and what client_metadata says of it.</summary>
internal readonly record struct TffClient(int Number, string Id, int Split, int Count);

/// <summary>
/// What client_metadata says: the splits, and the clients of each in the order of their ids. Clients are numbered in that order, split after split; with a
/// million of them each takes its id and 12 bytes.
/// </summary>
internal sealed class TffClients
{
    private readonly Dictionary<string, int> _splits;
    private readonly SortedClients<int>[] _counts;
    private readonly int[] _firstNumbers;

    private TffClients(Dictionary<string, int> splits, SortedClients<int>[] counts)
    {
        (_splits, _counts, _firstNumbers) = (splits, counts, new int[counts.Length]);
        Splits = [.. splits.OrderBy(split => split.Value).Select(split => split.Key)];
        for (int split = 1; split < counts.Length; split++) _firstNumbers[split] = _firstNumbers[split - 1] + counts[split - 1].Ids.Length;
    }

    /// <summary>The splits in the order in which client_metadata first names them.</summary>
    public ImmutableArray<string> Splits { get; }

    /// <summary>Number of clients, those of each split counted.</summary>
    public int Count => _firstNumbers[^1] + _counts[^1].Ids.Length;

    /// <summary>How many examples each client of a split has.</summary>
    public SortedClients<int> CountsOf(int split) => _counts[split];

    /// <summary>A client of a split, or null.</summary>
    public TffClient? Find(string id, int split) =>
        _counts[split].IndexOf(id) is >= 0 and var place
            ? new TffClient(_firstNumbers[split] + place, _counts[split].Ids[place], split, _counts[split].Values[place]) : null;

    /// <summary>The same by the split's name.</summary>
    public TffClient? Find(string id, string split) => _splits.TryGetValue(split, out int number) ? Find(id, number) : null;

    /// <summary>Gathers the rows of client_metadata.</summary>
    public sealed class Builder(string path)
    {
        private readonly Dictionary<string, int> _splits = new(StringComparer.Ordinal);
        private readonly List<List<KeyValuePair<string, int>>> _rows = [];

        public void Add(string id, string split, int count)
        {
            if (!_splits.TryGetValue(split, out int place))
            {
                _splits.Add(split, place = _rows.Count);
                _rows.Add([]);
            }

            _rows[place].Add(KeyValuePair.Create(id, count));
        }

        /// <exception cref="DataFormatException">There is no client, or a split names one twice.</exception>
        public TffClients Build()
        {
            if (_splits.Count == 0) throw new DataFormatException(path, "its table client_metadata lists no clients.");
            var counts = new SortedClients<int>[_splits.Count];
            for (int split = 0; split < counts.Length; split++)
            {
                try
                {
                    counts[split] = new SortedClients<int>(
                        split == 0 ? _rows[0] : _rows[split].Select(row => KeyValuePair.Create(Known(counts[0], row.Key), row.Value)));
                }
                catch (ArgumentException)
                {
                    string twice = _rows[split].CountBy(row => row.Key).First(id => id.Value > 1).Key;
                    throw new DataFormatException(
                        path,
                        $"its table client_metadata names the client '{twice}' in the split '{_splits.First(name => name.Value == split).Key}' a second time.");
                }

                _rows[split] = [];
            }

            return new TffClients(_splits, counts);
        }

        // Splits mostly have the same clients: their ids are kept once.
        private static string Known(SortedClients<int> first, string id) => first.IndexOf(id) is >= 0 and var place ? first.Ids[place] : id;
    }
}
