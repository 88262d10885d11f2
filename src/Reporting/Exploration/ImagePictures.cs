using System.Globalization;
using FedPure.Reporting.Pictures;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;

namespace FedPure.Reporting.Exploration;

/// <summary>The pictures that only images have.</summary>
internal static class ImagePictures
{
    private const int Columns = 10, Rows = 4;

    // Margins for titles and the names of the rows, and the side of a tile with its surroundings, in pixels.
    private const double LeftMargin = 110, TopMargin = 80, BottomMargin = 60, Tile = 64, LabelledTile = 84;

    /// <summary>The first client's first examples in a grid of 4 by 10, each with its label below.</summary>
    public static string Examples(DataSurvey survey)
    {
        var client = survey.Clients[0];
        var model = Chart.Create($"Examples of client {client.ShownName}", $"the first {survey.Examples.Length} of {client.ExampleCount:N0}, each above its label");
        var positions = Chart.Names(AxisPosition.Bottom, "Place in the row", Enumerable.Range(1, Columns).Select(i => i.ToString(CultureInfo.InvariantCulture)));
        var rows = Chart.Names(AxisPosition.Left, "Examples", Enumerable.Range(0, Rows).Select(row => $"{row * Columns + 1}–{(row + 1) * Columns}"));
        model.Axes.Add(positions);
        model.Axes.Add(rows);
        var tile = new ImageTile(survey.Image!.Value, survey.Examples.Select(example => example.Features));
        for (int i = 0; i < survey.Examples.Length; i++)
        {
            var example = survey.Examples[i];
            var (row, column) = Math.DivRem(i, Columns);
            model.Annotations.Add(Framed(tile.Png(example.Features), survey.Image.Value, column, row - 0.12, 0.86, 0.86 * Tile / LabelledTile));
            model.Annotations.Add(new TextAnnotation
            {
                Text = example.Label.ToString(CultureInfo.InvariantCulture),
                TextPosition = new DataPoint(column, row + 0.38),
                TextHorizontalAlignment = HorizontalAlignment.Center,
                TextVerticalAlignment = VerticalAlignment.Middle,
                Stroke = OxyColors.Transparent,
                FontSize = 14,
                FontWeight = FontWeights.Bold,
                TextColor = Chart.Main,
            });
        }

        string labels = string.Join(", ", survey.Examples.Select(example => example.Label));
        return Chart.ToSvg(model, LeftMargin + Columns * Tile, TopMargin + BottomMargin + Rows * LabelledTile, $"A grid of example images. Their labels in reading order: {labels}.");
    }

    /// <summary>For the first clients, the mean image of each class: how differently they write the same.</summary>
    public static string MeanImages(DataSurvey survey)
    {
        var clients = ClientsWithMeanImages(survey);
        var model = Chart.Create("Mean image of each class", $"of the first {clients.Length} clients; empty where a client has no example of the class");
        model.Axes.Add(Chart.Names(AxisPosition.Bottom, "Class", Enumerable.Range(0, survey.ClassCount).Select(label => label.ToString(CultureInfo.InvariantCulture))));
        model.Axes.Add(Chart.Names(AxisPosition.Left, "Client", clients.Select(client => client.ShownName)));
        foreach (var (client, label, png) in MeanTiles(survey)) model.Annotations.Add(Framed(png, survey.Image!.Value, label, Array.IndexOf(clients, client), 0.9, 0.9));

        return Chart.ToSvg(
            model, LeftMargin + 7 * clients.Max(client => client.ShownName.Length) + survey.ClassCount * Tile, TopMargin + BottomMargin + clients.Length * Tile,
            "A grid of images: a row for each client, a column for each class, each the mean of the client's images of the class.");
    }

    /// <summary>The mean images as PNG files, client by client, without the classes of which a client has no example.</summary>
    public static IEnumerable<(ClientSurvey Client, int Label, byte[] Png)> MeanTiles(DataSurvey survey)
    {
        var clients = ClientsWithMeanImages(survey);
        var tile = new ImageTile(survey.Image!.Value, clients.SelectMany(client => client.MeanImages));
        return from client in clients
               from label in Enumerable.Range(0, survey.ClassCount)
               where !client.MeanImages[label].IsEmpty
               select (client, label, tile.Png(client.MeanImages[label]));
    }

    private static ClientSurvey[] ClientsWithMeanImages(DataSurvey survey) => [.. survey.Clients.Where(client => !client.MeanImages.IsDefault)];

    // The larger side fills the place, the other keeps the image's proportions.
    private static ImageAnnotation Framed(byte[] png, ImageShape shape, double x, double y, double width, double height)
    {
        double side = Math.Max(shape.Height, shape.Width);
        return Chart.Picture(png, x, y, width * shape.Width / side, height * shape.Height / side);
    }
}
