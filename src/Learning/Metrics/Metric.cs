namespace FedPure.Learning.Metrics;

/// <summary>The number type in which a metric is reported, as TensorFlow Federated types it.</summary>
public enum MetricType
{
    /// <summary>Rounded to float32.</summary>
    Float32,

    /// <summary>A 64-bit integer.</summary>
    Int64,

    /// <summary>A 32-bit integer.</summary>
    Int32,
}

/// <summary>Turns a metric's summed accumulators into its value.</summary>
public delegate double MetricFinalizer(ReadOnlySpan<double> sums);

/// <summary>
/// A metric as sums and a finalizer: a client adds to the accumulators batch by batch, the accumulators are summed over the clients, and the finalizer makes
/// the value of the sums. Sums are of doubles, exact for counts up to 2^53.
/// </summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="Type">Its number type in reports.</param>
/// <param name="AccumulatorCount">Number of sums it keeps.</param>
/// <param name="Finalizer">From the sums to the value.</param>
public record Metric(string Name, MetricType Type, int AccumulatorCount, MetricFinalizer Finalizer)
{
    /// <summary>Total ÷ count in float32, and 0 without data, as Keras' means are: accumulators total, count.</summary>
    public static Metric Mean(string name) => new(name, MetricType.Float32, 2, Ratio);

    /// <summary>A sum reported as a 64-bit integer: one accumulator.</summary>
    public static Metric Count(string name) => new(name, MetricType.Int64, 1, sums => sums[0]);

    /// <summary>A sum reported as float32: one accumulator.</summary>
    public static Metric Sum(string name) => new(name, MetricType.Float32, 1, sums => sums[0]);

    /// <summary>What is reported of the summed accumulators [AccumulatorCount]: the finalizer's value, and NaN where a sum is not finite.</summary>
    public virtual MetricNode Measure(ReadOnlySpan<double> sums) => new MetricValue(Type, sums.Contains(double.NaN) ? double.NaN : Finalizer(sums));

    /// <summary>The first sum over the second, and 0 over 0.</summary>
    protected static double Ratio(ReadOnlySpan<double> sums) => sums[1] == 0 ? 0 : sums[0] / sums[1];

    /// <summary>The first sum over both, and 0 over 0.</summary>
    protected static double Share(ReadOnlySpan<double> sums) => sums[0] + sums[1] == 0 ? 0 : sums[0] / (sums[0] + sums[1]);
}
