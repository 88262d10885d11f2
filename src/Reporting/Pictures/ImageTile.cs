using System.Collections.Immutable;

namespace FedPure.Reporting.Pictures;

/// <summary>
/// Makes PNG files of features. Values beyond 0 to 1, such as standardized pixels, are brought there by the extremes of all images shown together.
/// </summary>
/// <param name="shape">What each image is.</param>
/// <param name="images">All that are shown; empty ones are passed over.</param>
internal sealed class ImageTile(ImageShape shape, IEnumerable<ImmutableArray<float>> images)
{
    private readonly (float Least, float Most) _range = Range(images);

    public byte[] Png(ImmutableArray<float> features)
    {
        float width = _range.Most - _range.Least;
        float[] intensities = [.. features.Select(value => width > 0 ? (value - _range.Least) / width : 0.5f)];
        return PngEncoder.Encode(intensities.AsSpan(), shape.Height, shape.Width, shape.Channels);
    }

    private static (float Least, float Most) Range(IEnumerable<ImmutableArray<float>> images)
    {
        float least = float.PositiveInfinity, most = float.NegativeInfinity;
        foreach (float value in images.SelectMany(image => image).Where(float.IsFinite)) (least, most) = (Math.Min(least, value), Math.Max(most, value));
        return least >= 0 && most <= 1 || least > most ? (0, 1) : (least, most);
    }
}
