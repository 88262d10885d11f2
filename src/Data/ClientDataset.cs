namespace FedPure.Data;

/// <summary>
/// One client's examples, and the pipeline through which a learning process reads them: a view of rows of a table, which is shared with other clients, or which
/// is read when it is first looked at.
/// </summary>
public sealed record ClientDataset
{
    private readonly ExampleTable? _examples;
    private readonly Func<ExampleTable>? _read;

    /// <summary>A view of a table in memory.</summary>
    /// <param name="clientId">The client's name.</param>
    /// <param name="examples">The table, shared with other clients.</param>
    /// <param name="rows">The client's rows in it.</param>
    public ClientDataset(string clientId, ExampleTable examples, RowSet rows)
    {
        ArgumentNullException.ThrowIfNull(examples);
        (ClientId, _examples, Rows, FeatureCount, TargetCount) = (clientId, examples, rows, examples.FeatureCount, examples.TargetCount);
    }

    /// <summary>A client whose examples are read on demand.</summary>
    /// <param name="clientId">The client's name.</param>
    /// <param name="count">Number of its examples.</param>
    /// <param name="featureCount">Features of one of them.</param>
    /// <param name="read">Reads a table of just these; called by any thread, and each time that <see cref="Examples"/> is asked for.</param>
    /// <param name="targetCount">Float targets of one of them; 0 for class labels.</param>
    public ClientDataset(string clientId, int count, int featureCount, Func<ExampleTable> read, int targetCount = 0)
    {
        ArgumentNullException.ThrowIfNull(read);
        (ClientId, Rows, FeatureCount, TargetCount, _read) = (clientId, new RowSet(0, count), featureCount, targetCount, read);
    }

    /// <summary>The client's name.</summary>
    public string ClientId { get; init; }

    /// <summary>The table that has the client's rows.</summary>
    /// <exception cref="IOException">It is read on demand and cannot be.</exception>
    public ExampleTable Examples => _examples ?? _read!();

    /// <summary>The client's rows in the table.</summary>
    public RowSet Rows { get; }

    /// <summary>Features of one example.</summary>
    public int FeatureCount { get; }

    /// <summary>Float targets of one example; 0 where examples have labels.</summary>
    public int TargetCount { get; }

    /// <summary>How the examples are read; without a <see cref="InputPipeline.Batch"/> stage no process takes them.</summary>
    public InputPipeline Pipeline { get; init; } = InputPipeline.Examples;

    /// <summary>Number of examples, each counted once whatever the pipeline repeats.</summary>
    public int Count => Rows.Count;

    /// <summary>The label of the client's example <paramref name="index"/>.</summary>
    /// <exception cref="InvalidOperationException">The examples have targets instead.</exception>
    public int Label(int index) => TargetCount == 0
        ? Examples.Labels.Span[Rows[index]]
        : throw new InvalidOperationException($"The examples of client '{ClientId}' have float targets and no labels; ask for Targets.");

    /// <summary>The targets [TargetCount] of the client's example <paramref name="index"/>; empty if it has a label.</summary>
    public ReadOnlySpan<float> Targets(int index) => Examples.Targets.Span.Slice(Rows[index] * TargetCount, TargetCount);

    /// <summary>The features [FeatureCount] of the client's example <paramref name="index"/>.</summary>
    public ReadOnlySpan<float> Features(int index) => Examples.Features.Span.Slice(Rows[index] * FeatureCount, FeatureCount);

    /// <summary>The same examples read through <paramref name="pipeline"/>.</summary>
    public ClientDataset Preprocess(InputPipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return this with { Pipeline = pipeline };
    }

    /// <summary>The client with its examples in memory, read once if they are read on demand.</summary>
    /// <exception cref="IOException">They cannot be read.</exception>
    public ClientDataset InMemory() => _examples is not null ? this : new ClientDataset(ClientId, Examples, Rows) { Pipeline = Pipeline };
}
