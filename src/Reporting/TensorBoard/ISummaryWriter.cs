namespace FedPure.Reporting.TensorBoard;

/// <summary>
/// What a run tells TensorBoard, each value under a tag and at a step, which is a round here. Values of a tag are of one kind; tags with a slash are grouped by
/// what stands before it.
/// </summary>
public interface ISummaryWriter : IDisposable
{
    /// <summary>A number; it may be NaN or infinite.</summary>
    void Scalar(string tag, float value, long step);

    /// <summary>
    /// The distribution of values over <paramref name="bucketCount"/> buckets of equal width from the smallest to the largest. Values that are not finite are
    /// left out, since no bucket has them.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no bucket.</exception>
    void Histogram(string tag, ReadOnlySpan<float> values, long step, int bucketCount = 30);

    /// <summary>Images of one size, as PNG files.</summary>
    /// <param name="tag">Under which they are shown.</param>
    /// <param name="pngs">The files, in the order in which they are shown.</param>
    /// <param name="height">Rows of each.</param>
    /// <param name="width">Columns of each.</param>
    /// <param name="step">The round.</param>
    /// <param name="description">Shown with the tag; null for nothing.</param>
    void Images(string tag, IReadOnlyList<byte[]> pngs, int height, int width, long step, string? description = null);

    /// <summary>Text, which is shown as Markdown.</summary>
    void Text(string tag, string markdown, long step);

    /// <summary>The settings that this run started with, so that runs can be compared by them.</summary>
    /// <param name="values">By name: a <see cref="double"/>, <see cref="bool"/> or <see cref="string"/> each.</param>
    /// <exception cref="ArgumentException">A value is of another type.</exception>
    void HyperParameters(IEnumerable<KeyValuePair<string, object>> values);

    /// <summary>That the run which gave its <see cref="HyperParameters"/> has ended, and how.</summary>
    void SessionEnd(bool succeeded);

    /// <summary>Hands over what was written since, so that other programs can read it.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    void Flush();
}
