using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Types;

namespace FedPure.Learning.Processes;

/// <summary>The rule that clients train with, which each starts afresh in each round.</summary>
/// <param name="Rule">The rule.</param>
public abstract record ClientRule(IOptimizer Rule) : ClientWorkState
{
    /// <summary>The rule of round r = 0, 1, ...</summary>
    public virtual IOptimizer At(int round) => Rule;

    /// <summary>A rule that stays as it is, or whose learning rate follows the round.</summary>
    internal static ClientRule Create(IOptimizer rule, LearningRateSchedule? schedule) =>
        schedule is null ? new FixedClientRule(rule) : new ScheduledClientRule(rule, schedule);

    /// <summary>What stands under client_work among a round's metrics: the clients' own, and the learning rate where it follows the round.</summary>
    internal virtual MetricTree Measure(int round, MetricTree train) => new(("train", train));
}

/// <summary>A rule whose hyper-parameters can be replaced from one round to the next.</summary>
/// <param name="Rule">The rule.</param>
public sealed record ReplaceableClientRule(IOptimizer Rule) : ClientRule(Rule)
{
    /// <inheritdoc/>
    public override TypeSignature Signature(ParameterLayout layout) => OptimizerState.HyperparameterSignature(Rule);
}

/// <summary>A rule that stays as the process was built with it, of which TensorFlow Federated prints nothing.</summary>
/// <param name="Rule">The rule.</param>
public sealed record FixedClientRule(IOptimizer Rule) : ClientRule(Rule)
{
    /// <inheritdoc/>
    public override TypeSignature Signature(ParameterLayout layout) => StructureType.Empty;
}

/// <summary>A rule whose learning rate follows the round. TensorFlow Federated keeps the round's number here; it is <see cref="ServerState.Round"/>.</summary>
/// <param name="Rule">The rule, with the initial learning rate.</param>
/// <param name="Schedule">What it is multiplied by.</param>
public sealed record ScheduledClientRule(IOptimizer Rule, LearningRateSchedule Schedule) : ClientRule(Rule)
{
    /// <inheritdoc/>
    public override IOptimizer At(int round) => Schedule.Apply(Rule, round);

    internal override MetricTree Measure(int round, MetricTree train) =>
        new(("train", train), ("client_learning_rate", new MetricValue(MetricType.Float32, At(round).LearningRate)));

    /// <inheritdoc/>
    public override TypeSignature Signature(ParameterLayout layout) => TensorType.Int32;
}
