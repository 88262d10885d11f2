using FedPure.Data;
using FedPure.Data.Partitioning;
using FedPure.Data.Sampling;
using FedPure.Digits;
using FedPure.Learning.Algorithms;
using FedPure.Learning.Asynchrony;
using FedPure.Learning.Evaluation;
using FedPure.Learning.Models;
using FedPure.Learning.Processes;

namespace FedPure.Benchmarks.Algorithms;

/// <summary>
/// The embedded digits, pooled and spread anew over fifty clients by Dirichlet shares of concentration 0.1; ten of them a round, one epoch, batches of 20.
/// Partition and cohorts are functions of the seed, the same for every algorithm.
/// </summary>
internal sealed class SkewedRun
{
    public const int Clients = 50, Cohort = 10, BatchSize = 20, Rounds = 300, LastRounds = 20;
    public const double Alpha = 0.1, Target = 0.85;

    private static readonly IModel Model = new Sequential(784).Dense(10, initializer: Initializer.Zeros).SoftmaxCrossEntropy();

    private static readonly ExampleTable Train = Pooled(FederatedSplits.TrainName), Test = Pooled(FederatedSplits.TestName);

    private static readonly ClientDataset TestExamples = new("test", Test, new RowSet(0, Test.Count)) { Pipeline = InputPipeline.Examples.Batch(500) };

    // Without a minimum of examples the shares alone say what a client has, so that its test examples are of its own mix of labels.
    private readonly FederatedDataset _train, _test;
    private readonly ClientDataset[] _clients;
    private readonly UniformSampler _sampler;

    public SkewedRun(int seed)
    {
        var partitioner = new DirichletPartitioner(Clients, Alpha, seed, MinimumSize: 0);
        (_train, _test) = (partitioner.Partition(Train), partitioner.Partition(Test));
        var pipeline = InputPipeline.Examples.Shuffle(200, seed: 1).Batch(BatchSize);
        _clients = [.. _train.ClientIds.Select(id => _train.GetClient(id).Preprocess(pipeline))];
        _sampler = new UniformSampler(_train.ClientIds, Cohort, (uint)seed);
    }

    /// <summary>What came of a run.</summary>
    /// <param name="RoundsToTarget">The first round after which the test accuracy was 85 % or more; null if none was.</param>
    /// <param name="Accuracy">Mean test accuracy after each of the last twenty rounds.</param>
    /// <param name="WorstAccuracy">The least of the last twenty.</param>
    /// <param name="VirtualSeconds">By the virtual clock, the time to the target; infinite if it was not reached, null without a clock.</param>
    /// <param name="State">The state at the end.</param>
    public sealed record Outcome(int? RoundsToTarget, double Accuracy, double WorstAccuracy, double? VirtualSeconds, ServerState State);

    public Outcome Run(Func<IModel, Population, ILearningProcess> build)
    {
        var process = build(Model, Population.Of(_clients));
        var state = process.Initialize();
        var clock = state.ClientWork as AsynchronousState;
        int? reached = null;
        double seconds = double.PositiveInfinity;
        var accuracies = new List<double>();
        for (int round = 1; round <= Rounds; round++)
        {
            // A clock draws from all clients by itself.
            state = process.Next(state, clock is null ? [.. _sampler.Sample(round).Select(id => _clients[_train.ClientIds.IndexOf(id)])] : _clients).State;
            accuracies.Add(Accuracy(state.GlobalModelWeights, TestExamples));
            if (accuracies[^1] < Target || reached is not null) continue;
            reached = round;
            if (state.ClientWork is AsynchronousState now) seconds = now.Seconds;
        }

        return new Outcome(reached, accuracies[^LastRounds..].Average(), accuracies[^LastRounds..].Min(), clock is null ? null : seconds, state);
    }

    /// <summary>The accuracies of Ditto's personal models and of the global model, each on the client's own test examples, over all these.</summary>
    public (double Personal, double Global) OwnAccuracy(ServerState state)
    {
        double personal = 0, global = 0, examples = 0;
        foreach (string id in _test.ClientIds)
        {
            var own = _test.GetClient(id).Preprocess(TestExamples.Pipeline);
            if (own.Count == 0) continue;
            personal += own.Count * Accuracy(Ditto.PersonalWeights(state, id), own);
            global += own.Count * Accuracy(state.GlobalModelWeights, own);
            examples += own.Count;
        }

        return (personal / examples, global / examples);
    }

    private static double Accuracy(ModelWeights weights, ClientDataset data) =>
        CentralizedEvaluation.Evaluate(Model, weights, data)["sparse_categorical_accuracy"];

    private static ExampleTable Pooled(string split) => ((FederatedDataset)DigitsDataset.Load()[split]).Examples;
}
