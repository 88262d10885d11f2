using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using FedPure.Cli.Support;
using FedPure.Reporting;
using FedPure.Reporting.TensorBoard;

namespace FedPure.Cli;

/// <summary>--logdir: what TensorBoard reads is what --json prints.</summary>
public sealed class LogDirectoryTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TempFolder _folder = new();

    private string Logs => _folder.File("logs");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_metric_of_every_round_is_in_the_runs_of_the_contract()
    {
        var events = App.Succeed("train", "--rounds", "4", "--evaluate-every", "2", "--aggregator", "robust", "--json", "--logdir", Logs).Events;
        Assert.Equal(
            ["aggregation", "evaluation-test", "evaluation-train", "training"],
            Directory.GetDirectories(Logs).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var rounds = events.Where(e => e.GetProperty("event").GetString() == "round").ToArray();
        Assert.Equal(4, rounds.Length);
        AssertScalars("training", rounds, e => e.GetProperty("metrics").GetProperty("client_work").GetProperty("train"));
        foreach (string split in (string[])["train", "test"])
        {
            var evaluations = events.Where(e => e.GetProperty("event").GetString() == "evaluation" && e.GetProperty("split").GetString() == split).ToArray();
            Assert.Equal(2, evaluations.Length);
            AssertScalars(
                $"evaluation-{split}", evaluations,
                e => e.GetProperty("metrics").GetProperty("client_work").GetProperty("eval").GetProperty("current_round_metrics"));
        }

        // Flattened, the aggregator's names are unique here.
        var aggregation = Scalars("aggregation");
        foreach (string tag in (string[])["zeroed_count", "zeroing_norm", "clipped_count", "clipping_norm", "update_non_finite"])
            Assert.Equal([1L, 2, 3, 4], aggregation.Where(scalar => scalar.Tag == tag).Select(scalar => scalar.Step));
    }

    /// <summary>So are the numbers that an algorithm reports beside its clients' metrics.</summary>
    [Fact]
    public void The_virtual_clock_is_in_the_training_run()
    {
        var rounds = App.Succeed("train", "--rounds", "3", "--algorithm", "fedbuff", "--evaluate-on", "none", "--json", "--logdir", Logs).Events[..3];
        foreach (string tag in (string[])["arrivals", "dropped", "mean_staleness", "max_staleness", "simulated_seconds"])
        {
            Assert.Equal(
                rounds.Select(round => round.GetProperty("metrics").GetProperty("client_work").GetProperty(tag).GetSingle()),
                Scalars("training").Where(scalar => scalar.Tag == tag).Select(scalar => scalar.Value));
        }

        Assert.Equal([1f, 2f, 3f], Scalars("aggregation").Where(scalar => scalar.Tag == "version").Select(scalar => scalar.Value));
    }

    [Fact]
    public void The_session_tells_the_command_the_settings_and_how_it_ended()
    {
        App.Succeed("train", "--rounds", "1", "--evaluate-on", "none", "--seed", "7", "--logdir", Logs);
        var events = Events("");
        Assert.Equal([null, "_hparams_/session_start_info", "run", "_hparams_/session_end_info"], events.Select(e => e.Tag));
        string text = Encoding.UTF8.GetString(events[2].Tensor!.Strings.Single());
        Assert.Contains($"`fedpure train --rounds 1 --evaluate-on none --seed 7 --logdir {Logs}`", text, StringComparison.Ordinal);
        var names = ReadEvent.Fields(ReadEvent.Bytes(ReadEvent.Fields(events[1].PluginContent), 3)!).Where(field => field.Number == 1).Select(
            field => ReadEvent.Text(ReadEvent.Fields(field.Bytes!), 1)!).ToList();
        foreach (string name in (string[])["rounds", "seed", "client-optimizer", "model"]) Assert.Contains(name, names);
        Assert.DoesNotContain("threads", names);
    }

    [Fact]
    public void Histograms_are_written_on_request()
    {
        App.Succeed("train", "--rounds", "2", "--evaluate-on", "none", "--logdir", Logs, "--log-histograms");
        var histograms = Events("training").Where(e => e.Plugin == "histograms").ToList();
        Assert.Equal(
            ["update/dense/bias", "update/dense/kernel", "weights/dense/bias", "weights/dense/kernel"],
            histograms.Select(e => e.Tag!).Distinct().Order(StringComparer.Ordinal));
        foreach (var histogram in histograms)
        {
            double count = Enumerable.Range(0, 30).Sum(i => histogram.Tensor!.Numbers[3 * i + 2]);
            Assert.Equal(histogram.Tag!.EndsWith("kernel", StringComparison.Ordinal) ? 7840 : 10, count);
        }

        // The weights start from zero, so that the first update is the weights.
        Assert.Equal(Histogram("weights/dense/kernel", 1), Histogram("update/dense/kernel", 1));
        Assert.NotEqual(Histogram("weights/dense/kernel", 2), Histogram("update/dense/kernel", 2));

        double[] Histogram(string tag, long step) => histograms.Single(e => e.Tag == tag && e.Step == step).Tensor!.Numbers;
    }

    [Fact]
    public void Mean_images_are_those_that_explore_draws_and_are_written_once()
    {
        App.Succeed("train", "--rounds", "2", "--evaluate-on", "none", "--logdir", Logs, "--log-images");
        App.Succeed("explore", "--out", _folder.File("pictures"));
        var drawn = XElement.Load(_folder.File("pictures/mean-images.svg")).Descendants().Where(element => element.Name.LocalName == "image")
            .Select(
                image => DecodedPng.Decode(
                    Convert.FromBase64String(
                        image.Attributes().Single(attribute => attribute.Name.LocalName == "href").Value["data:image/png;base64,".Length..]))).ToList();
        var logged = Events("training").Where(e => e.Plugin == "images").ToList();
        Assert.Equal(drawn.Count, logged.Count);
        foreach (var (picture, image) in drawn.Zip(logged))
        {
            Assert.Equal((0, "28", "28"), (image.Step, Encoding.ASCII.GetString(image.Tensor!.Strings[0]), Encoding.ASCII.GetString(image.Tensor.Strings[1])));
            Assert.Equal(picture.Pixels, DecodedPng.Decode(Assert.Single(image.Tensor.Strings[2..])).Pixels);
        }

        // These five have examples of all ten classes.
        string[] clients = ["f0000_18", "f0001_86", "f0002_89", "f0003_12", "f0004_48"];
        Assert.Equal(clients.SelectMany(client => Enumerable.Range(0, 10).Select(label => $"mean_images/{client}/{label}")), logged.Select(image => image.Tag));
        Assert.Equal("Mean of 4 images of class 0 that client f0000_18 has.", logged[0].Description);
    }

    [Fact]
    public void Data_that_are_no_images_have_no_mean_images()
    {
        App.Fail(2, ["--log-images", "synthetic", "60 features that are no images"], "train", "--data", "synthetic", "--logdir", Logs, "--log-images");
        Assert.Empty(Directory.GetFiles(Logs));
    }

    [Fact]
    public void An_evaluation_is_logged_too()
    {
        string weights = _folder.File("model.f32");
        App.Succeed("train", "--rounds", "1", "--save-weights", weights);
        var evaluation = App.Succeed("evaluate", "--weights", weights, "--logdir", Logs, "--json").Events.Single();
        AssertScalars(
            "evaluation-test", [evaluation], e => e.GetProperty("metrics").GetProperty("client_work").GetProperty("eval").GetProperty("current_round_metrics"));
    }

    [Fact]
    public void A_killed_run_leaves_whole_rounds()
    {
        using var process = App.Start([], "train", "--rounds", "1000000", "--evaluate-on", "none", "--logdir", Logs);
        while (process.StandardOutput.ReadLine() is { } line && !line.StartsWith("round  20", StringComparison.Ordinal))
        {
        }

        process.Kill();
        Assert.True(process.WaitForExit(Patience));
        var losses = Scalars("training").Where(scalar => scalar.Tag == "loss").ToList();
        Assert.InRange(losses.Count, 19, int.MaxValue);
        Assert.Equal(Enumerable.Range(1, losses.Count).Select(round => (long)round), losses.Select(loss => loss.Step));
    }

    [Fact]
    public void A_place_where_nothing_can_be_logged_is_found_before_training()
    {
        string file = _folder.File("file");
        File.WriteAllText(file, "");
        App.Fail(1, ["--logdir", file, "is a file"], "train", "--logdir", file);
        App.Fail(1, ["--logdir", "cannot be made"], "train", "--logdir", Path.Combine(file, "logs"));
        App.Fail(1, ["--logdir", file, "is a file"], "evaluate", "--weights", "any.f32", "--logdir", file);
        App.Fail(2, ["--log-histograms needs --logdir DIR"], "train", "--log-histograms");
        App.Fail(2, ["--log-images needs --logdir DIR"], "train", "--log-images");
        App.Fail(2, ["--logdir", "empty"], "train", "--logdir", "");
    }

    private void AssertScalars(string run, JsonElement[] events, Func<JsonElement, JsonElement> metrics)
    {
        var expected = from e in events
                       from metric in metrics(e).EnumerateObject()
                       select (e.GetProperty("round").GetInt64(), metric.Name, metric.Value.GetSingle());
        Assert.Equal(expected, Scalars(run));
    }

    private List<(long Step, string Tag, float Value)> Scalars(string run) =>
        [.. Events(run).Where(e => e.Plugin == "scalars").Select(e => (e.Step, e.Tag!, (float)e.Tensor!.Numbers.Single()))];

    private List<ReadEvent> Events(string run) => EventFileReader.Events(Assert.Single(Directory.GetFiles(Path.Combine(Logs, run))));
}
