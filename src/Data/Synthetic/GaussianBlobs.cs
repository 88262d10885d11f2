using FedPure.Data.Random;

namespace FedPure.Data.Synthetic;

/// <summary>
/// Centralized classification that a linear model can learn: each class is a normal cloud of deviation 1 in every feature around a center that is drawn from
/// separation·N(0, 1) in every feature. Classes have equally many examples, the first ones one more, in a random order.
/// </summary>
/// <param name="ExampleCount">Number of examples; not negative.</param>
/// <param name="FeatureCount">Features of an example; at least 1.</param>
/// <param name="ClassCount">Classes; at least 1.</param>
/// <param name="Separation">Deviation of the centers: 0 makes classes alike, 3 nearly disjoint.</param>
/// <param name="Seed">Any number.</param>
public sealed record GaussianBlobs(int ExampleCount, int FeatureCount, int ClassCount, double Separation, long Seed)
{
    /// <summary>The examples of a split; splits of the same seed have the same centers and different examples.</summary>
    /// <exception cref="ArgumentException">A parameter is out of range.</exception>
    public ExampleTable Generate(string split = FederatedSplits.TrainName)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ExampleCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(FeatureCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ClassCount);
        if (!double.IsFinite(Separation)) throw new ArgumentException($"The separation must be finite, not {Separation}.");
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)ExampleCount * FeatureCount, Array.MaxLength, nameof(ExampleCount));
        var key = RandomKey.FromSeed(Seed).Fold("synthetic/blobs");
        var centers = new double[ClassCount * FeatureCount];
        var stream = key.Fold("centers").Stream();
        foreach (ref double center in centers.AsSpan()) center = Separation * stream.NextNormal();

        var labels = new int[ExampleCount];
        for (int i = 0; i < labels.Length; i++) labels[i] = i % ClassCount;
        var order = key.Fold("order").Fold(split).Stream();
        order.Shuffle(labels);

        var features = new float[ExampleCount * FeatureCount];
        var noise = key.Fold("examples").Fold(split).Stream();
        for (int i = 0; i < features.Length; i++)
            features[i] = (float)(centers[labels[i / FeatureCount] * FeatureCount + i % FeatureCount] + noise.NextNormal());
        return new ExampleTable(features, labels, [FeatureCount]);
    }
}
