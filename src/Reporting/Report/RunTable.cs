namespace FedPure.Reporting.Report;

/// <summary>Which numbers a <see cref="RunTable"/> has.</summary>
/// <param name="Kind">One of the constants of this type.</param>
/// <param name="Split">The split that was evaluated; null for other tables.</param>
/// <param name="OverClients">Whether they are quantiles over the clients, named loss/median, instead of a round's numbers.</param>
public readonly record struct RunTableId(string Kind, string? Split = null, bool OverClients = false)
{
    /// <summary>The round itself: seconds, clients, bytes.</summary>
    public const string Round = "round";

    /// <summary>What the clients measured while they trained.</summary>
    public const string Train = "train";

    /// <summary>What the aggregator and the finalizer measured.</summary>
    public const string Aggregation = "aggregation";

    /// <summary>The model after the round, evaluated.</summary>
    public const string Evaluation = "evaluation";
}

/// <summary>Numbers by round, in columns. A round has no number where nothing was measured; a number may be NaN or infinite where something was.</summary>
/// <param name="id">Which numbers these are.</param>
public sealed class RunTable(RunTableId id)
{
    private readonly List<int> _rounds = [];
    private readonly OrderedDictionary<string, List<double?>> _columns = [];

    /// <summary>Which numbers these are.</summary>
    public RunTableId Id { get; } = id;

    /// <summary>The rounds in ascending order, from 1; 0 for a model as it was given.</summary>
    public IReadOnlyList<int> Rounds => _rounds;

    /// <summary>The names of the columns in the order in which they came.</summary>
    public IReadOnlyCollection<string> Columns => _columns.Keys;

    /// <summary>A column, one entry for each of <see cref="Rounds"/>; null if there is no such column.</summary>
    public IReadOnlyList<double?>? Column(string name) => _columns.GetValueOrDefault(name);

    /// <summary>The last round's number of a column; null if there is none.</summary>
    public double? Last(string column) => Column(column) is [.., var last] ? last : null;

    internal void Add(int round, IEnumerable<KeyValuePair<string, double>> values)
    {
        _rounds.Add(round);
        foreach (var (name, value) in values)
        {
            if (!_columns.TryGetValue(name, out var column)) _columns.Add(name, column = [.. Enumerable.Repeat((double?)null, _rounds.Count - 1)]);
            if (column.Count < _rounds.Count) column.Add(value);
        }

        foreach (var (_, column) in _columns)
        {
            if (column.Count < _rounds.Count) column.Add(null);
        }
    }
}
