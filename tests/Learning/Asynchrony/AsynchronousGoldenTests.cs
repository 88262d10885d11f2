using System.Text.Json.Nodes;
using FedPure.Learning.Algorithms;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;
using FedPure.TestData;

namespace FedPure.Learning.Asynchrony;

/// <summary>
/// Ten arrivals under FedAsync and nine under FedBuff equal float64 programs written from the papers, of which float32 forms differ by 2e-7 in weights of order
/// 1 and 1.3e-6 in losses; 5e-6 leaves room for another order of sums. Dividing by the sum of the factors in place of the buffer's size moves a weight by 0.03.
/// </summary>
public class AsynchronousGoldenTests
{
    private const double Tolerance = 5e-6;

    private static readonly Sgd Client = new(0.1f);

    private static readonly Dictionary<string, Func<VirtualClock, ILearningProcess>> Processes = new()
    {
        ["fedasync/softmax_constant"] = clock => FedAsync.Build(GoldenProblems.Softmax, Client, 0.6, new ConstantStaleness(), clock: clock),
        ["fedasync/softmax_polynomial"] = clock => FedAsync.Build(GoldenProblems.Softmax, Client, 0.6, new PolynomialStaleness(0.5), clock: clock),
        ["fedasync/softmax_hinge"] = clock => FedAsync.Build(GoldenProblems.Softmax, Client, 0.6, new HingeStaleness(10, 2), clock: clock),
        ["fedasync/mlp_polynomial_prox"] = clock =>
            FedAsync.Build(GoldenProblems.Mlp, Client, 0.6, new PolynomialStaleness(0.5), proximalStrength: 0.005f, clock: clock),
        ["fedbuff/softmax_constant"] = clock => FedBuff.Build(GoldenProblems.Softmax, Client, 3, staleness: new ConstantStaleness(), clock: clock),
        ["fedbuff/softmax_sqrt"] = clock => FedBuff.Build(GoldenProblems.Softmax, Client, 3, clock: clock),
        ["fedbuff/mlp_sqrt_serverlr0.5"] = clock => FedBuff.Build(GoldenProblems.Mlp, Client, 3, new Sgd(0.5f), clock: clock),
    };

    public static TheoryData<string> Cases => [.. Processes.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheRunIsThePapers(string name)
    {
        var arrivals = Case(name)["arrivals"]!.AsArray();
        var replay = new Replay(arrivals);
        var process = Processes[name](replay.Clock);
        var state = process.Initialize();
        if (name.Contains("mlp", StringComparison.Ordinal)) state = process.SetModelWeights(state, GoldenProblems.MlpInitialWeights);
        int done = 0;
        foreach (var round in Rounds(arrivals))
        {
            string where = $"{name}, arrival {done + round.Length}";
            (state, var metrics) = process.Next(state, replay.Clients);
            done += round.Length;
            Golden.AssertClose(Golden.Floats(round[^1]["weights"]!), state.GlobalModelWeights.ToCanonical(), Tolerance, $"{where}, weights");
            double[] examples = [.. round.Select(arrival => 2.0 * GoldenProblems.Clients[(int)arrival["client"]!].Count)];
            double loss = round.Zip(examples, (arrival, count) => count * Golden.Number(arrival["train_loss"]!)).Sum() / examples.Sum();
            Golden.AssertClose(loss, metrics["client_work/train/loss"], Tolerance, $"{where}, loss");
            Assert.Equal(examples.Sum(), metrics["client_work/train/num_examples"]);
            int[] staleness = [.. round.Select(arrival => (int)arrival["staleness"]!)];
            Assert.Equal((float)staleness.Average(), metrics["client_work/mean_staleness"]);
            Assert.Equal(staleness.Max(), metrics["client_work/max_staleness"]);
            Assert.Equal((int)round[^1]["version_after"]!, metrics["finalizer/version"]);
            Assert.Equal(done, metrics["client_work/simulated_seconds"]);
        }

        Assert.Equal(arrivals.Count, done);
    }

    /// <summary>Every case that was recorded is run.</summary>
    [Theory]
    [InlineData("fedasync")]
    [InlineData("fedbuff")]
    public void NoCaseIsLeftOut(string file) => Assert.Equal(
        Repository.GoldenJson($"beyond/{file}.json")["cases"]!.AsObject().Select(entry => $"{file}/{entry.Key}").Where(
            name => name != "fedasync/staleness_table").Order(),
        Processes.Keys.Where(name => name.StartsWith($"{file}/", StringComparison.Ordinal)).Order());

    /// <summary>A power is off by 1.05 ulp at most, and so is the recorded one by half of one: 2·2^-52 of the value.</summary>
    [Fact]
    public void StalenessFactorsAreThePapers()
    {
        var factors = new Dictionary<string, StalenessFactor>
        {
            ["constant"] = new ConstantStaleness(),
            ["polynomial_a0.5"] = new PolynomialStaleness(0.5),
            ["polynomial_a1"] = new PolynomialStaleness(1),
            ["hinge_a10_b4"] = new HingeStaleness(10, 4),
            ["hinge_a0.5_b2"] = new HingeStaleness(0.5, 2),
            ["sqrt"] = new PolynomialStaleness(),
        };
        var table = Case("fedasync/staleness_table").AsArray();
        Assert.True(table.Count > 5);
        foreach (var row in table)
        {
            var columns = row!.AsObject().Where(entry => entry.Key != "staleness").ToList();
            Assert.Equal(factors.Keys.Order(), columns.Select(entry => entry.Key).Order());
            int staleness = (int)row["staleness"]!;
            foreach (var (name, value) in columns)
                Golden.AssertClose((double)value!, factors[name].At(staleness), Math.Pow(2, -51) * (double)value!, $"{name} at {staleness}");
        }
    }

    private static JsonNode Case(string name) => Repository.GoldenJson($"beyond/{name.Split('/')[0]}.json")["cases"]![name.Split('/')[1]]!;

    // A round ends where the version grows.
    private static IEnumerable<JsonNode[]> Rounds(JsonArray arrivals)
    {
        var round = new List<JsonNode>();
        int version = 0;
        foreach (var arrival in arrivals)
        {
            round.Add(arrival!);
            if ((int)arrival!["version_after"]! == version) continue;
            version++;
            yield return [.. round];
            round.Clear();
        }
    }
}
