using System.Text.Json.Nodes;
using FedPure.TestData;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// Every case of a NumPy float64 oracle of the papers' definitions, itself compared with Flower's: ten clients of which two are far off, twelve of which two
/// collude, nine small integer vectors full of ties. Selections are exact; our results are float32 rounded once from double, 2^-24 = 6e-8 relative, so 1e-7 of
/// the largest entry holds everywhere but where float32 is computed in, clipping.
/// </summary>
public class RobustGoldenTests
{
    private const double Rounding = 1e-7;

    private static readonly JsonNode Sets = Repository.GoldenJson("robust/robust.json")["sets"]!;

    public static TheoryData<string> Names => ["ten", "twelve", "ties"];

    [Theory, MemberData(nameof(Names))]
    public void Means_and_medians(string set)
    {
        AssertNear(Sets[set]!["mean"]!, new TrimmedMean(0), set);
        AssertNear(Sets[set]!["weighted_mean"]!, new TrimmedMean(0, weighted: true), set);
        AssertNear(Sets[set]!["median"]!, new CoordinateMedian(), set);
        AssertNear(Sets[set]!["weighted_median"]!, new CoordinateMedian(weighted: true), set);
    }

    [Theory, MemberData(nameof(Names))]
    public void Equal_weights_give_the_median(string set) =>
        AssertNear(Sets[set]!["median"]!, Round.Run(new CoordinateMedian(weighted: true), [.. Clients(set).Select(client => client with { Weight = 7 })]), set);

    [Theory, MemberData(nameof(Names))]
    public void Trimmed_means(string set)
    {
        foreach (var golden in Sets[set]!["trimmed_mean"]!.AsArray())
        {
            double beta = (double)golden!["beta"]!;
            AssertNear(golden["result"]!, new TrimmedMean(beta), $"{set}, {beta}");
            AssertNear(golden["weighted_result"]!, new TrimmedMean(beta, weighted: true), $"{set}, {beta}, weighted");
            Assert.Equal((int)golden["cut_each_end"]!, Round.Run(new TrimmedMean(beta), Clients(set)).Result.Measurements["cut_each_end"]);
        }
    }

    [Fact]
    public void The_cut_is_that_of_the_fraction_as_written()
    {
        Sent[] hundred = [.. Enumerable.Range(0, 100).Select(i => new Sent($"{i}", [i]))];
        Assert.Equal(29, Round.Run(new TrimmedMean(0.29), hundred).Result.Measurements["cut_each_end"]);
    }

    [Theory, MemberData(nameof(Names))]
    public void Krum_and_multi_Krum(string set)
    {
        foreach (var golden in Sets[set]!["krum"]!.AsArray())
        {
            int f = (int)golden!["f"]!, n = Clients(set).Length;
            string place = $"{set}, f = {f}";
            var near = new Neighbourhoods(Gather(set));
            double[] scores = [.. golden["scores"]!.AsArray().Select(score => (double)score!)];
            bool[] all = [.. Enumerable.Repeat(true, n)];
            for (int i = 0; i < n; i++)
            {
                Golden.AssertClose(scores[i], near.Score(i, all, n, f), 1e-12 * scores[i], place);
                for (int j = 0; j < n; j++) Assert.Equal(scores[i] == scores[j], near.Score(i, all, n, f) == near.Score(j, all, n, f));
            }

            Assert.Equal(golden["ranking"]!.AsArray().Select(client => (int)client!), near.Ranking(f));
            AssertNear(golden["result"]!, new Krum(f), place);
            foreach (var multi in golden["multi_krum"]!.AsArray())
            {
                int m = (int)multi!["m"]!;
                AssertNear(multi["result"]!, new Krum(f, m), $"{place}, m = {m}");
                AssertNear(multi["weighted_result"]!, new Krum(f, m, weighted: true), $"{place}, m = {m}, weighted");
            }
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Bulyan_rounds(string set)
    {
        foreach (var golden in Sets[set]!["bulyan"]!.AsArray())
        {
            int f = (int)golden!["f"]!;
            string place = $"{set}, f = {f}";
            if (golden["refused"] is not null)
            {
                Assert.Contains("4f + 3 = 11 updates, and there are", Round.Run(new Bulyan(f), Clients(set)).Result.Problem, StringComparison.Ordinal);
                continue;
            }

            Assert.Equal(
                golden["selected_in_order"]!.AsArray().Select(client => (int)client!),
                new Neighbourhoods(Gather(set)).SelectOneByOne((int)golden["theta"]!, f));
            AssertNear(golden["result"]!, new Bulyan(f), place);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Geometric_medians(string set)
    {
        foreach (var golden in Sets[set]!["geometric_median"]!.AsArray())
        {
            string place = $"{set}, {golden!["weights_name"]}", kind = (string)golden["optimum_kind"]!;
            double[] weights = [.. golden["weights"]!.AsArray().Select(weight => (double)weight!)];
            Sent[] clients = [.. Clients(set).Select((client, i) => client with { Weight = weights[i] })];
            foreach (var golden2 in golden["iterations"]!.AsArray())
            {
                int iteration = (int)golden2!["iteration"]!;
                if (iteration is 0 or 100) continue;
                AssertNear(
                    golden2["value"]!, Find(new GeometricMedian(weighted: true) { MaxIterations = iteration, Tolerance = 0 }, clients), 1e-10,
                    $"{place}, {iteration}");
            }

            // Smoothing stops about ν/2 = 5e-7 away from an optimum that is one of the updates.
            AssertNear(golden["optimum"]!, Find(new GeometricMedian(weighted: true) { Tolerance = 1e-12 }, clients), kind == "interior" ? 1e-8 : 1e-6, place);
            var (aggregate, result) = Round.Run(new GeometricMedian(weighted: true), clients);
            AssertNear(golden["optimum"]!, [.. aggregate], kind == "interior" ? Rounding : 1e-6, place);
            Assert.InRange(result.Measurements["gradient_norm"], 0, 1e-9);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Norm_bounded_means(string set)
    {
        foreach (var golden in Sets[set]!["norm_clipped_mean"]!.AsArray())
        {
            float norm = (float)golden!["clip"]!;
            foreach (bool weighted in new[] { false, true })
            {
                // The norm, the quotient and the element round once each in float32, its sum of squares twice or so: within 5e-6 of the largest element before
                // the mean, which is at most the bound.
                var outcome = Round.Run(NormBoundedMean.Create(norm, weighted), Clients(set));
                double[] expected = [.. golden[weighted ? "weighted_result" : "result"]!.AsArray().Select(x => (double)x!)];
                AssertNear(expected, [.. outcome.Aggregate], 5e-6, $"{set}, {norm}");

                // One bound is a client's norm itself, which may fall on either side in float32.
                double norms = Sets[set]!["norms"]!.AsArray().Count(x => Math.Abs((double)x! - norm) < 1e-5 * norm);
                Assert.InRange(outcome.Result.Measurements["clipped_count"], (int)golden["clipped"]! - norms, (int)golden["clipped"]! + norms);
            }
        }
    }

    private static Sent[] Clients(string set) =>
    [
        .. Sets[set]!["vectors"]!.AsArray().Zip(Sets[set]!["weights"]!.AsArray(), (vector, weight) => (Golden.Floats(vector!), (double)weight!))
            .Select((client, i) => new Sent($"client_{i:d2}", client.Item1, client.Item2))
    ];

    private static GatheredUpdates Gather(string set) => Gather(Clients(set));

    private static GatheredUpdates Gather(Sent[] clients) =>
        new([.. clients.Select(client => new GatheredUpdate(client.ClientId, client.Update, client.Weight))]);

    private static double[] Find(GeometricMedian rule, Sent[] clients)
    {
        var median = new double[clients[0].Update.Length];
        rule.Find(Gather(clients), median);
        return median;
    }

    private static void AssertNear(JsonNode golden, IAggregator rule, string place) => AssertNear(golden, Round.Run(rule, Clients(place.Split(',')[0])), place);

    private static void AssertNear(JsonNode golden, Outcome outcome, string place)
    {
        Assert.Null(outcome.Result.Problem);
        AssertNear(golden, [.. outcome.Aggregate], Rounding, place);
    }

    private static void AssertNear(JsonNode golden, double[] actual, double tolerance, string place) =>
        AssertNear([.. golden.AsArray().Select(x => (double)x!)], actual, tolerance, place);

    private static void AssertNear(double[] expected, double[] actual, double tolerance, string place)
    {
        double largest = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++) Golden.AssertClose(expected[i], actual[i], tolerance * largest, $"{place}, {i}");
    }
}
