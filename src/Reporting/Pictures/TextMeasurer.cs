using OxyPlot;

namespace FedPure.Reporting.Pictures;

/// <summary>
/// Widths and heights of text in SVG's pixels. The library measures by its PDF fonts in points of 1/72 inch, but a pixel is 1/96: without the correction the names along an
/// axis run into its title.
/// </summary>
internal sealed class TextMeasurer(double width, double height) : PdfRenderContext(width, height, OxyColors.White)
{
    private const double PixelsPerPoint = 96.0 / 72.0;

    /// <inheritdoc/>
    public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight)
    {
        var size = base.MeasureText(text, fontFamily, fontSize, fontWeight);
        return new OxySize(size.Width * PixelsPerPoint, size.Height * PixelsPerPoint);
    }
}
