using FedPure.Data.Random;
using FedPure.TestData;

namespace FedPure.Learning.Models;

public class InitializerTests
{
    private const int Inputs = 300, Outputs = 200;

    // Mean, standard deviation and largest size that each is said to have. A truncated standard normal's deviation is 0.8796 of what it would be uncut.
    public static TheoryData<string, Initializer, double, double, double> Distributions => new()
    {
        { "glorot uniform", Initializer.GlorotUniform, 0, Math.Sqrt(2.0 / 500), Math.Sqrt(6.0 / 500) },
        { "glorot normal", Initializer.GlorotNormal, 0, Math.Sqrt(2.0 / 500), 2 * Math.Sqrt(2.0 / 500) / 0.87962566 },
        { "he uniform", Initializer.HeUniform, 0, Math.Sqrt(2.0 / 300), Math.Sqrt(6.0 / 300) },
        { "he normal", Initializer.HeNormal, 0, Math.Sqrt(2.0 / 300), 2 * Math.Sqrt(2.0 / 300) / 0.87962566 },
        { "uniform", Initializer.Uniform(-1f, 3f), 1, 4 / Math.Sqrt(12), 3 },
        { "normal", Initializer.Normal(2f, 0.5f), 2, 0.5, 2 + 0.5 * 6 },
        { "truncated normal", Initializer.TruncatedNormal(0f, 0.5f), 0, 0.5 * 0.87962566, 1 },
    };

    [Theory, MemberData(nameof(Distributions))]
    public void MomentsAndBoundsAreThoseOfTheDistribution(string name, Initializer initializer, double mean, double deviation, double bound)
    {
        var values = Fill(initializer, 3);

        // n = 60,000 values: five standard errors of the mean, σ/√n, and of the deviation, at most σ·√(2/n)/√2 for these kurtoses.
        double error = 5 * deviation / Math.Sqrt(values.Length), average = values.Average(value => (double)value);
        Assert.True(Math.Abs(average - mean) <= error, $"{name}: mean {average}");
        double spread = Math.Sqrt(values.Average(value => Math.Pow(value - mean, 2)));
        Assert.True(Math.Abs(spread - deviation) <= error, $"{name}: deviation {spread}");
        Assert.True(values.Max(value => Math.Abs((double)value)) <= bound * (1 + 1e-6), $"{name}: bound");
        Assert.Equal(values, Fill(initializer, 3));
        Assert.NotEqual(values, Fill(initializer, 4));
    }

    [Fact]
    public void NormalValuesHaveTheNormalsQuantiles()
    {
        var values = Fill(Initializer.Normal(0f, 1f), 9).Order().ToArray();

        // Φ^-1 at 2.5 %, 16 %, 50 %, 84 %, 97.5 %; the standard error √(p(1-p)/n)/φ is at most 0.011 there, and five of them are allowed.
        foreach (var (share, quantile) in new[] { (0.025, -1.959964), (0.158655, -1.0), (0.5, 0.0), (0.841345, 1.0), (0.975, 1.959964) })
            Assert.Equal(quantile, values[(int)(share * values.Length)], 0.055);
    }

    [Fact]
    public void ConstantsAreConstant()
    {
        Assert.All(Fill(Initializer.Zeros, 1), value => Assert.Equal(0f, value));
        Assert.All(Fill(Initializer.Constant(-2.5f), 1), value => Assert.Equal(-2.5f, value));
    }

    [Fact]
    public void OnesOwnInitializerFillsTheKernelInCanonicalOrder()
    {
        var model = new Sequential(2).Dense(3, initializer: new Counting()).MeanSquaredError();
        var parameters = new float[9];
        model.Initialize(parameters);
        Assert.Equal([0, 1, 2, 3, 4, 5, 0, 0, 0], new ModelWeights(model.Layout, [.. parameters]).ToCanonical());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(42)]
    public void KerasSeedsGiveKerasValues(long seed)
    {
        var golden = Repository.GoldenJson("algorithms/losses_initializers.json")["keras_initializers_shape_3x4"]![$"seed {seed}"]!;
        AssertKeras("GlorotUniform", Initializer.GlorotUniform);
        AssertKeras("HeUniform", Initializer.HeUniform);
        AssertKeras("RandomUniform", Initializer.Uniform());

        void AssertKeras(string name, Initializer initializer)
        {
            var kernel = new float[12];
            initializer.WithKerasSeed(seed).Fill(default, kernel, 3, 4);
            Assert.Equal(golden[name]!.AsArray().SelectMany(row => row!.AsArray().Select(value => (float)value!)), kernel);
        }
    }

    [Fact]
    public void NormalValuesOfKerasAreRefused() => Assert.Throws<NotSupportedException>(() => Initializer.HeNormal.WithKerasSeed(1));

    private static float[] Fill(Initializer initializer, long seed)
    {
        var kernel = new float[Inputs * Outputs];
        initializer.Fill(RandomKey.FromSeed(seed), kernel, Inputs, Outputs);
        return kernel;
    }

    private sealed record Counting : Initializer
    {
        public override void Fill(RandomKey key, Span<float> kernel, int inputs, int outputs)
        {
            for (int i = 0; i < kernel.Length; i++) kernel[i] = i;
        }
    }
}
