using System.Globalization;
using FedPure.Reporting.Pictures;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;

namespace FedPure.Reporting.Exploration;

/// <summary>The pictures that only images have.</summary>
internal static class ImagePictures
{
    private const int Columns = 10, MostClasses = 100;

    // The side of a tile with its surroundings, and its height with a label, in pixels.
    private const double Tile = 64, LabelledTile = 84;

    /// <summary>The first client's first examples in rows of 10, each with its label below.</summary>
    public static string Examples(DataSurvey survey)
    {
        var client = survey.Clients[0];
        int rowCount = Math.Max(1, (survey.Examples.Length + Columns - 1) / Columns);
        var model = Chart.Create(
            $"Examples of client {client.ShownName}",
            client.ExampleCount == 0
                ? "it has no examples"
                : string.Create(CultureInfo.InvariantCulture, $"the first {survey.Examples.Length} of {client.ExampleCount:N0}, each above its label"));
        var positions = Chart.Names(
            AxisPosition.Bottom, "Place in the row", Enumerable.Range(1, Columns).Select(i => i.ToString(CultureInfo.InvariantCulture)));
        var rows = Chart.Names(AxisPosition.Left, "Examples", Enumerable.Range(0, rowCount).Select(row => $"{row * Columns + 1}–{(row + 1) * Columns}"));
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
        string description = client.ExampleCount == 0
            ? "An empty grid: the client has no examples." : $"A grid of example images. Their labels in reading order: {labels}.";
        return Chart.ToSvgAround(model, Columns * Tile, rowCount * LabelledTile, description);
    }

    /// <summary>For the first clients, the mean image of each class: how differently they write the same.</summary>
    public static string MeanImages(DataSurvey survey)
    {
        var clients = ClientsWithMeanImages(survey);
        int classes = Math.Min(survey.ClassCount, MostClasses);
        string some = classes < survey.ClassCount ? string.Create(CultureInfo.InvariantCulture, $" and {classes} of {survey.ClassCount:N0} classes") : "";
        string which = Chart.Count(clients.Length, "client") + some;
        var model = Chart.Create("Mean image of each class", $"of the first {which}; empty where a client has no example of the class");
        model.Axes.Add(Chart.Names(AxisPosition.Bottom, "Class", Enumerable.Range(0, classes).Select(label => label.ToString(CultureInfo.InvariantCulture))));
        model.Axes.Add(Chart.Names(AxisPosition.Left, "Client", clients.Select(client => client.ShownName)));
        foreach (var (client, label, png) in MeanTiles(survey))
            model.Annotations.Add(Framed(png, survey.Image!.Value, label, Array.IndexOf(clients, client), 0.9, 0.9));

        return Chart.ToSvgAround(
            model, classes * Tile, clients.Length * Tile,
            "A grid of images: a row for each client, a column for each class, each the mean of the client's images of the class.");
    }

    /// <summary>
    /// The mean images of the first classes, up to 100, as PNG files, client by client, without the classes of which a client has no example.
    /// </summary>
    public static IEnumerable<(ClientSurvey Client, int Label, byte[] Png)> MeanTiles(DataSurvey survey)
    {
        var clients = ClientsWithMeanImages(survey);
        var tile = new ImageTile(survey.Image!.Value, clients.SelectMany(client => client.MeanImages));
        return from client in clients
               from label in Enumerable.Range(0, Math.Min(survey.ClassCount, MostClasses))
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
