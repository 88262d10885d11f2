using System.Globalization;
using FedPure.Reporting.Pictures;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace FedPure.Reporting.Exploration;

/// <summary>The charts of one number a client.</summary>
internal static class ClientCharts
{
    private const double Width = 760, Height = 400;

    // As many as the width has room for.
    private const int MostBars = 1000;

    /// <summary>Examples of each client, the largest first.</summary>
    public static string Sizes(DataSurvey survey)
    {
        double[] sizes = [.. survey.Clients.Select(client => (double)client.ExampleCount).OrderDescending()];
        string counts = $"{Chart.Count((long)sizes.Sum(), "example")} of {Chart.Count(sizes.Length, "client")}";
        string summary = string.Create(CultureInfo.InvariantCulture, $"{counts}: {sizes[^1]:N0} to {sizes[0]:N0}, mean {sizes.Average():N1}");
        return Ranked(
            "Examples per client", summary, "Clients, by number of examples", Chart.Counts(AxisPosition.Left, "Examples", 0, 1.08 * Math.Max(1, sizes[0])),
            sizes);
    }

    /// <summary>How far each client's labels are from those of all clients, the farthest first.</summary>
    public static string Skew(DataSurvey survey)
    {
        double[] distances = [.. survey.Clients.Select(client => client.Divergence).OrderDescending()];
        string summary = string.Create(
            CultureInfo.InvariantCulture,
            $"Jensen–Shannon divergence, 0 (the labels of all) to 1 (none in common): {distances[^1]:F3} to {distances[0]:F3}, mean {distances.Average():F3}");
        return Ranked(
            "Distance of each client's labels from those of all", summary, "Clients, by distance",
            Chart.Numbers(AxisPosition.Left, "Divergence in bits", 0, Math.Max(0.05, 1.15 * distances[0])), distances);
    }

    // Bars that touch: with many clients they become an area, whose outline is the distribution.
    private static string Ranked(string title, string summary, string clients, Axis quantity, double[] values)
    {
        var model = Chart.Create(title, summary);
        model.Axes.Add(Chart.Counts(AxisPosition.Bottom, clients, 0, values.Length));
        model.Axes.Add(quantity);
        var bars = new RectangleBarSeries { FillColor = Chart.Main, StrokeColor = OxyColors.White, StrokeThickness = values.Length <= 200 ? 0.5 : 0 };
        foreach (var (first, last, height) in Chart.Bars(values, MostBars)) bars.Items.Add(new RectangleBarItem(first, 0, last + 1, height));
        model.Series.Add(bars);
        double mean = values.Average();
        model.Annotations.Add(
            new LineAnnotation { Type = LineAnnotationType.Horizontal, Y = mean, Color = Chart.Contrast, StrokeThickness = 1.5, LineStyle = LineStyle.Dash });

        // Above the line, since to the right all bars end below it.
        model.Annotations.Add(new TextAnnotation
        {
            Text = "mean",
            TextPosition = new DataPoint(values.Length, mean),
            TextHorizontalAlignment = HorizontalAlignment.Right,
            TextVerticalAlignment = VerticalAlignment.Bottom,
            Offset = new ScreenVector(-8, -3),
            TextColor = Chart.Contrast,
            Stroke = OxyColors.Transparent,
        });
        return Chart.ToSvg(model, Width, Height, $"{summary}. A bar for each client, in descending order.");
    }
}
