using System.Runtime.InteropServices;
using FedPure.Data;
using FedPure.Learning.Aggregators;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;
using FedPure.Learning.Types;
using FedPure.Tensors;

namespace FedPure.Learning.Algorithms;

/// <summary>
/// Mime-Lite (Karimireddy, Jaggi, Kale, Mohri, Reddi, Stich, Suresh: Breaking the centralized barrier for cross-device federated learning. NeurIPS 2021,
/// Algorithm 1): clients step with the server's state of a base optimizer, held fixed through the round; the server then advances that state by the mean of the
/// clients' full gradients at its weights. With plain SGD it is <see cref="FederatedAveraging"/>, bit for bit. A client whose update or gradient is not finite
/// is left out of both means, and a round without any gradient leaves the state as it was; in TensorFlow Federated 0.87 either makes the state NaN for good.
/// </summary>
public static class MimeLite
{
    /// <summary>A process of weighted Mime-Lite.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="baseOptimizer">The rule that clients step with and whose state the server keeps.</param>
    /// <param name="serverOptimizer">The rule that takes the aggregated update; null for <c>new Sgd(1f)</c>.</param>
    /// <param name="weighting">What a client's update and gradient weigh.</param>
    /// <param name="aggregator">What makes one update of the clients'; null for the weighted mean.</param>
    /// <param name="fullGradientAggregator">What makes one gradient of the clients' full gradients; null for the weighted mean.</param>
    /// <param name="baseSchedule">The base rule's learning rate by round, times its own; null for a constant one.</param>
    /// <param name="metricsAggregator">What makes one report of the clients\' metrics; null to sum them, then finalize.</param>
    /// <param name="threads">Clients trained at a time; at least 1. The result does not depend on it.</param>
    /// <param name="seed">Of what clients draw at random, such as dropout.</param>
    /// <exception cref="ArgumentOutOfRangeException">threads is not positive.</exception>
    public static ILearningProcess BuildWeighted(
        IModel model,
        IOptimizer baseOptimizer,
        IOptimizer? serverOptimizer = null,
        ClientWeighting weighting = ClientWeighting.NumExamples,
        IAggregator? aggregator = null,
        IAggregator? fullGradientAggregator = null,
        LearningRateSchedule? baseSchedule = null,
        IMetricsAggregator? metricsAggregator = null,
        int threads = 1,
        long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(baseOptimizer);
        var work = new MimeWork(model, baseOptimizer, weighting, fullGradientAggregator ?? new WeightedMean(), baseSchedule);
        return new ComposedProcess(model, work, aggregator ?? new WeightedMean(), serverOptimizer ?? new Sgd(1f), metricsAggregator, threads, seed);
    }

    /// <summary>A process in which every client counts the same.</summary>
    /// <inheritdoc cref="BuildWeighted"/>
    /// <param name="model"/><param name="baseOptimizer"/><param name="serverOptimizer"/><param name="baseSchedule"/>
    /// <param name="metricsAggregator"/><param name="threads"/><param name="seed"/>
    /// <param name="aggregator">What makes one update of the clients'; null for the unweighted mean.</param>
    /// <param name="fullGradientAggregator">What makes one gradient of the clients' full gradients; null for the unweighted mean.</param>
    public static ILearningProcess BuildUnweighted(
        IModel model,
        IOptimizer baseOptimizer,
        IOptimizer? serverOptimizer = null,
        IAggregator? aggregator = null,
        IAggregator? fullGradientAggregator = null,
        LearningRateSchedule? baseSchedule = null,
        IMetricsAggregator? metricsAggregator = null,
        int threads = 1,
        long seed = 0) =>
        BuildWeighted(
            model,
            baseOptimizer,
            serverOptimizer,
            ClientWeighting.Uniform,
            aggregator ?? new UnweightedMean(),
            fullGradientAggregator ?? new UnweightedMean(),
            baseSchedule,
            metricsAggregator,
            threads,
            seed);

    private sealed class MimeWork(
        IModel model, IOptimizer optimizer, ClientWeighting weighting, IAggregator gradients, LearningRateSchedule? schedule) : ClientWork
    {
        public override ClientWorkState Initialize() =>
            new MimeLiteState(OptimizerState.Initialize(optimizer, model.Layout.Trainable), gradients.Initialize(model.Layout.Trainable), schedule);

        public override ClientWorker CreateWorker() => new Worker(model, weighting, gradients);
    }

    private sealed class Worker(IModel model, ClientWeighting weighting, IAggregator gradients) : TrainingWorker(model)
    {
        private readonly ParameterLayout _layout = model.Layout.Trainable;
        private readonly IAggregation _gradients = gradients.CreateAggregation(model.Layout.Trainable);
        private readonly float[] _gradient = new float[model.Layout.TrainableLength];

        public override void Begin(ServerState state) => _gradients.Begin(((MimeLiteState)state.ClientWork).FullGradient);

        public override ClientResult Work(ServerState state, ClientDataset client, CancellationToken cancellationToken)
        {
            var server = state.GlobalModelWeights.Parameters.AsSpan();
            var optimizer = ((MimeLiteState)state.ClientWork).At(state.Round);
            var key = state.ClientKey(client.ClientId);
            Training.FullGradient(server, client, _gradient, key, cancellationToken);
            var rule = new LocalRule(optimizer.Rule) { IsStateFrozen = true, OptimizerState = optimizer.State.AsSpan() };
            long examples = Training.Train(server, client, rule, key, cancellationToken).Examples;
            double weight = weighting == ClientWeighting.Uniform ? 1 : examples;
            bool finite = Vectors.AllFinite(Update) && Vectors.AllFinite(_gradient);
            if (finite) _gradients.Add(client.ClientId, _gradient, weight);
            return new ClientResult(weight, finite);
        }

        public override void Merge(ClientWorker other) => _gradients.Merge(((Worker)other)._gradients);

        public override WorkResult Finish(ServerState state, Span<float> update)
        {
            var before = (MimeLiteState)state.ClientWork;
            var aggregated = _gradients.Complete(_gradient);
            var next = before with { FullGradient = aggregated.State };
            if (aggregated.Problem is not null) return new(next);

            // Only the state of this step is kept: the weights that it moves are not the model's.
            float[] weights = new float[_gradient.Length], optimizerState = [.. before.BaseOptimizer.State];
            before.At(state.Round).Rule.Step(_layout, weights, _gradient, optimizerState);
            return new(Vectors.AllFinite(optimizerState)
                ? next with { BaseOptimizer = before.BaseOptimizer with { State = ImmutableCollectionsMarshal.AsImmutableArray(optimizerState) } }
                : next);
        }
    }
}

/// <summary>What Mime-Lite keeps for its clients.</summary>
/// <param name="BaseOptimizer">The rule that they step with, and its state.</param>
/// <param name="FullGradient">The state of the aggregator of full gradients.</param>
/// <param name="Schedule">What the base rule's learning rate is multiplied by; null for nothing.</param>
public sealed record MimeLiteState(OptimizerState BaseOptimizer, AggregatorState FullGradient, LearningRateSchedule? Schedule) : ClientWorkState
{
    /// <summary>The base optimizer of round r = 0, 1, ...</summary>
    public OptimizerState At(int round) => Schedule is null ? BaseOptimizer : BaseOptimizer with { Rule = Schedule.Apply(BaseOptimizer.Rule, round) };

    /// <inheritdoc/>
    public override TypeSignature Signature(ParameterLayout layout)
    {
        var state = new StructureType((null, BaseOptimizer.Signature(layout)), (null, FullGradient.Signature));
        return Schedule is null ? state : new StructureType((null, TensorType.Int32), (null, state));
    }
}
