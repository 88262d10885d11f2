namespace FedPure.Tensors;

internal static partial class Reference
{
    /// <summary>p[j] = e^(x[j] - max x) / Σ e^(x - max x) for each row. logits, probabilities [rows×classCount].</summary>
    public static void Softmax(ReadOnlySpan<double> logits, Span<double> probabilities, int classCount)
    {
        for (int start = 0; start < logits.Length; start += classCount)
        {
            double max = double.NegativeInfinity, sum = 0;
            for (int j = 0; j < classCount; j++) max = Math.Max(max, logits[start + j]);
            for (int j = 0; j < classCount; j++) sum += Exp(logits[start + j] - max);
            for (int j = 0; j < classCount; j++) probabilities[start + j] = Exp(logits[start + j] - max) / sum;
        }
    }

    /// <summary>The mean over the rows of -ln softmax(row)[label]. logits [rows×classCount], labels [rows].</summary>
    public static double SoftmaxCrossEntropy(ReadOnlySpan<double> logits, ReadOnlySpan<int> labels, int classCount)
    {
        double loss = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            var row = logits.Slice(i * classCount, classCount);
            double max = double.NegativeInfinity, sum = 0;
            foreach (double x in row) max = Math.Max(max, x);
            foreach (double x in row) sum += Exp(x - max);
            loss += Log(sum) + max - row[labels[i]];
        }

        return loss / labels.Length;
    }

    /// <summary>The gradient of <see cref="SoftmaxCrossEntropy"/>, (softmax - onehot)/rows. logits, gradient [rows×classCount], labels [rows].</summary>
    public static void SoftmaxBackward(ReadOnlySpan<double> logits, ReadOnlySpan<int> labels, Span<double> gradient, int classCount)
    {
        Softmax(logits, gradient, classCount);
        for (int i = 0; i < labels.Length; i++) gradient[i * classCount + labels[i]] -= 1;
        for (int i = 0; i < gradient.Length; i++) gradient[i] /= labels.Length;
    }
}
