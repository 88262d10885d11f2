using FedPure.Data;
using FedPure.Learning.Aggregators;
using FedPure.Learning.Algorithms;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;

namespace FedPure.Learning.Asynchrony;

/// <summary>
/// The server's step of processes that take results as they come: where it would leave the finite numbers, and where its rate is replaced in between.
/// </summary>
public class ServerStepTests
{
    private const float Rate = 4f, Momentum = 0.5f;

    private const double Mixing = 0.6;

    private static readonly Sgd Client = new(1f);

    private static readonly ClientDataset[] Good = GoldenProblems.Clients[..2];

    // One step moves some parameter by ¾·3e38, which is finite, and the server by 4·0.6 times that, which is not.
    private static readonly ClientDataset Far = new(
        "far", new ExampleTable(new[] { 3e38f, 0, 0, 0, 0, 0 }, new int[1], [6]), new RowSet(0, 1))
    { Pipeline = InputPipeline.Examples.Batch(1) };

    // All start from the first model, and arrive at one moment.
    private static readonly VirtualClock AtOnce = new() { Speed = new EqualSpeed(0), Concurrency = 3 };

    /// <summary>
    /// Whichever place the refused result has among three, the model, and what the server's momentum remembers, is what the other two make of it: x - 4·v, v =
    /// ½·v + 0.6·(x - y), in double from what federated averaging of each client alone comes to. Weights of up to 10 round some ten times in float32.
    /// </summary>
    [Fact]
    public void AResultWhoseStepIsNotFiniteIsSkippedAndTheNextGoesOn()
    {
        var places = new HashSet<int>();
        for (long seed = 0; seed < 12; seed++)
        {
            var process = Build(arrivals: 3, seed);
            var start = process.Initialize();
            var result = process.Next(start, [.. Good, Far]);
            string[] order = [.. result.Arrivals!.Value];
            places.Add(Array.IndexOf(order, Far.ClientId));

            double[] x = new double[start.GlobalModelWeights.Layout.Length], v = new double[x.Length];
            foreach (string id in order.Where(id => id != Far.ClientId))
            {
                float[] y = Alone(Good.Single(client => client.ClientId == id));
                for (int i = 0; i < x.Length; i++)
                {
                    v[i] = Momentum * v[i] + Mixing * (x[i] - y[i]);
                    x[i] -= Rate * v[i];
                }
            }

            Golden.AssertClose([.. x.Select(value => (float)value)], [.. result.State.GlobalModelWeights.Parameters], 1e-5, $"seed {seed}, weights");
            Golden.AssertClose([.. v.Select(value => (float)value)], [.. result.State.Finalizer.State], 1e-5, $"seed {seed}, momentum");
            Assert.Equal(1, result.Metrics["finalizer/update_non_finite"]);
            Assert.Equal(3, result.Metrics["finalizer/version"]);
            Assert.Equal(3, result.Metrics["client_work/arrivals"]);
            Assert.Empty(result.NonFiniteClients);
            Assert.Null(result.Problem);
            Assert.Equal(new RefusedUpdates(1, ServerPart.StepProblem), result.RefusedInPart);
        }

        Assert.Equal([0, 1, 2], places.Order());
    }

    /// <summary>Results that are not finite are told by their clients' ids, and do not count among the steps that were refused.</summary>
    [Fact]
    public void ARefusedStepIsNotAResultThatIsNotFinite()
    {
        var process = Build(arrivals: 3, seed: 0);
        var result = process.Next(process.Initialize(), [Good[0], Far, GoldenProblems.NanClient]);
        Assert.Equal(2, result.Metrics["finalizer/update_non_finite"]);
        Assert.Equal(["nan"], result.NonFiniteClients.ToArray());
        Assert.Equal(new RefusedUpdates(1, ServerPart.StepProblem), result.RefusedInPart);
    }

    /// <summary>Only a round of which nothing is left has a problem.</summary>
    [Fact]
    public void WhereEveryStepIsNotFiniteTheModelStaysAndTheCauseIsNamed()
    {
        var process = Build(arrivals: 2, seed: 0);
        var before = process.Initialize();
        var result = process.Next(before, [Far, Far with { ClientId = "far too" }]);
        Assert.Equal(ServerPart.StepProblem, result.Problem);
        Assert.Null(result.RefusedInPart);
        Assert.Equal(2, result.Metrics["finalizer/update_non_finite"]);
        Assert.Equal(before.GlobalModelWeights.Sha256(), result.State.GlobalModelWeights.Sha256());
        Assert.Equal(before.Finalizer, result.State.Finalizer);
        Assert.Null(process.Next(result.State, Good).Problem);
    }

    /// <summary>FedBuff's buffer is one step: its results are gone, and the model and the momentum are those before.</summary>
    [Fact]
    public void ABufferWhoseStepIsNotFiniteLeavesTheModelAndIsGone()
    {
        var process = FedBuff.Build(GoldenProblems.Softmax, Client, 2, new Sgd(2 * Rate, Momentum), clock: AtOnce, aggregator: new TrimmedMean(0));
        var before = process.Initialize();
        var result = process.Next(before, [Good[0], Far]);
        Assert.Equal(ServerPart.StepProblem, result.Problem);
        Assert.Equal(1, result.Metrics["finalizer/update_non_finite"]);
        Assert.Equal(before.GlobalModelWeights.Sha256(), result.State.GlobalModelWeights.Sha256());
        Assert.Equal(before.Finalizer, result.State.Finalizer);
        Assert.Empty(((AsynchronousState)result.State.ClientWork).Buffer);
        Assert.Null(process.Next(result.State, Good).Problem);
    }

    /// <summary>
    /// The server's rate goes for the next result, also of a client that was started under another: at a rate of 0 the model stays though results come, at a
    /// rate of 2 it makes twice the step. The clients' rule cannot be replaced.
    /// </summary>
    [Theory]
    [InlineData("fedbuff")]
    [InlineData("fedasync")]
    public void ANewServerRateGoesForClientsInTrainingToo(string algorithm)
    {
        var clock = new VirtualClock { Speed = new EqualSpeed(1), Concurrency = 5 };
        ILearningProcess process = algorithm == "fedbuff"
            ? FedBuff.Build(GoldenProblems.Softmax, new Sgd(0.1f), 1, clock: clock)
            : FedAsync.Build(GoldenProblems.Softmax, new Sgd(0.1f), clock: clock);
        var state = process.Next(process.Initialize(), GoldenProblems.Clients).State;
        Assert.Equal(4, ((AsynchronousState)state.ClientWork).Running.Length);
        Assert.Empty(process.GetHyperparameters(state).ClientWork);
        Assert.Equal(new Hyperparameter("learning_rate", 1f), process.GetHyperparameters(state).Finalizer.Single());

        float[] Moved(float rate)
        {
            var next = process.Next(process.SetHyperparameters(state, new ProcessHyperparameters([], [new("learning_rate", rate)])), []);
            Assert.Null(next.Problem);
            return [.. next.State.GlobalModelWeights.Parameters.Zip(state.GlobalModelWeights.Parameters, (after, before) => after - before)];
        }

        Assert.All(Moved(0), step => Assert.Equal(0f, step));
        float[] once = Moved(1), twice = Moved(2);
        Assert.Contains(once, step => Math.Abs(step) > 0.01f);
        Golden.AssertClose([.. once.Select(step => 2 * step)], twice, 1e-6, algorithm);

        var error = Assert.Throws<ArgumentException>(() => process.SetHyperparameters(state, new ProcessHyperparameters([new("learning_rate", 0.5f)], [])));
        Assert.Contains("no hyper-parameters of its clients", error.Message, StringComparison.Ordinal);
    }

    private static ILearningProcess Build(int arrivals, long seed) => FedAsync.Build(
        GoldenProblems.Softmax, Client, Mixing, new ConstantStaleness(), arrivalsPerRound: arrivals, clock: AtOnce, serverOptimizer: new Sgd(Rate, Momentum),
        aggregator: new CoordinateMedian(), seed: seed);

    private static float[] Alone(ClientDataset client)
    {
        var process = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, Client);
        return [.. process.Next(process.Initialize(), [client]).State.GlobalModelWeights.Parameters];
    }
}
