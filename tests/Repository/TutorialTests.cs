using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FedPure.Reporting;
using FedPure.Reporting.TensorBoard;

namespace FedPure.Repository;

/// <summary>docs/tutorial.md beyond what <see cref="DocumentTests"/> ask of every document: its commands, pictures and figures.</summary>
public sealed partial class TutorialTests(TutorialTests.SampleRun sample) : IClassFixture<TutorialTests.SampleRun>
{
    private const int MostBytesOfPictures = 500_000;
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg", XLink = "http://www.w3.org/1999/xlink";
    private static readonly MarkdownDocument Document = new("docs/tutorial.md");

    [Fact]
    public void Its_commands_print_what_it_says()
    {
        using var folder = new WorkFolder();
        int run = 0;
        foreach (var (commands, output) in Document.Commands)
        {
            string printed = string.Concat(commands.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(command =>
            {
                string[] words = command.Split(' ');
                Assert.Equal("fedpure", words[0]);
                run++;
                return Programs.RunIn(folder.Path, [Programs.Beside("fedpure.dll"), .. words[1..]]);
            }));
            if (output is not null) PrintedLines.AssertAre(output, printed);
        }

        Assert.InRange(run, 4, int.MaxValue);
    }

    [Fact]
    public void Its_pictures_are_those_that_the_program_draws()
    {
        var pictures = Document.Links.Where(link => link.EndsWith(".svg", StringComparison.Ordinal)).ToList();
        Assert.InRange(pictures.Count, 3, int.MaxValue);
        Assert.InRange(pictures.Sum(link => new FileInfo(Document.Resolve(link)).Length), 1, MostBytesOfPictures);
        foreach (string link in pictures)
        {
            var (shown, imagesShown) = Picture(Document.Resolve(link));
            var (drawn, imagesDrawn) = Picture(Path.Combine(sample.Folder, "pictures", Path.GetFileName(link)));
            Assert.Equal(shown, drawn);
            Assert.Equal(imagesShown.Count, imagesDrawn.Count);
            foreach (var (first, second) in imagesShown.Zip(imagesDrawn))
            {
                Assert.Equal((first.Height, first.Width, first.Channels), (second.Height, second.Width, second.Channels));
                Assert.Equal(first.Pixels, second.Pixels);
            }
        }
    }

    [Fact]
    public void Its_figures_are_TensorFlow_Federated_s()
    {
        var golden = TestData.Repository.GoldenJson("tutorial/tutorial.json");
        var sampled = TestData.Repository.GoldenJson("tutorial/sampled.json")["rounds"]!;
        var rounds = Metrics(@"^round +(\d+):");
        Assert.Equal(20, rounds.Count);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(i % 10 + 1, rounds[i].Number);
            AssertMetrics(golden[i < 10 ? "keras" : "handwritten"]!["rounds"]![i % 10]!["client_work"]!["train"]!, rounds[i].Metrics, 2e-6);
        }

        // Two clients of the sampled run are close to unstable, where the recorded losses carry more of the other side's rounding (tests/golden/tutorial).
        var sampledRounds = Metrics(@"^round (\d+), ");
        Assert.Equal([10, 20, 30], sampledRounds.Select(round => round.Number));
        foreach (var (number, metrics) in sampledRounds) AssertMetrics(sampled[number - 1]!["client_work"]!["train"]!, metrics, 2e-5);
        var evaluation = golden["handwritten"]!["evaluation"]!;
        foreach (string split in (string[])["train", "test"])
            AssertMetrics(
                evaluation[$"round10_{split}"]!["client_work"]!["eval"]!["current_round_metrics"]!, Assert.Single(Metrics($"^{split}(): +")).Metrics, 2e-6);
        Assert.Contains($"y: {string.Join(' ', golden["pipeline"]!["first_batch_labels_client0"]!.AsArray())}\n", sample.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_event_files_hold_ten_rounds_and_the_mean_images()
    {
        var events = EventFileReader.Events(Assert.Single(Directory.GetFiles(Path.Combine(sample.Folder, "logs", "training"))));
        var tags = events.Where(e => e.Tag is not null).GroupBy(e => e.Tag!).ToDictionary(group => group.Key, group => group.Select(e => e.Step).ToArray());
        Assert.Equal(50, events.Count(e => e.Plugin == "images"));
        foreach (string tag in (string[])["loss", "sparse_categorical_accuracy", "weights/dense/kernel", "update/dense/kernel"])
            Assert.Equal(Enumerable.Range(1, 10).Select(round => (long)round), tags[tag]);
    }

    // A picture without its tiles, and those: how a PNG is packed is up to the platform's zlib.
    private static (string Drawing, List<DecodedPng> Tiles) Picture(string file)
    {
        var svg = XElement.Parse(File.ReadAllText(file));
        var tiles = svg.Descendants(Svg + "image").Attributes(XLink + "href").ToList();
        List<DecodedPng> pngs = [.. tiles.Select(tile => DecodedPng.Decode(Convert.FromBase64String(tile.Value["data:image/png;base64,".Length..])))];
        foreach (var tile in tiles) tile.Value = "";
        return (svg.ToString(), pngs);
    }

    private static void AssertMetrics(JsonNode golden, Dictionary<string, double> metrics, double lossTolerance)
    {
        Assert.NotEmpty(metrics);
        foreach (var (name, value) in metrics)
        {
            double expected = (double)golden[name]!;
            Assert.Equal(expected, value, name == "loss" ? lossTolerance * expected : 1e-6 * Math.Abs(expected));
        }
    }

    // The lines that match, the number in the pattern's group if there is one, and the metrics in them.
    private List<(int Number, Dictionary<string, double> Metrics)> Metrics(string pattern) =>
    [
        .. from line in sample.Output.Split('\n')
           let start = Regex.Match(line, pattern)
           where start.Success
           select (int.TryParse(start.Groups[1].Value, CultureInfo.InvariantCulture, out int number) ? number : 0,
               Entries().Matches(line[line.IndexOf('{')..]).ToDictionary(
                   entry => entry.Groups[1].Value, entry => double.Parse(entry.Groups[2].Value, CultureInfo.InvariantCulture))),
    ];

    [GeneratedRegex(@"(\w+): ([\d.]+)")]
    private static partial Regex Entries();

    /// <summary>One run of the sample, in a folder of its own.</summary>
    public sealed class SampleRun : IDisposable
    {
        private readonly WorkFolder _folder = new();

        public SampleRun() => Output = Programs.RunIn(_folder.Path, Programs.Beside("ImageClassification.dll"));

        public string Folder => _folder.Path;

        public string Output { get; }

        public void Dispose() => _folder.Dispose();
    }
}
