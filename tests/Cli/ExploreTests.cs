using FedPure.Cli.Support;
using FedPure.Digits;

namespace FedPure.Cli;

public sealed class ExploreTests : IDisposable
{
    private static readonly string[] Charts = ["label-counts.svg", "label-matrix.svg", "sizes.svg", "skew.svg"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_have_six_pictures_and_their_files_are_listed()
    {
        string pictures = _folder.File("a/b");
        var json = App.Succeed("explore", "--out", pictures, "--json").Events.Single();
        Assert.Equal(
            ("explore", 100, true), (json.GetProperty("event").GetString(), json.GetProperty("clients").GetInt32(), json.GetProperty("images").GetBoolean()));
        Assert.Equal(
            ["examples.svg", .. Charts[..2], "mean-images.svg", .. Charts[2..]],
            Directory.GetFiles(pictures).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(
            Directory.GetFiles(pictures).Order(StringComparer.Ordinal),
            json.GetProperty("files").EnumerateArray().Select(file => file.GetString()!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Other_data_say_so_and_have_charts_only()
    {
        string pictures = _folder.File("pictures");
        var run = App.Succeed("explore", "--data", "synthetic", "--out", pictures);
        Assert.Contains("60 features that are no images", run.Output, StringComparison.Ordinal);
        Assert.Equal(Charts, Directory.GetFiles(pictures).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_split_and_a_partition_can_be_looked_at()
    {
        _folder.WriteIdx("train", 40);
        _folder.WriteIdx("test", 20);
        string pictures = _folder.File("pictures");
        var json = App.Succeed(
            "explore", "--data", $"idx:{_folder.Path}", "--partition", "iid:5", "--split", "test", "--out", pictures, "--json").Events.Single();
        Assert.Equal((5, 20), (json.GetProperty("clients").GetInt32(), json.GetProperty("examples").GetInt32()));
        App.Fail(2, ["--split", "train or test"], "explore", "--data", $"idx:{_folder.Path}", "--partition", "iid:5", "--split", "dev", "--out", pictures);
        App.Fail(2, ["has no clients", "--partition"], "explore", "--data", $"idx:{_folder.Path}", "--out", pictures);
    }

    [Fact]
    public void A_place_where_nothing_can_be_drawn()
    {
        string file = _folder.File("file");
        File.WriteAllText(file, "");
        App.Fail(1, ["--out", file, "is a file"], "explore", "--out", file);
        App.Fail(1, ["--out", "cannot be made"], "explore", "--out", Path.Combine(file, "pictures"));
    }

    [Fact]
    public void A_report_has_the_pictures_and_the_clients_and_takes_the_place_of_the_folder()
    {
        string page = _folder.File("data.html"), pictures = _folder.File("pictures");
        var json = App.Succeed("explore", "--report", page, "--json").Events.Single();
        Assert.Equal([page], json.GetProperty("files").EnumerateArray().Select(file => file.GetString()));
        Assert.Equal([page], Directory.GetFileSystemEntries(_folder.Path));
        string html = File.ReadAllText(page);
        foreach (string picture in (string[])["examples.svg", .. Charts, "mean-images.svg"])
            Assert.Contains($"\"name\":\"{picture}\"", html, StringComparison.Ordinal);
        foreach (string id in DigitsDataset.Load().Train.ClientIds) Assert.Contains($"\"{id}\"", html, StringComparison.Ordinal);
        App.Succeed("explore", "--report", page, "--out", pictures);
        Assert.Equal(6, Directory.GetFiles(pictures).Length);
        App.Fail(2, ["--report", ".html"], "explore", "--report", "page.svg");
    }
}
