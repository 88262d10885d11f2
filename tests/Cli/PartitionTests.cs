using System.Text.Json;
using FedPure.Cli.Support;

namespace FedPure.Cli;

/// <summary>--partition in its forms, and data partition.</summary>
public sealed class PartitionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public PartitionTests()
    {
        _folder.WriteIdx("train", 200, classes: 5);
        _folder.WriteIdx("test", 50, classes: 5);
    }

    private string Data => $"idx:{_folder.Path}";

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("iid:10", 10, 20, 20)]
    [InlineData("shards:10,2", 10, 20, 20)]
    [InlineData("dirichlet:10,0.5", 10, 1, 200)]
    [InlineData("balanced:10,0.5", 10, 20, 20)]
    [InlineData("labels:10,2", 10, 1, 200)]
    [InlineData("quantity:10,1.0", 10, 1, 200)]
    [InlineData("lognormal:10,1.5", 10, 1, 200)]
    [InlineData("powerlaw:10,1.2", 10, 1, 200)]
    [InlineData("sizes:80,60,40,20", 4, 20, 80)]
    [InlineData("sizes:2,1,0,1", 4, 0, 100)]
    [InlineData("virtual:30,7", 30, 7, 7)]
    [InlineData("noise:10,0.1", 10, 20, 20)]
    [InlineData("rotation:10,4", 10, 20, 20)]
    public void Every_form_makes_clients_that_train(string spec, int clients, int least, int most)
    {
        var train = Split(App.Succeed("data", "partition", "--json", "--data", Data, "--partition", spec), "train");
        Assert.Equal(clients, train.GetProperty("clients").GetInt32());
        Assert.InRange(train.GetProperty("examples_per_client").GetProperty("min").GetInt32(), least, most);
        Assert.InRange(train.GetProperty("examples_per_client").GetProperty("max").GetInt32(), least, most);
        Assert.Equal(64, train.GetProperty("rows_sha256").GetString()!.Length);
        var run = App.Succeed("train", "--json", "--data", Data, "--partition", spec, "--clients", "all", "--rounds", "1", "--epochs", "1");
        Assert.Equal(clients, run.Events[0].GetProperty("clients").GetInt32());
        Assert.NotEqual(
            run.Hash,
            App.Succeed("train", "--json", "--data", Data, "--partition", spec, "--clients", "first:4", "--rounds", "1", "--epochs", "1", "--seed", "1").Hash);
    }

    [Theory]
    [InlineData("noise:10,0.1")]
    [InlineData("rotation:10,4")]
    public void Skewed_features_train_another_model_from_the_same_rows(string spec)
    {
        var rows = new List<string?>();
        var hashes = new List<string>();
        foreach (string partition in (string[])["iid:10", spec])
        {
            rows.Add(
                Split(App.Succeed("data", "partition", "--json", "--data", Data, "--partition", partition), "train").GetProperty("rows_sha256").GetString());
            hashes.Add(App.Succeed("train", "--json", "--data", Data, "--partition", partition, "--rounds", "1", "--epochs", "1").Hash);
        }

        Assert.Equal(rows[0], rows[1]);
        Assert.NotEqual(hashes[0], hashes[1]);
    }

    [Fact]
    public void Pachinko_takes_the_coarse_label_of_each_label()
    {
        string path = _folder.File("coarse,of,five.json");
        File.WriteAllText(path, "[0, 0, 1, 1, 1]");
        string[] partition = ["data", "partition", "--json", "--data", Data, "--partition", $"pachinko:10,0.1,10,{path}"];
        var train = Split(App.Succeed(partition), "train");
        Assert.Equal(
            (10, 20, 20),
            (
                train.GetProperty("clients").GetInt32(), train.GetProperty("examples_per_client").GetProperty("min").GetInt32(),
                train.GetProperty("examples_per_client").GetProperty("max").GetInt32()));
        Assert.InRange(train.GetProperty("jensen_shannon").GetProperty("mean").GetDouble(), 0.2, 1);

        // Another hierarchy is another partition; one that lacks a label, or is none, is named.
        File.WriteAllText(path, "[0, 1, 0, 1, 0]");
        Assert.NotEqual(train.GetProperty("rows_sha256").GetString(), Split(App.Succeed(partition), "train").GetProperty("rows_sha256").GetString());
        File.WriteAllText(path, "[0, 1]");
        App.Fail(2, ["--partition pachinko:10,0.1,10", "label 4 has no coarse label; 2 are given"], partition);
        foreach (string text in (string[])["", "{}", "[0, -1]", "[0.5]", "[\"a\"]"])
        {
            File.WriteAllText(path, text);
            App.Fail(1, [path, "a JSON list with the coarse label of each label"], partition);
        }

        File.Delete(path);
        App.Fail(1, ["--partition", path, "no file"], partition);
        App.Fail(2, ["pachinko:N,ALPHA,BETA,FILE"], [.. partition[..^1], "pachinko:10,0.1,10"]);
        App.Fail(2, ["pachinko", "'0'"], [.. partition[..^1], $"pachinko:10,0,10,{path}"]);
    }

    [Fact]
    public void Labels_are_as_many_as_asked_for()
    {
        var labels = Split(App.Succeed("data", "partition", "--json", "--data", Data, "--partition", "labels:10,2"), "test").GetProperty("labels_per_client");
        App.Fail(2, ["one must be positive"], "data", "partition", "--data", Data, "--partition", "sizes:0,0");
        App.Fail(2, ["--partition sizes", "'-1'"], "data", "partition", "--data", Data, "--partition", "sizes:4,-1");
        Assert.Equal((2, 2), (labels.GetProperty("min").GetInt32(), labels.GetProperty("max").GetInt32()));
    }

    [Fact]
    public void A_lock_is_written_then_verified_and_anything_else_is_refused()
    {
        string path = _folder.File("lock.json");
        string[] partition = ["data", "partition", "--json", "--data", Data, "--lock", path, "--partition", "dirichlet:10,0.5"];
        Assert.Equal("written", Lock(partition));
        string text = File.ReadAllText(path);
        Assert.Equal("verified", Lock(partition));
        App.Fail(1, [path, "the seed is 1, not 0", "other rows"], [.. partition, "--seed", "1"]);
        App.Fail(1, [path, "the partition is iid:10, not dirichlet:10,0.5"], [.. partition[..^1], "iid:10"]);
        _folder.WriteIdx("train", 200, classes: 4);
        App.Fail(1, [path, "the labels of the split 'train' are others"], partition);
        Assert.Equal(text, File.ReadAllText(path));
        File.WriteAllText(path, "{}");
        App.Fail(1, [path, "no lock"], partition);

        static string Lock(string[] args) => Assert.Single(App.Succeed(args).Events).GetProperty("lock").GetString()!;
    }

    [Fact]
    public void Clients_of_the_data_are_measured_too()
    {
        var run = App.Succeed("data", "partition");
        Assert.Equal("digits: the clients of the data", run.Lines[0]);
        Assert.Contains("  clients          100 with ", run.Output, StringComparison.Ordinal);
        var json = App.Succeed("data", "partition", "--json").Events[0];
        Assert.Equal(JsonValueKind.Null, json.GetProperty("partition").ValueKind);
    }

    private static JsonElement Split(CliRun run, string name) => Assert.Single(run.Events).GetProperty("splits").GetProperty(name);
}
