using System.Globalization;
using System.Xml.Linq;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;

namespace FedPure.Reporting.Pictures;

/// <summary>What all charts have in common: their look, and how they become SVG.</summary>
internal static class Chart
{
    // The library knows the widths of Arial's letters; whoever has not Arial has one of the others, which are much alike.
    private const string Font = "Arial", Fonts = "Arial, Helvetica, Liberation Sans, sans-serif";

    private const double TitleSize = 17, SubtitleSize = 12, TextSize = 12;

    // Between a name along an axis and the axis's title, of which the library takes 4 off again, and the letters that hang below their line another 3.
    public const double TitleDistance = 12;

    /// <summary>The colours of bars and of what is set off against them; the second is told apart by those who do not see red or green as well.</summary>
    public static readonly OxyColor Main = OxyColor.Parse("#2B6CB0"), Contrast = OxyColor.Parse("#B7501D"), Ink = OxyColor.Parse("#1A202C"),
    Faint = OxyColor.Parse("#E2E8F0");

    /// <summary>White to dark blue: the more, the darker.</summary>
    public static OxyPalette Shades { get; } = OxyPalette.Interpolate(
        64, OxyColors.White, OxyColor.Parse("#BEE3F8"), OxyColor.Parse("#4299E1"), OxyColor.Parse("#2B6CB0"), OxyColor.Parse("#1A365D"));

    /// <summary>A chart without series.</summary>
    public static PlotModel Create(string title, string? subtitle = null) => new()
    {
        Title = title,
        Subtitle = subtitle,
        TitleFontSize = TitleSize,
        SubtitleFontSize = SubtitleSize,
        TitleFontWeight = FontWeights.Bold,
        TitlePadding = 10,
        TitleHorizontalAlignment = TitleHorizontalAlignment.CenteredWithinView,
        DefaultFont = Font,
        DefaultFontSize = TextSize,
        TextColor = Ink,
        SubtitleColor = OxyColor.Parse("#4A5568"),
        Background = OxyColors.White,
        PlotAreaBorderThickness = new OxyThickness(0),
        Padding = new OxyThickness(12, 8, 20, 12),
        Culture = CultureInfo.InvariantCulture,
    };

    /// <summary>An axis of numbers with light grid lines.</summary>
    public static LinearAxis Numbers(AxisPosition position, string title, double least, double most, string format = "#,0.###") => Styled(new LinearAxis
    {
        Position = position,
        Title = title,
        Minimum = least,
        Maximum = most,
        StringFormat = format,
        MajorGridlineStyle = position is AxisPosition.Left ? LineStyle.Solid : LineStyle.None,
        MajorGridlineColor = Faint,
        MinorTickSize = 0,
    });

    /// <summary>An axis of whole numbers.</summary>
    public static LinearAxis Counts(AxisPosition position, string title, double least, double most)
    {
        var axis = Numbers(position, title, least, most, "#,0");
        axis.MinimumMajorStep = 1;
        return axis;
    }

    /// <summary>An axis of names, the first one at the left or at the top.</summary>
    public static CategoryAxis Names(AxisPosition position, string title, IEnumerable<string> names)
    {
        bool isVertical = position is AxisPosition.Left;
        string[] all = [.. names];
        return Styled(new CategoryAxis
        {
            Position = position,
            Title = title,
            ItemsSource = all,
            Minimum = -0.5,
            Maximum = all.Length - 0.5,
            StartPosition = isVertical ? 1 : 0,
            EndPosition = isVertical ? 0 : 1,
            GapWidth = 0,
            IsTickCentered = true,
            MajorTickSize = 0,
            MinorTickSize = 0,
        });
    }

    /// <summary>A picture whose middle is at (x, y) and whose sides are in the axes' units.</summary>
    public static ImageAnnotation Picture(byte[] png, double x, double y, double width, double height) => new()
    {
        ImageSource = new OxyImage(png),
        X = new PlotLength(x, PlotLengthUnit.Data),
        Y = new PlotLength(y, PlotLengthUnit.Data),
        Width = new PlotLength(width, PlotLengthUnit.Data),
        Height = new PlotLength(height, PlotLengthUnit.Data),
        HorizontalAlignment = HorizontalAlignment.Center,
        VerticalAlignment = VerticalAlignment.Middle,
        Interpolate = false,
    };

    /// <summary>
    /// Bars of any number of values in a bounded number of them: beyond it neighbours share a bar, as high as the highest of them, so that a file stays small
    /// and no bar is too narrow to be seen.
    /// </summary>
    /// <returns>The first and the last value of each bar, and its height.</returns>
    public static IEnumerable<(int First, int Last, double Height)> Bars(IReadOnlyList<double> values, int most)
    {
        int step = (values.Count + most - 1) / most;
        for (int first = 0; first < values.Count; first += step)
        {
            int last = Math.Min(first + step, values.Count) - 1;
            double height = values[first];
            for (int i = first + 1; i <= last; i++) height = Math.Max(height, values[i]);
            yield return (first, last, height);
        }
    }

    /// <summary>The usual size of a bold text's letters, or a smaller one where the text would be wider than there is room.</summary>
    public static double SizeToFit(string text, double room) =>
        TextSize * Math.Min(1, room / new TextMeasurer(room, room).MeasureText(text, Font, TextSize, FontWeights.Bold).Width);

    /// <summary>A number of things, such as 1 client or 2,000 clients.</summary>
    public static string Count(long number, string thing) => string.Create(CultureInfo.InvariantCulture, $"{number:N0} {thing}{(number == 1 ? "" : "s")}");

    /// <summary>The chart as an SVG document whose plot has a size in pixels; the titles and names around it take what room they need.</summary>
    public static string ToSvgAround(PlotModel model, double plotWidth, double plotHeight, string description)
    {
        // How much that is shows once it is drawn.
        const double Room = 1000;
        ToSvg(model, plotWidth + Room, plotHeight + Room, description);
        double width = plotWidth + plotWidth + Room - model.PlotArea.Width, height = plotHeight + plotHeight + Room - model.PlotArea.Height;
        var measurer = new TextMeasurer(width, height);
        double titles = Math.Max(
            measurer.MeasureText(model.Title, Font, TitleSize, FontWeights.Bold).Width,
            measurer.MeasureText(model.Subtitle, Font, SubtitleSize, FontWeights.Normal).Width);

        // Whole pixels, and no fewer than the titles are wide; what is left over goes to both sides.
        double wide = Math.Ceiling(Math.Max(width, titles + model.Padding.Left + model.Padding.Right)), high = Math.Ceiling(height), side = (wide - width) / 2;
        model.Padding = new OxyThickness(model.Padding.Left + side, model.Padding.Top, model.Padding.Right + side, model.Padding.Bottom + high - height);
        return ToSvg(model, wide, high, description);
    }

    /// <summary>The chart as an SVG document of a size in pixels, with a title and a description for those who cannot see it.</summary>
    public static string ToSvg(PlotModel model, double width, double height, string description)
    {
        var exporter = new SvgExporter
        {
            Width = width,
            Height = height,
            IsDocument = false,
            UseVerticalTextAlignmentWorkaround = true,
            TextMeasurer = new TextMeasurer(width, height),
        };
        var svg = XElement.Parse(exporter.ExportToString(model));
        var space = svg.Name.Namespace;
        svg.SetAttributeValue("role", "img");
        svg.AddFirst(new XElement(space + "title", model.Title), new XElement(space + "desc", description));

        // Pixels are shown as they are: an enlarged tile shall not be blurred.
        foreach (var image in svg.Descendants(space + "image")) image.SetAttributeValue("style", "image-rendering:pixelated");
        foreach (var text in svg.Descendants(space + "text").Attributes("font-family")) text.Value = Fonts;
        return svg.ToString(SaveOptions.DisableFormatting);
    }

    private static T Styled<T>(T axis)
        where T : Axis
    {
        axis.AxislineStyle = LineStyle.None;
        axis.TicklineColor = OxyColor.Parse("#A0AEC0");
        axis.AxisTitleDistance = TitleDistance;
        axis.TitleFontSize = 13;
        axis.IntervalLength = 70;
        return axis;
    }
}
