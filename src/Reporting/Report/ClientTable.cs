using FedPure.Reporting.Exploration;

namespace FedPure.Reporting.Report;

/// <summary>Numbers by client, in columns; a client has no number where nothing is known of it.</summary>
public sealed class ClientTable
{
    private readonly OrderedDictionary<string, Dictionary<string, double>> _clients = [];
    private readonly OrderedDictionary<string, bool> _columns = [];

    /// <summary>The clients in the order in which they came.</summary>
    public IReadOnlyCollection<string> ClientIds => _clients.Keys;

    /// <summary>The names of the columns in the order in which they came.</summary>
    public IReadOnlyCollection<string> Columns => _columns.Keys;

    /// <summary>What is known of a client; null if nothing is.</summary>
    public double? this[string clientId, string column] =>
        _clients.TryGetValue(clientId, out var values) && values.TryGetValue(column, out double value) ? value : null;

    /// <summary>What a survey found: examples of each client, and the divergence of its labels from those of all.</summary>
    internal void Add(DataSurvey survey)
    {
        foreach (var client in survey.Clients)
        {
            Set(client.ClientId, "examples", client.ExampleCount);
            Set(client.ClientId, "divergence", client.Divergence);
        }
    }

    /// <summary>How often each label occurs, where the classes are few enough for a table.</summary>
    internal void AddLabels(DataSurvey survey)
    {
        if (survey.ClassCount > 20) return;
        foreach (var client in survey.Clients)
        {
            for (int label = 0; label < survey.ClassCount; label++) Set(client.ClientId, $"label_{label}", client.LabelCounts[label]);
        }
    }

    internal void Set(string clientId, string column, double value)
    {
        if (!_clients.TryGetValue(clientId, out var values)) _clients.Add(clientId, values = []);
        _columns.TryAdd(column, true);
        values[column] = value;
    }

    internal void Increment(string clientId, string column) => Set(clientId, column, (this[clientId, column] ?? 0) + 1);
}
