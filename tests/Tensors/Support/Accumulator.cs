namespace FedPure.Tensors;

/// <summary>The sums of one worker, as an aggregator keeps them.</summary>
internal sealed class Accumulator(int length)
{
    public long[] High { get; } = new long[length];

    public long[] Low { get; } = new long[length];

    public long WeightHigh { get; private set; }

    public long WeightLow { get; private set; }

    public static Accumulator Of(Cohort cohort, IEnumerable<int> order)
    {
        var sums = new Accumulator(cohort.Length);
        foreach (int i in order) sums.Add(cohort.Updates[i], cohort.Weights[i]);
        return sums;
    }

    public static Accumulator Of(Cohort cohort) => Of(cohort, Enumerable.Range(0, cohort.Updates.Length));

    public double Add(ReadOnlySpan<float> update, double weight)
    {
        (long high, long low) = FixedPoint.Split(weight);
        (WeightHigh, WeightLow) = (WeightHigh + high, WeightLow + low);
        return FixedPoint.AddScaled(update, weight, High, Low);
    }

    public void Merge(Accumulator other)
    {
        for (int i = 0; i < High.Length; i++) (High[i], Low[i]) = (High[i] + other.High[i], Low[i] + other.Low[i]);
        (WeightHigh, WeightLow) = (WeightHigh + other.WeightHigh, WeightLow + other.WeightLow);
    }

    public float[] Mean()
    {
        var mean = new float[High.Length];
        FixedPointMean.Divide(High, Low, WeightHigh, WeightLow, mean);
        return mean;
    }

    public bool Equals(Accumulator other) =>
        High.AsSpan().SequenceEqual(other.High) && Low.AsSpan().SequenceEqual(other.Low) && (WeightHigh, WeightLow) == (other.WeightHigh, other.WeightLow);
}
