namespace FedPure.Data.Partitioning;

public class SkewStatisticsTests
{
    [Fact]
    public void OppositeClientsAreAsFarApartAsCanBe()
    {
        // Two clients with a label each: all labels have 1 bit, each client 0; the mixture of (1, 0) and (1/2, 1/2) is (3/4, 1/4) with 0.811278 bits, less half
        // a bit.
        var skew = SkewStatistics.Of([[4, 0], [0, 4]]);
        Assert.Equal(
            (2, 8L, 4, 4.0, 4, 0.0, 1.0),
            (skew.Clients, skew.Examples, skew.SmallestClient, skew.MedianClient, skew.LargestClient, skew.SizeGini, skew.GlobalEntropy));
        Assert.Equal(new Spread(0, 0, 0), skew.LabelEntropy);
        Assert.Equal(0.311278124459, skew.JensenShannon.Mean, 1e-12);
        Assert.Equal(new Spread(1, 1, 1), skew.EarthMovers);
        Assert.Equal(new Spread(1, 1, 1), skew.LabelsPerClient);
    }

    [Fact]
    public void EqualClientsDoNotDiffer()
    {
        var skew = SkewStatistics.Of([[1, 3], [2, 6], [0, 0]]);
        Assert.Equal((0.0, 0.0), (skew.JensenShannon.Most, skew.EarthMovers.Most));
        Assert.Equal(skew.GlobalEntropy, skew.LabelEntropy.Mean, 1e-15);
        Assert.Equal(0.811278124459, skew.GlobalEntropy, 1e-12);
    }

    [Fact]
    public void GiniIsThatOfTheTextbook()
    {
        // Sizes 1, 2, 3, 4: (−3·1 − 2 + 3 + 3·4)/(4·10) = 0.25. One of four has all: 3/4.
        Assert.Equal(0.25, SkewStatistics.Of([[4], [1], [3], [2]]).SizeGini, 1e-15);
        Assert.Equal(0.75, SkewStatistics.Of([[0], [0], [7], [0]]).SizeGini, 1e-15);
        Assert.Equal(2.5, SkewStatistics.Of([[4], [1], [3], [2]]).MedianClient);
    }

    [Fact]
    public void NothingCannotBeMeasured() => Assert.Throws<ArgumentException>(() => SkewStatistics.Of([[0, 0]]));
}
