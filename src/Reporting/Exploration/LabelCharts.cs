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
    private const double Gap = 0.04, RowGap = 0.09, Width = 900, RowHeight = 230, HeightOfTitles = 60;

    private const string Percent = "0.##%";

    // As many as a panel has room for, and as many as anybody listens to.
    private const int MostBars = 250, MostCountsTold = 100;

    // The matrix's width in pixels, and the height of a client in it, of which one is a line that sets rows apart.
    private const int LeastMatrix = 200, WidestMatrix = 900, PixelsPerLabel = 28, PixelsPerClient = 11;

    /// <summary>Label histograms of the first 6 clients in 2 rows of 3, with common axes.</summary>
    public static string Counts(DataSurvey survey)
    {
        var clients = survey.Clients.Take(Columns * Rows).ToArray();
        int rows = (clients.Length + Columns - 1) / Columns, columns = Math.Min(clients.Length, Columns);
        var model = Chart.Create("Labels of the first clients", "examples of each label; the same axes for all");
        double most = 1.2 * Math.Max(1, clients.Max(client => client.LabelCounts.Max()));
        for (int row = 0; row < rows; row++)
        {
            var counts = Chart.Counts(AxisPosition.Left, "Examples", 0, most);
            double start = Place(rows - 1 - row, rows, RowGap);
            (counts.Key, counts.StartPosition, counts.EndPosition) = (Key("y", row), start, start + Size(rows, RowGap));
            model.Axes.Add(counts);
        }

        for (int column = 0; column < columns; column++)
        {
            var labels = Labels(survey.ClassCount, 0.6, most: 12);
            double start = Place(column, columns, Gap);
            (labels.Key, labels.StartPosition, labels.EndPosition) = (Key("x", column), start, start + Size(columns, Gap));
            model.Axes.Add(labels);
        }

        for (int i = 0; i < clients.Length; i++)
        {
            var (row, column) = Math.DivRem(i, Columns);
            var bars = new RectangleBarSeries { FillColor = Chart.Main, StrokeThickness = 0, XAxisKey = Key("x", column), YAxisKey = Key("y", row) };
            foreach (var (first, last, height) in Chart.Bars([.. clients[i].LabelCounts.Select(count => (double)count)], MostBars))
                bars.Items.Add(new RectangleBarItem(first - 0.42, 0, last + 0.42, height));
            model.Series.Add(bars);
            string name = string.Create(CultureInfo.InvariantCulture, $"{clients[i].ShownName} ({clients[i].ExampleCount:N0})");
            model.Annotations.Add(new TextAnnotation
            {
                Text = name,
                TextPosition = new DataPoint((survey.ClassCount - 1) / 2.0, most),
                TextHorizontalAlignment = HorizontalAlignment.Center,
                TextVerticalAlignment = VerticalAlignment.Top,
                Stroke = OxyColors.Transparent,
                FontWeight = FontWeights.Bold,
                FontSize = Chart.SizeToFit(name, Width / columns - 60),
                XAxisKey = Key("x", column),
                YAxisKey = Key("y", row),
            });
        }

        string description = survey.ClassCount <= MostCountsTold
            ? "Label histograms, counts from label 0 on. "
                + $"{string.Join("; ", clients.Select(client => $"client {client.ShownName}: {string.Join(", ", client.LabelCounts)}"))}."
            : string.Create(CultureInfo.InvariantCulture, $"Label histograms of {Chart.Count(clients.Length, "client")} over {survey.ClassCount:N0} labels.");
        return Chart.ToSvg(model, Width, HeightOfTitles + rows * RowHeight, description);
    }

    /// <summary>
    /// Clients by classes: the darker, the larger the label's share of the client's examples. Where there are more classes than pixels, those of a pixel have
    /// their largest share.
    /// </summary>
    public static string Matrix(DataSurvey survey)
    {
        var clients = survey.Clients.Take(MatrixClients).ToArray();
        string which = clients.Length < survey.Clients.Length
            ? string.Create(CultureInfo.InvariantCulture, $"the first {clients.Length} of {survey.Clients.Length:N0} clients")
            : Chart.Count(clients.Length, "client");
        var columns = clients.Select(client => Chart.Bars(client.LabelShares, WidestMatrix).ToArray()).ToArray();
        double[][] shares = [.. columns.Select(row => row.Select(column => column.Height).ToArray())];
        double darkest = Math.Max(0.01, shares.Max(row => row.Max()));
        var model = Chart.Create("Labels of each client", which);
        var names = Chart.Names(AxisPosition.Left, "Client", clients.Select(client => client.ShownName));
        names.FontSize = 9;
        model.Axes.Add(Labels(survey.ClassCount, 0.5, most: 31));
        model.Axes.Add(names);
        model.Axes.Add(new LinearColorAxis
        {
            Position = AxisPosition.Right,
            Palette = Chart.Shades,
            Minimum = 0,
            Maximum = darkest,
            Title = "Share of the client's examples",
            StringFormat = Percent,
            TitleFontSize = 13,
            AxisTitleDistance = Chart.TitleDistance,
            MinorTickSize = 0,
        });

        // The last column may have room for more labels than there are.
        int labels = columns[0].Length * (columns[0][0].Last + 1);
        model.Annotations.Add(Chart.Picture(Cells(shares, darkest), (labels - 1) / 2.0, (clients.Length - 1) / 2.0, labels, clients.Length));
        return Chart.ToSvgAround(
            model, Math.Clamp(PixelsPerLabel * (long)survey.ClassCount, LeastMatrix, WidestMatrix), Math.Max(LeastMatrix, PixelsPerClient * clients.Length),
            $"A heat map of {which}, a row each, by label, a column each: the darker, the larger the label's share of the client's examples, "
                + $"from 0 to {darkest.ToString(Percent, CultureInfo.InvariantCulture)}.");
    }

    // Each label has its number if there is room for that many, else round numbers have.
    private static LinearAxis Labels(int classCount, double margin, int most)
    {
        var axis = Chart.Counts(AxisPosition.Bottom, "Label", -margin, classCount - 1 + margin);
        axis.IntervalLength = 50;
        if (classCount <= most) axis.MajorStep = 1;
        return axis;
    }

    // Several pixels a cell where there is room, so that viewers that blur an enlarged picture do not blur the cells; a white line sets rows apart.
    private static byte[] Cells(double[][] shares, double darkest)
    {
        const int Height = 12;
        int width = Math.Min(Height, WidestMatrix / shares[0].Length), columns = shares[0].Length * width;
        var pixels = new byte[shares.Length * Height * columns * 3];
        int at = 0;
        foreach (double[] row in shares)
        {
            for (int y = 0; y < Height; y++)
            {
                for (int x = 0; x < columns; x++)
                {
                    var shade = y == Height - 1
                        ? OxyColors.White
                        : Chart.Shades.Colors[Math.Min((int)(row[x / width] / darkest * Chart.Shades.Colors.Count), Chart.Shades.Colors.Count - 1)];
                    (pixels[at], pixels[at + 1], pixels[at + 2]) = (shade.R, shade.G, shade.B);
                    at += 3;
                }
            }
        }

        return PngEncoder.Encode(pixels, shares.Length * Height, columns, 3);
    }

    private static string Key(string axis, int number) => string.Create(CultureInfo.InvariantCulture, $"{axis}{number}");

    // Panels of equal size with gaps between them, as fractions of the whole.
    private static double Size(int count, double gap) => (1 - gap * (count - 1)) / count;

    private static double Place(int index, int count, double gap) => index * (Size(count, gap) + gap);
}
