using FedPure.Data;

namespace FedPure.Digits;

/// <summary>The embedded data are what their description says.</summary>
public class DigitsDatasetTests
{
    private static readonly FederatedSplits Digits = DigitsDataset.Load();

    [Fact]
    public void SizesAreAsDescribed()
    {
        Assert.Equal(["train", "test"], Digits.Names.ToArray());
        Assert.Equal(784, Digits.FeatureCount);
        Assert.Equal(10, Digits.ClassCount);
        Assert.Equal(100, Digits.Train.ClientIds.Length);
        Assert.Equal(Digits.Train.ClientIds.ToArray(), Digits.Test.ClientIds.ToArray());
        Assert.Equal(9851, Digits.Train.ExampleCount);
        Assert.Equal(1251, Digits.Test.ExampleCount);
        Assert.Equal([28, 28], Digits.Train.Element.Shape.ToArray());
        Assert.Equal([85, 61, 111, 99, 164, 110, 74, 56, 123, 89], Digits.Train.ClientIds.Take(10).Select(id => Digits.Train.GetClient(id).Count));
        Assert.All(Digits.Train.ClientIds, id => Assert.InRange(Digits.Train.GetClient(id).Count, 40, 200));
        Assert.All(Digits.Test.ClientIds, id => Assert.InRange(Digits.Test.GetClient(id).Count, 10, 15));
    }

    [Fact]
    public void NoExampleBelongsToTwoClients()
    {
        Assert.Equal(9851, Digits.Train.ClientIds.Sum(id => Digits.Train.GetClient(id).Count));
        Assert.Equal(1251, Digits.Test.ClientIds.Sum(id => Digits.Test.GetClient(id).Count));
    }

    [Fact]
    public void TheBackgroundIsOneAndInkIsBelow()
    {
        var image = Digits.Train.GetClient("f0000_18").Features(0);
        Assert.Equal(1f, image[0]);
        Assert.Contains(0f, image.ToArray());
    }
}
