using FedPure.Learning.Models;

namespace FedPure.Learning.Optimizers;

public class SgdTests
{
    private static readonly ParameterLayout Layout = new([("w", [1], false)]);

    // The sequences of TensorFlow Federated's own tests: w = 1, gradient 2, rate 0.01. Each step rounds a few times: 1e-6.
    [Theory]
    [InlineData(0f, false, new[] { .98, .96, .94, .92 })]
    [InlineData(.5f, false, new[] { .98, .95, .915, .8775 })]
    [InlineData(.5f, true, new[] { .97, .935, .8975, .85875 })]
    public void StepsAreThoseOfSgdm(float momentum, bool nesterov, double[] expected)
    {
        var rule = new Sgd(0.01f, momentum, nesterov);
        float[] w = [1f], state = new float[rule.StateLength(Layout)];
        foreach (double value in expected)
        {
            rule.Step(Layout, w, [2f], state);
            Assert.Equal(value, w[0], 1e-6);
        }
    }

    [Fact]
    public void PlainDescentKeepsNoState() => Assert.Equal(0, new Sgd(0.1f).StateLength(Layout));

    [Theory]
    [InlineData(-1f, 0f)]
    [InlineData(float.NaN, 0f)]
    [InlineData(float.PositiveInfinity, 0f)]
    [InlineData(0.1f, 1f)]
    [InlineData(0.1f, -0.1f)]
    [InlineData(0.1f, float.NaN)]
    public void NumbersOutsideTheirRangeAreRefused(float rate, float momentum) => Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(rate, momentum));

    [Fact]
    public void ReplacingANumberChecksItToo() => Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(0.1f) with { LearningRate = -1f });

    [Fact]
    public void NesterovNeedsMomentum() => Assert.Throws<ArgumentException>(() => new Sgd(0.1f, nesterov: true));

    [Fact]
    public void AZeroRateChangesNothing()
    {
        float[] w = [3f];
        new Sgd(0f).Step(Layout, w, [5f], []);
        Assert.Equal(3f, w[0]);
    }
}
