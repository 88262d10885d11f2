using System.Text.Json.Nodes;
using FedPure.Data.Random;
using FedPure.TestData;

namespace FedPure.Data;

/// <summary>Every number recorded from NumPy's RandomState. Integers and uniform doubles are equal to the last bit.</summary>
public class NumpyRandomStateTests
{
    // Where a logarithm is taken: both sides' are within an ulp, and the powers and products after it multiply that by less than 1/shape + 4.
    private const double RelativeTolerance = 8 * 2.2204460492503131e-16;

    private static readonly JsonNode Golden = Repository.GoldenJson("sampling/sampling.json");

    public static TheoryData<string> NumberSeeds => [.. AllSeeds.Where(seed => seed[0] != '[')];

    public static TheoryData<string> ListSeeds => [.. AllSeeds.Where(seed => seed[0] == '[')];

    private static IEnumerable<string> AllSeeds => Golden["numpy_legacy"]!.AsObject().Select(entry => entry.Key);

    [Theory, MemberData(nameof(NumberSeeds))]
    public void IntegersAreNumPys(string seed)
    {
        var golden = Golden["numpy_legacy"]![seed]!;
        Assert.Equal(Values<int>(golden["permutation10"]), Fresh(seed).Permutation(10));
        Assert.Equal(Values<int>(golden["permutation93"]), Fresh(seed).Permutation(93));
        Assert.Equal(Values<int>(golden["choice100_5"]), Fresh(seed).Choice(100, 5, replace: false));
        Assert.Equal(Values<int>(golden["choice100_5_replace"]), Fresh(seed).Choice(100, 5));
        Assert.Equal(Values<long>(golden["randint_0_10_x10"]), Draw(seed, 10, state => state.NextInteger(0, 10)));
        Assert.Equal(Values<long>(golden["randint_0_1000003_x6"]), Draw(seed, 6, state => state.NextInteger(0, 1000003)));
        Assert.Equal((long)golden["randint_1_2147483646"]!, Fresh(seed).NextInteger(1, 2147483646));
        Assert.Equal(Values<uint>(golden["uint32_x8"]), Draw(seed, 8, state => state.NextWord()));
        Assert.Equal(Values<long>(golden["bytes_words"]), Draw(seed, 4, state => state.NextMaxInt()));

        var shuffled = Enumerable.Range(0, 10).ToArray();
        Fresh(seed).Shuffle<int>(shuffled);
        Assert.Equal(Values<int>(golden["shuffle10"]), shuffled);
    }

    [Theory, MemberData(nameof(ListSeeds))]
    public void SeedsThatAreListsAreNumPys(string seed)
    {
        var golden = Golden["numpy_legacy"]![seed]!;
        Assert.Equal(Values<int>(golden["permutation10"]), Fresh(seed).Permutation(10));
        Assert.Equal(Values<long>(golden["randint_0_10_x10"]), Draw(seed, 10, state => state.NextInteger(0, 10)));
    }

    [Theory, MemberData(nameof(NumberSeeds))]
    public void DoublesAreNumPys(string seed)
    {
        var golden = Golden["numpy_legacy"]![seed]!;
        Assert.Equal(Values<double>(golden["random_sample5"]), Draw(seed, 5, state => state.NextDouble()));
        AssertClose(golden["randn5"]!, Draw(seed, 5, state => state.NextNormal()));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(2.5)]
    public void GammaNumbersAreNumPys(double shape) =>
        AssertClose(Golden[FormattableString.Invariant($"numpy_gamma_seed3_shape{shape}")]!, Draw("3", 5, state => state.NextGamma(shape)));

    [Fact]
    public void DirichletNumbersAreNumPys()
    {
        var state = Fresh("3");
        foreach (var row in Golden["numpy_dirichlet_seed3"]!.AsArray())
        {
            var shares = new double[4];
            state.NextDirichlet([.5, .5, .5, .5], shares);
            AssertClose(row!, shares);
        }
    }

    [Fact]
    public void AWeightedChoiceIsNumPys()
    {
        var golden = Golden["numpy_choice_weighted_seed3"]!;
        Assert.Equal(Values<int>(golden["sample"]), Fresh("3").Choice(Values<double>(golden["p"]), 8));
    }

    [Fact]
    public void AWeightedChoiceWithoutReplacementStartsAsTheOneWithAndNeverRepeats()
    {
        // Golden with replacement: 2, 3, 1, 2, ...; the same eight uniform numbers are drawn, of which each index's first counts, until the three missing are
        // drawn again.
        double[] p = Values<double>(Golden["numpy_choice_weighted_seed3"]!["p"]);
        Assert.Equal([2, 3, 1], Fresh("3").Choice(p, 3, replace: false));
        Assert.Equal([0, 1, 2, 3, 4, 5], Fresh("3").Choice(p, 6, replace: false).Order());
        Assert.Throws<ArgumentException>(() => Fresh("3").Choice(p, 7, replace: false));
    }

    [Fact]
    public void BytesAreTheWordsLowestByteFirst()
    {
        var bytes = new byte[6];
        Fresh("0").NextBytes(bytes);
        uint first = 2357136044, second = 2546248239;
        Assert.Equal([.. BitConverter.GetBytes(first), .. BitConverter.GetBytes(second)[..2]], bytes);
    }

    [Fact]
    public void ARangeBeyond32BitsTakesLongWords()
    {
        // Of the words 2357136044 and 2546248239 of seed 0, masked by 2^33 - 1: the first one's lowest bit above the second.
        Assert.Equal((2357136044L & 1) << 32 | 2546248239L, Fresh("0").NextInteger(0, 1L << 33));
        Assert.Equal(long.MinValue, new NumpyRandomState(1).NextInteger(long.MinValue, long.MinValue + 1));
    }

    [Fact]
    public void BadArgumentsAreRefused()
    {
        var state = new NumpyRandomState(0);
        Assert.Throws<ArgumentException>(() => new NumpyRandomState([]));
        Assert.Throws<ArgumentException>(() => state.Choice(3, 4, replace: false));
        Assert.Throws<ArgumentException>(() => state.Choice(0, 1));
        Assert.Throws<ArgumentException>(() => state.Choice([0.5, 0.6], 1));
        Assert.Throws<ArgumentException>(() => state.Choice([double.NaN, 0.6], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => state.NextInteger(3, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => state.NextGamma(-1));
        Assert.Throws<ArgumentException>(() => state.NextDirichlet([0], new double[1]));
    }

    private static NumpyRandomState Fresh(string seed) =>
        seed[0] == '[' ? new NumpyRandomState([.. seed.Trim('[', ']').Split(',').Select(Parse)]) : new NumpyRandomState(Parse(seed));

    private static uint Parse(string text) => uint.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static T[] Draw<T>(string seed, int count, Func<NumpyRandomState, T> draw)
    {
        var state = Fresh(seed);
        return [.. Enumerable.Range(0, count).Select(_ => draw(state))];
    }

    private static T[] Values<T>(JsonNode? node) => [.. node!.AsArray().Select(item => item!.GetValue<T>())];

    private static void AssertClose(JsonNode golden, double[] actual)
    {
        var expected = Values<double>(golden);
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], RelativeTolerance * Math.Abs(expected[i]));
    }
}
