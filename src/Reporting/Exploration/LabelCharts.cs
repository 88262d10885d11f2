using System.Globalization;
using FedPure.Reporting.Pictures;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;
using PngEncoder = FedPure.Reporting.Pictures.PngEncoder;

namespace FedPure.Reporting.Exploration;

/// <summary>The charts of clients and labels.</summary>
internal static class LabelCharts
{
    private const int Columns = 3, Rows = 2, MatrixClients = 100;
    private const double Gap = 0.04;

    /// <summary>Label histograms of the first 6 clients in 2 rows of 3, with common axes.</summary>
    public static string Counts(DataSurvey survey)
    {
        var clients = survey.Clients.Take(Columns * Rows).ToArray();
        var model = Chart.Create("Labels of the first clients", "examples of each label; the same axes for all");
        double most = 1.2 * Math.Max(1, clients.Max(client => client.LabelCounts.Max()));
        for (int row = 0; row < Rows; row++)
        {
            var counts = Chart.Numbers(AxisPosition.Left, "Examples", 0, most);
            (counts.Key, counts.StartPosition, counts.EndPosition) = (Key("y", row), Place(Rows - 1 - row, Rows, 0.09), Place(Rows - 1 - row, Rows, 0.09) + Size(Rows, 0.09));
            model.Axes.Add(counts);
        }

        for (int column = 0; column < Columns; column++)
        {
            var labels = Chart.Numbers(AxisPosition.Bottom, "Label", -0.6, survey.ClassCount - 0.4, "0");
            (labels.Key, labels.StartPosition, labels.EndPosition) = (Key("x", column), Place(column, Columns, Gap), Place(column, Columns, Gap) + Size(Columns, Gap));
            labels.MajorStep = Math.Max(1, Math.Ceiling(survey.ClassCount / 12.0));
            model.Axes.Add(labels);
        }

        for (int i = 0; i < clients.Length; i++)
        {
            var (row, column) = Math.DivRem(i, Columns);
            var bars = new RectangleBarSeries { FillColor = Chart.Main, StrokeThickness = 0, XAxisKey = Key("x", column), YAxisKey = Key("y", row) };
            for (int label = 0; label < survey.ClassCount; label++) bars.Items.Add(new RectangleBarItem(label - 0.42, 0, label + 0.42, clients[i].LabelCounts[label]));
            model.Series.Add(bars);
            model.Annotations.Add(new TextAnnotation
            {
                Text = string.Create(CultureInfo.InvariantCulture, $"{clients[i].ShownName} ({clients[i].ExampleCount:N0})"),
                TextPosition = new DataPoint((survey.ClassCount - 1) / 2.0, most),
                TextHorizontalAlignment = HorizontalAlignment.Center,
                TextVerticalAlignment = VerticalAlignment.Top,
                Stroke = OxyColors.Transparent,
                FontWeight = FontWeights.Bold,
                XAxisKey = Key("x", column),
                YAxisKey = Key("y", row),
            });
        }

        string description = string.Join("; ", clients.Select(client => $"client {client.ShownName}: {string.Join(", ", client.LabelCounts)}"));
        return Chart.ToSvg(model, 900, 520, $"Label histograms, counts from label 0 on. {description}.");
    }

    /// <summary>Clients by classes: the darker, the larger the label's share of the client's examples.</summary>
    public static string Matrix(DataSurvey survey)
    {
        var clients = survey.Clients.Take(MatrixClients).ToArray();
        string which = clients.Length < survey.Clients.Length ? string.Create(CultureInfo.InvariantCulture, $"the first {clients.Length} of {survey.Clients.Length:N0} clients") : $"{clients.Length} clients";
        double darkest = Math.Max(0.01, clients.Max(client => client.LabelShares.Max()));
        var model = Chart.Create("Labels of each client", which);
        var classes = Chart.Numbers(AxisPosition.Bottom, "Label", -0.5, survey.ClassCount - 0.5, "0");
        classes.MajorStep = Math.Max(1, Math.Ceiling(survey.ClassCount / 31.0));
        var names = Chart.Names(AxisPosition.Left, "Client", clients.Select(client => client.ShownName));
        names.FontSize = 9;
        model.Axes.Add(classes);
        model.Axes.Add(names);
        model.Axes.Add(new LinearColorAxis
        {
            Position = AxisPosition.Right,
            Palette = Chart.Shades,
            Minimum = 0,
            Maximum = darkest,
            Title = "Share of the client's examples",
            StringFormat = "0%",
            TitleFontSize = 13,
            AxisTitleDistance = 8,
            MinorTickSize = 0,
        });
        model.Annotations.Add(Chart.Picture(Cells(clients, survey.ClassCount, darkest), (survey.ClassCount - 1) / 2.0, (clients.Length - 1) / 2.0, survey.ClassCount, clients.Length));
        double longest = clients.Max(client => client.ShownName.Length);
        return Chart.ToSvg(
            model, 170 + 5.5 * longest + Math.Clamp(28 * survey.ClassCount, 200, 900), 130 + Math.Max(200, 11 * clients.Length),
            $"A heat map of {which}, a row each, by label, a column each: the darker, the larger the label's share of the client's examples, from 0 to {darkest.ToString("P0", CultureInfo.InvariantCulture)}.");
    }

    // Several pixels a cell, so that viewers that blur an enlarged picture do not blur the cells; a white line sets rows apart.
    private static byte[] Cells(ClientSurvey[] clients, int classCount, double darkest)
    {
        const int Cell = 12;
        var pixels = new byte[clients.Length * Cell * classCount * Cell * 3];
        int at = 0;
        foreach (var client in clients)
        {
            for (int y = 0; y < Cell; y++)
            {
                for (int x = 0; x < classCount * Cell; x++)
                {
                    double share = client.LabelShares[x / Cell] / darkest;
                    var shade = y == Cell - 1 ? OxyColors.White : Chart.Shades.Colors[Math.Min((int)(share * Chart.Shades.Colors.Count), Chart.Shades.Colors.Count - 1)];
                    (pixels[at], pixels[at + 1], pixels[at + 2]) = (shade.R, shade.G, shade.B);
                    at += 3;
                }
            }
        }

        return PngEncoder.Encode(pixels, clients.Length * Cell, classCount * Cell, 3);
    }

    private static string Key(string axis, int number) => string.Create(CultureInfo.InvariantCulture, $"{axis}{number}");

    // Panels of equal size with gaps between them, as fractions of the whole.
    private static double Size(int count, double gap) => (1 - gap * (count - 1)) / count;

    private static double Place(int index, int count, double gap) => index * (Size(count, gap) + gap);
}
