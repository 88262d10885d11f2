using OxyPlot;

namespace FedPure.Reporting.Pictures;

/// <summary>
/// Widths and heights of text in SVG's pixels. The library measures by its PDF fonts in points of 1/72 inch, but a pixel is 1/96: without the correction the
/// names along an axis run into its title. Of the letters behind Latin-1 it knows no width; they are taken for as wide as a W, as Chinese ones and the ellipsis
/// nearly are, or an n.
/// </summary>
internal sealed class TextMeasurer(double width, double height) : PdfRenderContext(width, height, OxyColors.White)
{
    private const double PixelsPerPoint = 96.0 / 72.0;

    /// <inheritdoc/>
    public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight)
    {
        string known = string.Concat((text ?? "").Select(letter => letter <= '\u00FF' ? letter : IsWide(letter) ? 'W' : 'n'));
        var size = base.MeasureText(known, fontFamily, fontSize, fontWeight);
        return new OxySize(size.Width * PixelsPerPoint, size.Height * PixelsPerPoint);
    }

    // The em dash and the ellipsis; Hangul, Kana, Han and full-width forms. An emoji is two surrogates.
    private static bool IsWide(char letter) =>
        letter is '\u2014' or '\u2026' or (>= '\u1100' and < '\u1200') or (>= '\u2E80' and < '\uD800') or (>= '\uF900' and <= '\uFFEF');
}
