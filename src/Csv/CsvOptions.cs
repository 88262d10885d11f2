using System.Collections.Immutable;

namespace FedPure.Csv;

/// <summary>Which columns of a CSV file mean what; every other column is a feature. A name that is null is looked for under its usual spellings.</summary>
public sealed record CsvOptions
{
    /// <summary>The column of class numbers; null for label or y.</summary>
    public string? Label { get; init; }

    /// <summary>The column of client ids; null for client, client_id, user or user_id. Without such a column the data are centralized.</summary>
    public string? Client { get; init; }

    /// <summary>The column of split names; null for split. Without such a column everything is the split train.</summary>
    public string? Split { get; init; }

    /// <summary>Shape of one example; default for the number of features.</summary>
    public ImmutableArray<int> Shape { get; init; }
}
