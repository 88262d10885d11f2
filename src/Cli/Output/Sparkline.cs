namespace FedPure.Cli.Output;

/// <summary>A curve as a row of block characters, the smallest value at the bottom and the largest at the top.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    // For a value that is not finite, such as the loss of a model that has diverged.
    private const char NoNumber = 'x';

    /// <summary>At most <paramref name="width"/> characters: one for each value, or for the mean of as many neighbours as it takes.</summary>
    public static string Draw(ReadOnlySpan<double> values, int width)
    {
        var columns = new double[Math.Min(width, values.Length)];
        for (int i = 0; i < columns.Length; i++)
        {
            int first = (int)((long)i * values.Length / columns.Length), next = (int)((i + 1L) * values.Length / columns.Length);
            double sum = 0;
            foreach (double value in values[first..next]) sum += value;
            columns[i] = sum / (next - first);
        }

        double least = double.PositiveInfinity, most = double.NegativeInfinity;
        foreach (double value in columns.Where(double.IsFinite)) (least, most) = (Math.Min(least, value), Math.Max(most, value));
        return string.Concat(
            columns.Select(
                value => !double.IsFinite(value)
                    ? NoNumber : Blocks[most > least ? (int)Math.Round((value - least) / (most - least) * (Blocks.Length - 1)) : 0]));
    }
}
