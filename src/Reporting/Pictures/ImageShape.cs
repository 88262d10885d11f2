using System.Collections.Immutable;

namespace FedPure.Reporting.Pictures;

/// <summary>How the features of an example make an image, row-major, channels last.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Channels">1 for grey, 3 for red, green and blue.</param>
public readonly record struct ImageShape(int Height, int Width, int Channels)
{
    // Fewer features than this are measurements, not pixels, although 4 is a square too.
    private const int LeastSide = 4;

    /// <summary>Number of values.</summary>
    public int Length => Height * Width * Channels;

    /// <summary>
    /// The image that examples of a shape are: height×width, height×width×1 or ×3, or a flat square number of features from 16 on; null for data that are no
    /// images.
    /// </summary>
    public static ImageShape? Of(ImmutableArray<int> shape) => shape switch
    {
        [var height, var width] when height > 1 && width > 1 => new ImageShape(height, width, 1),
        [var height, var width, 1 or 3] when height > 1 && width > 1 => new ImageShape(height, width, shape[2]),
        [var count] when Math.Round(Math.Sqrt(count)) is >= LeastSide and var side && side * side == count => new ImageShape((int)side, (int)side, 1),
        _ => null,
    };
}
