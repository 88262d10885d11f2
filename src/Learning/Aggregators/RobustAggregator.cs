namespace FedPure.Learning.Aggregators;

/// <summary>
/// TensorFlow Federated's recommended stack against broken and outlying clients: zeroing around clipping around the mean, with its constants. Zeroing drops
/// what is far off, so that clipping then bounds how much any one client counts.
/// </summary>
public static class RobustAggregator
{
    /// <summary>
    /// Norms above 2·C + 1 are zeroed, where C follows the 0.98 quantile of the largest absolute elements from 10 on, at the rate ln 10: tenfold a round at
    /// most.
    /// </summary>
    public static NormBound DefaultZeroing { get; } = new QuantileBound(
        initialEstimate: 10f, targetQuantile: 0.98f, learningRate: 2.302585093f)
    { Multiplier = 2f, Increment = 1f };

    /// <summary>Norms above C are clipped, where C follows the 0.8 quantile of the L2 norms from 1 on, at the rate 0.2.</summary>
    public static NormBound DefaultClipping { get; } = new QuantileBound(initialEstimate: 1f, targetQuantile: 0.8f, learningRate: 0.2f);

    /// <summary>The stack, each part but the mean optional.</summary>
    /// <param name="weighted">Whether clients count by their weights and not all alike.</param>
    /// <param name="zeroing">Whether to zero by <see cref="DefaultZeroing"/>.</param>
    /// <param name="clipping">Whether to clip by <see cref="DefaultClipping"/>.</param>
    /// <param name="debugMeasurements">Whether to measure, by <see cref="DebugMeasurements"/>, what comes to the mean and from it.</param>
    public static IAggregator Create(bool weighted = true, bool zeroing = true, bool clipping = true, bool debugMeasurements = false)
    {
        IAggregator stack = weighted ? new WeightedMean() : new UnweightedMean();
        if (debugMeasurements) stack = new DebugMeasurements(stack, weighted);
        if (clipping) stack = new Clipping(DefaultClipping, stack);
        return zeroing ? new Zeroing(DefaultZeroing, stack) : stack;
    }

    /// <summary>Zeroing and clipping, as in the whole stack, around another rule than a mean.</summary>
    public static IAggregator Around(IAggregator inner) => new Zeroing(DefaultZeroing, new Clipping(DefaultClipping, inner));
}
