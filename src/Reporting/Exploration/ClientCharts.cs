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

    /// <summary>Examples of each client, the largest first.</summary>
    public static string Sizes(DataSurvey survey)
    {
        double[] sizes = [.. survey.Clients.Select(client => (double)client.ExampleCount).OrderDescending()];
        string summary = string.Create(CultureInfo.InvariantCulture, $"{sizes.Sum():N0} examples of {sizes.Length:N0} clients: {sizes[^1]:N0} to {sizes[0]:N0}, mean {sizes.Average():N1}");
        return Ranked("Examples per client", summary, "Clients, by number of examples", "Examples", sizes, 1.08 * Math.Max(1, sizes[0]));
    }

    /// <summary>How far each client's labels are from those of all clients, the farthest first.</summary>
    public static string Skew(DataSurvey survey)
    {
        double[] distances = [.. survey.Clients.Select(client => client.Divergence).OrderDescending()];
        string summary = string.Create(
            CultureInfo.InvariantCulture, $"Jensen–Shannon divergence, 0 (the labels of all) to 1 (none in common): {distances[^1]:F3} to {distances[0]:F3}, mean {distances.Average():F3}");
        return Ranked("Distance of each client's labels from those of all", summary, "Clients, by distance", "Divergence in bits", distances, Math.Max(0.05, Math.Min(1, 1.15 * distances[0])));
    }

    // Bars that touch: with many clients they become an area, whose outline is the distribution.
    private static string Ranked(string title, string summary, string clients, string quantity, double[] values, double most)
    {
        var model = Chart.Create(title, summary);
        model.Axes.Add(Chart.Numbers(AxisPosition.Bottom, clients, 0, values.Length));
        model.Axes.Add(Chart.Numbers(AxisPosition.Left, quantity, 0, most));
        var bars = new RectangleBarSeries { FillColor = Chart.Main, StrokeColor = OxyColors.White, StrokeThickness = values.Length <= 200 ? 0.5 : 0 };
        foreach (var (first, last, value) in Runs(values)) bars.Items.Add(new RectangleBarItem(first, 0, last, value));
        model.Series.Add(bars);
        model.Annotations.Add(new LineAnnotation
        {
            Type = LineAnnotationType.Horizontal,
            Y = values.Average(),
            Color = Chart.Contrast,
            StrokeThickness = 1.5,
            LineStyle = LineStyle.Dash,
            Text = "mean",
            TextColor = Chart.Contrast,
            TextHorizontalAlignment = HorizontalAlignment.Right,
        });
        return Chart.ToSvg(model, Width, Height, $"{summary}. A bar for each client, in descending order.");
    }

    // With thousands of clients neighbours share a bar, as high as the highest of them, so that the file stays small for any number of clients.
    private static IEnumerable<(int First, int Last, double Value)> Runs(double[] descending)
    {
        int step = Math.Max(1, descending.Length / 1000);
        for (int first = 0; first < descending.Length; first += step) yield return (first, Math.Min(first + step, descending.Length), descending[first]);
    }
}
