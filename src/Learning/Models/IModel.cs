using System.Collections.Immutable;
using FedPure.Data;
using FedPure.Learning.Metrics;

namespace FedPure.Learning.Models;

/// <summary>
/// A model as a set of functions: parameters, metric sums and scratch memory are arguments, so one instance serves all threads. The loss of a batch is the mean
/// over its examples. What training draws at random, it draws from <see cref="Batch.Key"/>.
/// </summary>
public interface IModel
{
    /// <summary>The parameters' names and shapes.</summary>
    ParameterLayout Layout { get; }

    /// <summary>Features that an example must have.</summary>
    int FeatureCount { get; }

    /// <summary>Float targets that an example must have; 0 where its label is a class number.</summary>
    int TargetCount => 0;

    /// <summary>The metrics in the order of their report; their accumulators lie one after the other in the metric sums.</summary>
    ImmutableArray<Metric> Metrics { get; }

    /// <summary>Floats of scratch memory that a batch of up to that many rows needs; its content means nothing between calls.</summary>
    int WorkspaceLength(int batchSize);

    /// <summary>Writes the parameters [Layout.Length] that training starts from; the same ones at every call.</summary>
    void Initialize(Span<float> parameters);

    /// <summary>
    /// Overwrites <paramref name="gradient"/> [Layout.TrainableLength] with that of the batch's loss by the trainable parameters, and adds the batch to the
    /// metric sums.
    /// </summary>
    void LossAndGradient(ReadOnlySpan<float> parameters, Batch batch, Span<float> gradient, Span<double> metricSums, Span<float> workspace);

    /// <summary>Adds the batch to the metric sums.</summary>
    void Evaluate(ReadOnlySpan<float> parameters, Batch batch, Span<double> metricSums, Span<float> workspace);
}

/// <summary>A model that can take a step of plain gradient descent without writing the gradient down.</summary>
public interface IFusedModel : IModel
{
    /// <summary>
    /// The trainable of the parameters -= learningRate·gradient of the batch's loss, with the same bits as <see cref="IModel.LossAndGradient"/> followed by
    /// <see cref="Tensors.Vectors.AddScaled(ReadOnlySpan{float}, float, Span{float})"/>; adds the batch to the metric sums.
    /// </summary>
    void Step(Span<float> parameters, Batch batch, float learningRate, Span<double> metricSums, Span<float> workspace);
}
