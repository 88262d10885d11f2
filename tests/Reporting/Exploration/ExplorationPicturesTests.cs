using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using FedPure.Data;
using FedPure.Digits;
using FedPure.Reporting.Pictures;

namespace FedPure.Reporting.Exploration;

public sealed class ExplorationPicturesTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg", XLink = "http://www.w3.org/1999/xlink";
    private static readonly IFederatedDataset Digits = DigitsDataset.Load().Train;
    private static readonly DataSurvey Survey = DataSurvey.Of(Digits, 10);

    [Theory]
    [InlineData("examples.svg", "Examples of client f0000_18", "Place in the row", "Examples")]
    [InlineData("label-counts.svg", "Labels of the first clients", "Label", "Examples")]
    [InlineData("mean-images.svg", "Mean image of each class", "Class", "Client")]
    [InlineData("sizes.svg", "Examples per client", "Clients, by number of examples", "Examples")]
    [InlineData("skew.svg", "Distance of each client's labels from those of all", "Clients, by distance", "Divergence in bits")]
    [InlineData("label-matrix.svg", "Labels of each client", "Label", "Client")]
    public void Every_picture_has_a_title_and_named_axes_as_text(string name, string title, string horizontal, string vertical)
    {
        var svg = Draw(Survey, name);
        Assert.Equal(title, svg.Element(Svg + "title")!.Value);
        Assert.Equal("img", svg.Attribute("role")!.Value);
        Assert.NotEmpty(svg.Element(Svg + "desc")!.Value);
        var texts = Texts(svg);
        foreach (string text in (string[])[title, horizontal, vertical]) Assert.Contains(text, texts);
        Assert.All(svg.Descendants(Svg + "text"), text => Assert.DoesNotContain("NaN", text.Attribute("transform")!.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void The_hash_is_of_every_client_s_id_labels_and_features()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        foreach (string id in Digits.ClientIds)
        {
            var client = Digits.GetClient(id);
            byte[] name = System.Text.Encoding.UTF8.GetBytes(id);
            writer.Write(name.Length);
            writer.Write(client.Count);
            writer.Write(name);
            for (int i = 0; i < client.Count; i++)
            {
                writer.Write(client.Label(i));
                foreach (float feature in client.Features(i)) writer.Write(feature);
            }
        }

        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes.ToArray())), Survey.Sha256);
    }

    [Fact]
    public void Examples_are_the_first_client_s_first_forty_pixel_for_pixel_in_four_rows_of_ten()
    {
        var svg = Draw(Survey, "examples.svg");
        var client = Digits.GetClient(Digits.ClientIds[0]);
        var images = svg.Descendants(Svg + "image").ToList();
        Assert.Equal(40, images.Count);
        for (int i = 0; i < images.Count; i++)
        {
            var png = Decode(images[i]);
            Assert.Equal((28, 28, 1), (png.Height, png.Width, png.Channels));
            Assert.Equal(client.Features(i).ToArray().Select(PngEncoder.ToByte), png.Pixels);
        }

        double[] rows = [.. images.Select(image => Number(image, "y")).Distinct().Order()],
            columns = [.. images.Select(image => Number(image, "x")).Distinct().Order()];
        Assert.Equal((4, 10), (rows.Length, columns.Length));
        for (int i = 0; i < 40; i++) Assert.Equal((rows[i / 10], columns[i % 10]), (Number(images[i], "y"), Number(images[i], "x")));

        // The bold text is the title and, in the same order as the images, their labels.
        var labels = svg.Descendants(Svg + "text")
            .Where(text => text.Attribute("font-weight")!.Value == "700")
            .Select(text => text.Value)
            .Where(text => text.Length == 1);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => client.Label(i).ToString(CultureInfo.InvariantCulture)), labels);
    }

    [Fact]
    public void Mean_images_are_the_means_of_each_client_s_classes()
    {
        var images = Draw(Survey, "mean-images.svg").Descendants(Svg + "image").Select(Decode).ToList();
        int at = 0;
        foreach (string id in Digits.ClientIds.Take(5))
        {
            var client = Digits.GetClient(id);
            foreach (var examples in Enumerable.Range(0, client.Count).GroupBy(client.Label).OrderBy(group => group.Key))
            {
                byte[] expected = [.. Enumerable.Range(0, 784).Select(j => PngEncoder.ToByte((float)examples.Average(i => (double)client.Features(i)[j])))];
                Assert.Equal(expected, images[at++].Pixels);
            }
        }

        Assert.Equal(at, images.Count);
    }

    [Fact]
    public void Label_counts_are_bars_of_common_axes_whose_heights_are_the_counts()
    {
        var svg = Draw(Survey, "label-counts.svg");
        string blue = "fill:rgb(43,108,176)";
        var bars = svg.Descendants(Svg + "rect").Where(
            rect => rect.Attribute("style")?.Value.StartsWith(blue, StringComparison.Ordinal) == true).Select(rect => Number(rect, "height")).ToList();
        double[] counts = [.. Survey.Clients.Take(6).SelectMany(client => client.LabelCounts).Select(count => (double)count)];
        Assert.Equal(60, bars.Count);

        // The library rounds to four decimals of a pixel.
        double scale = bars.Max() / counts.Max();
        foreach (var (bar, count) in bars.Zip(counts)) Assert.Equal(scale * count, bar, 2e-3);
    }

    [Fact]
    public void The_matrix_is_the_darker_the_larger_a_label_s_share()
    {
        var svg = Draw(Survey, "label-matrix.svg");
        foreach (string id in Digits.ClientIds) Assert.Contains(id, Texts(svg));
        var png = Decode(svg.Descendants(Svg + "image").Single());
        Assert.Equal((1200, 120, 3), (png.Height, png.Width, png.Channels));
        for (int row = 0; row < 100; row++)
        {
            var cells = Enumerable.Range(0, 10).Select(
                label => (
                    Share: Survey.Clients[row].LabelShares[label],
                    Red: (int)png.Pixels[3 * ((12 * row + 5) * 120 + 12 * label + 5)])).OrderBy(cell => cell.Share).ToList();
            for (int i = 1; i < cells.Count; i++) Assert.True(cells[i].Red <= cells[i - 1].Red);
        }
    }

    [Fact]
    public void Divergences_agree_with_the_statistics_of_the_partition()
    {
        var spread = Data.Partitioning.SkewStatistics.Of(Digits, 10).JensenShannon;
        Assert.Equal(spread.Most, Survey.Clients.Max(client => client.Divergence));
        Assert.Equal(spread.Least, Survey.Clients.Min(client => client.Divergence));
        Assert.Equal(spread.Mean, Survey.Clients.Average(client => client.Divergence), 1e-12);
    }

    [Fact]
    public void Data_that_are_no_images_have_charts_only()
    {
        var survey = DataSurvey.Of(Dataset([("a", 3), ("b", 5)], [60]), 4);
        Assert.Null(survey.Image);
        Assert.Equal(["label-counts.svg", "sizes.svg", "skew.svg", "label-matrix.svg"], ExplorationPictures.Draw(survey).Select(picture => picture.FileName));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 62)]
    [InlineData(250, 2)]
    [InlineData(20000, 10)]
    [InlineData(100, 1000)]
    [InlineData(2, 100_000)]
    public void Any_number_of_clients_and_classes_is_drawn_in_a_small_file(int clients, int classes)
    {
        var survey = DataSurvey.Of(Dataset(Enumerable.Range(0, clients).Select(i => ($"<client> & \"{i}\" é", i % 7)), [4, 5, 3]), classes);
        Assert.Equal(new ImageShape(4, 5, 3), survey.Image);
        foreach (var picture in ExplorationPictures.Draw(survey))
        {
            XElement.Parse(picture.Svg);
            Assert.InRange(picture.Svg.Length, 1000, 400_000);
            Assert.DoesNotContain("NaN", picture.Svg.Split("base64")[0], StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(62)]
    public void Images_keep_their_proportions_and_texts_stay_inside_and_apart(int classes)
    {
        var survey = DataSurvey.Of(Dataset([("a", 3), ($"a {new string('n', 50)}", 41), ("c", 12)], [4, 5, 3]), classes);
        foreach (var picture in ExplorationPictures.Draw(survey))
        {
            var svg = XElement.Parse(picture.Svg);
            foreach (var image in svg.Descendants(Svg + "image").Where(_ => picture.FileName is "examples.svg" or "mean-images.svg"))
                Assert.Equal(5 / 4.0, Number(image, "width") / Number(image, "height"), 1e-3);
            var texts = svg.Descendants(Svg + "text").Select(text => new DrawnText(text)).ToList();
            Assert.All(texts, text =>
            {
                Assert.InRange(text.Left, 0, Number(svg, "width"));
                Assert.InRange(text.Right, 0, Number(svg, "width"));
            });

            // The axis's title stands to the left of the names of its rows.
            var title = texts.First(text => text.IsUpright);
            Assert.All(
                texts.Where(text => text.EndsAtItsPlace && text.Text != "mean"),
                text => Assert.True(title.Right + 3 < text.Left, $"{picture.FileName}: {title} and {text}"));
        }
    }

    [Fact]
    public void Few_clients_and_examples_are_counted_in_whole_numbers_and_take_no_empty_room()
    {
        var survey = DataSurvey.Of(Dataset([("a", 1), ("b", 0)], [4, 5, 3]), 2);
        foreach (string name in (string[])["sizes.svg", "skew.svg", "label-counts.svg"])
        {
            var numbers = Texts(Draw(survey, name)).Where(text => double.TryParse(text, CultureInfo.InvariantCulture, out _)).Where(
                text => name != "skew.svg" || text.Length == 1);
            Assert.DoesNotContain(numbers, text => text.Contains('.', StringComparison.Ordinal));
        }

        Assert.Contains("1 example of 2 clients: 0 to 1, mean 0.5", Texts(Draw(survey, "sizes.svg")));
        Assert.DoesNotContain("11–20", Texts(Draw(survey, "examples.svg")));
        Assert.True(Number(Draw(survey, "label-counts.svg"), "height") < Number(Draw(Survey, "label-counts.svg"), "height"));
        Assert.Contains("it has no examples", Texts(Draw(DataSurvey.Of(Dataset([("a", 0), ("b", 1)], [4, 5, 3]), 1), "examples.svg")));
        Assert.Contains("1 client", Texts(Draw(DataSurvey.Of(Dataset([("a", 1)], [4, 5, 3]), 1), "label-matrix.svg")));
    }

    [Fact]
    public void The_mean_is_named_above_its_line_where_no_bar_is()
    {
        var svg = Draw(DataSurvey.Of(Dataset([("a", 30), ("b", 30)], [60]), 2), "sizes.svg");
        double line = svg.Descendants(Svg + "polyline").Concat(svg.Descendants(Svg + "line")).Where(
            element => element.ToString().Contains($"{Chart.Contrast.R},{Chart.Contrast.G},{Chart.Contrast.B}", StringComparison.Ordinal)).Select(Top).Min();
        Assert.True(new DrawnText(svg.Descendants(Svg + "text").Single(text => text.Value == "mean")).Bottom < line);

        static double Top(XElement element) => element.Attribute("points") is { } points
            ? double.Parse(points.Value.Split(' ')[0].Split(',')[1], CultureInfo.InvariantCulture) : Number(element, "y1");
    }

    [Fact]
    public void Many_classes_share_columns_and_only_the_first_have_mean_images()
    {
        // Client i has one example, of label 10·i.
        var table = new ExampleTable(new float[100 * 16], Enumerable.Range(0, 100).Select(i => 10 * i).ToArray(), [4, 4]);
        var survey = DataSurvey.Of(
            new FederatedDataset(table, [.. Enumerable.Range(0, 100).Select(i => KeyValuePair.Create($"{i:D2}", new RowSet(i, 1)))]), 2700);
        var png = Decode(Draw(survey, "label-matrix.svg").Descendants(Svg + "image").Single());
        Assert.Equal((1200, 900), (png.Height, png.Width));
        for (int row = 0; row < 100; row++)
        {
            // Three labels a column, of which the one that occurs makes it dark.
            for (int column = 0; column < 900; column++) Assert.Equal(column == 10 * row / 3, png.Pixels[3 * ((12 * row + 5) * 900 + column)] < 255);
        }

        var svg = Draw(survey, "mean-images.svg");
        Assert.Equal(5, svg.Descendants(Svg + "image").Count());
        Assert.Contains("of the first 5 clients and 100 of 2,700 classes; empty where a client has no example of the class", Texts(svg));
    }

    [Fact]
    public void Ids_that_no_SVG_can_hold_are_shown_as_far_as_they_can_be()
    {
        string id = "a\u0001\ud800" + new string('x', 1000) + "the end";
        foreach (var picture in ExplorationPictures.Draw(DataSurvey.Of(Dataset([(id, 3)], [4, 5, 3]), 1)))
        {
            string text = XElement.Parse(picture.Svg).Value;
            if (picture.FileName is "sizes.svg" or "skew.svg") continue;
            Assert.Contains("a\ufffd\ufffd" + new string('x', 22) + "…" + new string('x', 7) + "the end", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void More_labels_than_classes_are_refused()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => DataSurvey.Of(Digits, 9));
        Assert.Contains("at least 10", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pixels_beyond_0_to_1_are_brought_there_by_their_extremes()
    {
        var table = new ExampleTable(new[] { -2f, 0, 2, float.NaN }.Concat(Enumerable.Repeat(1f, 12)).ToArray(), new[] { 0 }, [4, 4]);
        var survey = DataSurvey.Of(new FederatedDataset(table, [new("a", new RowSet(0, 1))]), 1);
        var png = Decode(Draw(survey, "examples.svg").Descendants(Svg + "image").Single());
        Assert.Equal([0, 127, 255, 0, 191], png.Pixels[..5]);
    }

    [Theory]
    [InlineData(new[] { 784 }, 28, 28, 1)]
    [InlineData(new[] { 28, 28 }, 28, 28, 1)]
    [InlineData(new[] { 32, 16, 3 }, 32, 16, 3)]
    [InlineData(new[] { 32, 16, 1 }, 32, 16, 1)]
    public void Shapes_that_are_images(int[] shape, int height, int width, int channels) =>
        Assert.Equal(new ImageShape(height, width, channels), ImageShape.Of([.. shape]));

    [Theory]
    [InlineData(60)]
    [InlineData(9)]
    [InlineData(1, 784)]
    [InlineData(28, 28, 2)]
    [InlineData(2, 2, 2, 3)]
    public void Shapes_that_are_none(params int[] shape) => Assert.Null(ImageShape.Of([.. shape]));

    private static XElement Draw(DataSurvey survey, string name) =>
        XElement.Parse(ExplorationPictures.Draw(survey).Single(picture => picture.FileName == name).Svg);

    private static List<string> Texts(XElement svg) => [.. svg.Descendants(Svg + "text").Select(text => text.Value)];

    private static double Number(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    private static DecodedPng Decode(XElement image) =>
        DecodedPng.Decode(Convert.FromBase64String(image.Attribute(XLink + "href")!.Value["data:image/png;base64,".Length..]));

    // A text as it is drawn, by mean measures of Arial's letters and digits.
    private sealed class DrawnText
    {
        // Width of a letter in a sentence with its narrow ones, and depth of a g, both as parts of the font's size.
        private const double Width = 0.43, Descent = 0.21;

        public DrawnText(XElement text)
        {
            Text = text.Value;
            double[] place =
                [.. text.Attribute("transform")!.Value.Split('(', ')')[1].Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
            double size = Number(text, "font-size"), width = Width * size * Text.Length;
            string anchor = text.Attribute("text-anchor")?.Value ?? "start";
            IsUpright = text.Attribute("transform")!.Value.Contains("rotate(-90)", StringComparison.Ordinal);
            EndsAtItsPlace = anchor == "end" && !IsUpright;
            (Left, Right) = IsUpright
                ? (place[0] - size, place[0] + Descent * size) : anchor == "start" ? (place[0], place[0] + width) : anchor == "end"
                ? (place[0] - width, place[0]) : (place[0] - width / 2, place[0] + width / 2);
            Bottom = place[1];
        }

        public string Text { get; }

        public bool IsUpright { get; }

        public bool EndsAtItsPlace { get; }

        public double Left { get; }

        public double Right { get; }

        public double Bottom { get; }

        public override string ToString() => $"'{Text}' from {Left:F1} to {Right:F1}";
    }

    // Clients with that many examples, all of one pixel pattern and of labels 0 and 1 in turn.
    private static FederatedDataset Dataset(IEnumerable<(string Id, int Count)> clients, ImmutableArray<int> shape)
    {
        var rows = new List<KeyValuePair<string, RowSet>>();
        int next = 0;
        foreach (var (id, count) in clients)
        {
            rows.Add(new(id, new RowSet(next, count)));
            next += count;
        }

        int length = shape.Aggregate(1, (product, size) => product * size);
        return new FederatedDataset(new ExampleTable(Enumerable.Range(0, next * length).Select(i => i % 5 / 5f).ToArray(), new int[next], shape), rows);
    }
}
