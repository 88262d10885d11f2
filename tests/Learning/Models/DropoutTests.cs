using FedPure.Data;
using FedPure.Data.Random;

namespace FedPure.Learning.Models;

public class DropoutTests
{
    private const int Rows = 40, Width = 50;

    private static readonly RandomKey Key = RandomKey.FromSeed(4).Fold("batch");

    private static readonly float[] Features = [.. Enumerable.Range(0, Rows * Width).Select(i => 1f + i % 7)];

    [Fact]
    public void EvaluationIsThatOfTheModelWithoutIt()
    {
        var with = new Sequential(Width).Dropout(0.3f).Dense(8, ActivationFunction.Tanh).Dropout(0.5f).Dense(1).MeanSquaredError();
        var without = new Sequential(Width).Dense(8, ActivationFunction.Tanh).Dense(1).MeanSquaredError();
        Assert.Equal(without.Layout.Slices, with.Layout.Slices, (a, b) => (a.Name, a.Offset, a.Length) == (b.Name, b.Offset, b.Length));
        float[] parameters = Initial(without), same = Initial(with);
        Assert.Equal(parameters, same);
        Assert.Equal(Evaluate(without, parameters), Evaluate(with, parameters));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.2f)]
    [InlineData(0.5f)]
    [InlineData(0.9f)]
    public void AShareOfTheInputsIsDroppedAndTheRestScaled(float rate)
    {
        // One linear unit with zero weights and one target of 1 an example: y = 0, and the gradient by weight j is -2/Rows·Σ x·mask, which shows each column's
        // masks.
        var model = new Sequential(Width).Dropout(rate).Dense(1, initializer: Initializer.Zeros).MeanSquaredError();
        var ones = Enumerable.Repeat(1f, Rows * Width).ToArray();
        var gradient = Gradient(model, new float[Width + 1], ones, Key);
        var kept = gradient.Take(Width).Select(value => -value * Rows / 2 * (1 - rate)).ToArray();
        Assert.All(kept, value => Assert.Equal(Math.Round(value), value, 1e-3)); // whole numbers of rows

        // 2000 draws: five standard deviations of the share are 5·√(rate·(1 - rate)/2000).
        Assert.Equal(1 - rate, kept.Sum() / (Rows * Width), 1e-5 + 5 * Math.Sqrt(rate * (1 - rate) / (Rows * Width)));
    }

    [Fact]
    public void MasksAreAFunctionOfTheKey()
    {
        var model = new Sequential(Width).Dropout(0.5f).Dense(4).Dropout(0.5f).Dense(1).MeanSquaredError();
        var parameters = Initial(model);
        var first = Gradient(model, parameters, Features, Key);
        Assert.Equal(first, Gradient(model, parameters, Features, Key));
        Assert.NotEqual(first, Gradient(model, parameters, Features, Key.Fold(1)));
    }

    [Fact]
    public void TheGradientIsTheDifferenceOfTheLossUnderOneKey()
    {
        var model = new Sequential(Width).Dropout(0.2f).Dense(6, ActivationFunction.Tanh).Dropout(0.5f).Dense(1).MeanSquaredError();
        var parameters = Initial(model);
        for (int i = 0; i < parameters.Length; i++) parameters[i] *= 0.1f;
        var gradient = Gradient(model, parameters, Features, Key);

        // float32 losses near 1 are known to about 1e-6, over 2h = 2e-3 5e-4; truncation h²/6 times a third derivative below 10³ is less.
        const float H = 1e-3f;
        for (int i = 0; i < parameters.Length; i += 11)
        {
            float value = parameters[i];
            parameters[i] = value + H;
            double above = Loss(model, parameters, Features, Key);
            parameters[i] = value - H;
            double below = Loss(model, parameters, Features, Key);
            parameters[i] = value;
            Assert.Equal((above - below) / (2 * H), gradient[i], 2e-3);
        }
    }

    [Fact]
    public void TrainingWithoutAKeySaysWhatIsMissing()
    {
        var model = new Sequential(Width).Dropout(0.5f).Dense(1).MeanSquaredError();
        var error = Assert.Throws<InvalidOperationException>(() => Gradient(model, new float[Width + 1], Features, default));
        Assert.Contains("begin the BatchReader with a key", error.Message, StringComparison.Ordinal);
    }

    private static float[] Initial(IModel model)
    {
        var parameters = new float[model.Layout.Length];
        model.Initialize(parameters);
        return parameters;
    }

    private static Batch Batch(float[] features, RandomKey key) => new(features, Enumerable.Repeat(1f, Rows).ToArray(), 1) { Key = key };

    private static float[] Gradient(IModel model, float[] parameters, float[] features, RandomKey key)
    {
        var gradient = new float[parameters.Length];
        model.LossAndGradient(parameters, Batch(features, key), gradient, new double[4], new float[model.WorkspaceLength(Rows)]);
        return gradient;
    }

    private static double Loss(IModel model, float[] parameters, float[] features, RandomKey key)
    {
        var sums = new double[4];
        model.LossAndGradient(parameters, Batch(features, key), new float[parameters.Length], sums, new float[model.WorkspaceLength(Rows)]);
        return sums[0] / sums[1];
    }

    private static double[] Evaluate(IModel model, float[] parameters)
    {
        var sums = new double[4];
        model.Evaluate(parameters, Batch(Features, default), sums, new float[model.WorkspaceLength(Rows)]);
        return sums;
    }
}
