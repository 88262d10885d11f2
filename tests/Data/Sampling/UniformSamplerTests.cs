using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using FedPure.TestData;

namespace FedPure.Data.Sampling;

/// <summary>Every sample recorded from TensorFlow Federated 0.87.0.</summary>
public class UniformSamplerTests
{
    private static readonly JsonNode Golden = Repository.GoldenJson("sampling/sampling.json");

    public static TheoryData<int> Samples => [.. Enumerable.Range(0, Golden["uniform"]!.AsArray().Count)];

    [Theory, MemberData(nameof(Samples))]
    public void SamplesAreThoseOfTensorFlowFederated(int index)
    {
        var golden = Golden["uniform"]![index]!;
        ImmutableArray<string> population = [.. Enumerable.Range(0, (int)golden["population"]!).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        if (golden["sample"] is JsonArray sample)
            Assert.Equal(sample.Select(item => item!.ToString()), Sampler(golden, population).Sample((int)golden["round"]!));
        else
        {
            Assert.Contains(
                "11 clients a round cannot be sampled from a population of 10", Assert.Throws<ArgumentException>(() => Sampler(golden, population)).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void IdsAreThoseOfTensorFlowFederated()
    {
        ImmutableArray<string> ids = [.. Golden["uniform_ids"]!["ids"]!.AsArray().Select(id => (string)id!)];
        var samples = Golden["uniform_ids"]!["samples"]!.AsArray();
        Assert.NotEmpty(samples);
        foreach (var golden in samples)
            Assert.Equal(golden!["sample"]!.AsArray().Select(id => (string)id!), Sampler(golden, ids).Sample((int)golden["round"]!));
    }

    [Fact]
    public void EveryRoundOfAnIntIsAccepted()
    {
        var sampler = new UniformSampler(["a", "b", "c"], 2, seed: 1);
        Assert.Equal(2, sampler.Sample(int.MinValue).Length);
        Assert.Equal(2, sampler.Sample(int.MaxValue).Length);
    }

    private static UniformSampler Sampler(JsonNode golden, ImmutableArray<string> population)
    {
        // Python's True counts as 1.
        uint seed = golden["seed"]!.GetValueKind() == System.Text.Json.JsonValueKind.True ? 1 : (uint)golden["seed"]!;
        return new UniformSampler(population, (int)golden["size"]!, seed, (bool)golden["replace"]!);
    }
}
