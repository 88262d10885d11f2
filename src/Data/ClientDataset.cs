namespace FedPure.Data;

/// <summary>One client's examples: a view of rows of a shared table, and the pipeline through which a learning process reads them.</summary>
/// <param name="ClientId">The client's name.</param>
/// <param name="Examples">The table, shared with other clients.</param>
/// <param name="Rows">The client's rows in it.</param>
public sealed record ClientDataset(string ClientId, ExampleTable Examples, RowSet Rows)
{
    /// <summary>How the examples are read; without a <see cref="InputPipeline.Batch"/> stage no process takes them.</summary>
    public InputPipeline Pipeline { get; init; } = InputPipeline.Examples;

    /// <summary>Number of examples, each counted once whatever the pipeline repeats.</summary>
    public int Count => Rows.Count;

    /// <summary>The label of the client's example <paramref name="index"/>.</summary>
    public int Label(int index) => Examples.Labels.Span[Rows[index]];

    /// <summary>The targets [TargetCount] of the client's example <paramref name="index"/>.</summary>
    public ReadOnlySpan<float> Targets(int index) => Examples.Targets.Span.Slice(Rows[index] * Examples.TargetCount, Examples.TargetCount);

    /// <summary>The features [FeatureCount] of the client's example <paramref name="index"/>.</summary>
    public ReadOnlySpan<float> Features(int index) => Examples.Features.Span.Slice(Rows[index] * Examples.FeatureCount, Examples.FeatureCount);

    /// <summary>The same examples read through <paramref name="pipeline"/>.</summary>
    public ClientDataset Preprocess(InputPipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return this with { Pipeline = pipeline };
    }
}
