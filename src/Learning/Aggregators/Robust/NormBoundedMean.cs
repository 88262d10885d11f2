namespace FedPure.Learning.Aggregators;

/// <summary>
/// The mean of updates scaled down to a norm (Sun, Kairouz, Suresh, McMahan: Can you really backdoor federated learning? 2019): a hostile client moves it by at
/// most norm / clients. That is <see cref="Clipping"/> at a fixed bound, in which all clients count alike unless said otherwise. Keeps no updates.
/// </summary>
public static class NormBoundedMean
{
    /// <summary>The rule.</summary>
    /// <param name="norm">The largest L2 norm that counts whole: finite and at least 0.</param>
    /// <param name="weighted">Whether clients count by their weights; the norm then bounds no longer what one of a large weight does.</param>
    /// <exception cref="ArgumentOutOfRangeException">The norm is negative or not finite.</exception>
    public static IAggregator Create(float norm, bool weighted = false) =>
        new Clipping(NormBound.Fixed(norm), weighted ? new WeightedMean() : new UnweightedMean());
}
