using FedPure.Data.Random;
using FsCheck.Xunit;

namespace FedPure.Data;

public class RandomKeyTests
{
    // Computed by a second implementation, in Python. These numbers are a promise: initial weights and partitions of a seed must not change between versions.
    [Fact]
    public void KeysAndStreamsNeverChange()
    {
        var key = RandomKey.FromSeed(0).Fold("purpose").Fold(3);
        var stream = key.Stream();
        Assert.Equal("F351D94212F638FA", key.Value.ToString("X16", System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal([48126343u, 3890751914u, 810092387u, 1794308813u], [stream.Next(), stream.Next(), stream.Next(), stream.Next()]);
    }

    [Property]
    public bool DifferentPurposesAndSeedsHaveDifferentKeys(long seed, int item) =>
        RandomKey.FromSeed(seed).Fold("a") != RandomKey.FromSeed(seed).Fold("b")
        && RandomKey.FromSeed(seed) != RandomKey.FromSeed(seed + 1)
        && RandomKey.FromSeed(seed).Fold((ulong)item) != RandomKey.FromSeed(seed).Fold((ulong)item + 1);

    [Fact]
    public void BoundedDrawsAreUniform()
    {
        // 60,000 draws of 6: each count is binomial with mean 10,000 and deviation √(60000·1/6·5/6) = 91; 5 deviations either way.
        var stream = RandomKey.FromSeed(1).Stream();
        var counts = new int[6];
        for (int i = 0; i < 60_000; i++) counts[stream.NextBelow(6)]++;
        Assert.All(counts, count => Assert.InRange(count, 10_000 - 455, 10_000 + 455));
    }

    [Fact]
    public void SinglesLieInTheUnitIntervalWithMeanOneHalf()
    {
        // The mean of 10,000 uniform numbers has deviation 1/√(12·10,000) = 0.0029; 5 deviations either way.
        var stream = RandomKey.FromSeed(2).Stream();
        double sum = 0;
        for (int i = 0; i < 10_000; i++)
        {
            float value = stream.NextSingle();
            Assert.InRange(value, 0f, 0.99999994f);
            sum += value;
        }

        Assert.InRange(sum / 10_000, 0.5 - 0.0145, 0.5 + 0.0145);
    }
}
