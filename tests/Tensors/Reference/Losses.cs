namespace FedPure.Tensors;

internal static partial class Reference
{
    /// <summary>What tanh passes back, d·(1 - y²).</summary>
    public static double TanhBackward(double y, double d) => d * (1 - y * y);

    /// <summary>What the sigmoid passes back, d·y·(1 - y).</summary>
    public static double SigmoidBackward(double y, double d) => d * y * (1 - y);

    /// <summary>The mean over all values of -t·ln s - (1 - t)·ln(1 - s) with s = 1/(1 + e^-x).</summary>
    public static double SigmoidCrossEntropy(ReadOnlySpan<double> logits, ReadOnlySpan<float> targets)
    {
        double loss = 0;
        for (int i = 0; i < logits.Length; i++) loss += targets[i] * Softplus(-logits[i]) + (1 - targets[i]) * Softplus(logits[i]);
        return loss / logits.Length;
    }

    /// <summary>The mean over all values of (prediction - target)².</summary>
    public static double SquaredError(ReadOnlySpan<double> predictions, ReadOnlySpan<float> targets)
    {
        double loss = 0;
        for (int i = 0; i < predictions.Length; i++) loss += (predictions[i] - targets[i]) * (predictions[i] - targets[i]);
        return loss / predictions.Length;
    }

    /// <summary>
    /// The mean over the rows of -ln(q[label]/Σ q), q = softmax(logits) clipped to [1e-7, 1 - 1e-7]; entries whose number is in <paramref name="frozen"/> keep
    /// the value given there, so that differences of this function leave out what is not passed back.
    /// </summary>
    public static double ClippedCrossEntropy(
        ReadOnlySpan<double> logits, ReadOnlySpan<int> labels, int classCount, IReadOnlyDictionary<int, double>? frozen = null)
    {
        double[] q = new double[logits.Length];
        Softmax(logits, q, classCount);
        for (int i = 0; i < q.Length; i++) q[i] = frozen?.TryGetValue(i, out double value) == true ? value : Math.Clamp(q[i], 1e-7f, 1 - 1e-7f);
        double loss = 0;
        for (int i = 0; i < labels.Length; i++) loss += Log(q.AsSpan(i * classCount, classCount).ToArray().Sum()) - Log(q[i * classCount + labels[i]]);
        return loss / labels.Length;
    }

    // ln(1 + e^x)
    private static double Softplus(double x) => Math.Max(x, 0) + double.LogP1(Exp(-Math.Abs(x)));
}
