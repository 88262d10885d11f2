using System.Text.Json;
using FedPure.Cli.Support;

namespace FedPure.Cli;

/// <summary>Each option does what it says: the result differs where it must, and is the same where it must be.</summary>
public sealed class OptionTests
{
    private static readonly string[] Short = ["train", "--json", "--rounds", "2", "--epochs", "1", "--clients", "first:3", "--evaluate-on", "none"];
    private static readonly string ShortHash = Hash();

    [Theory]
    [InlineData("--shuffle-buffer", "5")]
    [InlineData("--shuffle-buffer", "0")]
    [InlineData("--shuffle-seed", "2")]
    [InlineData("--batch", "7")]
    [InlineData("--model", "mlp:4")]
    [InlineData("--weighting", "uniform")]
    [InlineData("--client-optimizer", "sgd:lr=0.03")]
    [InlineData("--client-optimizer", "sgd:lr=0.02,momentum=0.5")]
    [InlineData("--client-optimizer", "sgd:lr=0.02,momentum=0.5,nesterov=true")]
    [InlineData("--server-optimizer", "sgd:lr=0.5")]
    [InlineData("--server-optimizer", "sgd:lr=1,momentum=0.9")]
    [InlineData("--aggregator", "median")]
    [InlineData("--aggregator", "median:weighted=true")]
    [InlineData("--aggregator", "trimmed:beta=0.34")]
    [InlineData("--aggregator", "geomedian")]
    [InlineData("--aggregator", "normbounded:norm=1e-2")]
    [InlineData("--aggregator", "vote")]
    [InlineData("--aggregator", "zeroing:norm=1e+5+median")]
    [InlineData("--compress", "qsgd:bits=8")]
    [InlineData("--compress", "qsgd:bits=8,norm=max")]
    [InlineData("--compress", "quantize:bits=8")]
    [InlineData("--compress", "quantize:bits=8,rounding=random")]
    [InlineData("--compress", "sign")]
    [InlineData("--compress", "topk:fraction=0.1")]
    [InlineData("--compress", "randomk:fraction=0.1,feedback=false")]
    [InlineData("--compress", "hadamard+qsgd:bits=4")]
    [InlineData("--split", "test")]
    [InlineData("--classes", "11")]
    public void An_option_changes_the_result(string option, string value) => Assert.NotEqual(ShortHash, Hash(option, value));

    [Theory]
    [InlineData("krum:f=1")]
    [InlineData("multikrum:f=1,m=3")]
    [InlineData("multikrum:f=1,m=3,weighted=true")]
    [InlineData("bulyan:f=1")]
    public void Each_rule_of_neighbours_has_a_result_of_its_own(string aggregator)
    {
        string[] seven = ["train", "--json", "--rounds", "1", "--epochs", "1", "--clients", "first:7", "--evaluate-on", "none"];
        string[] rules = ["mean", "krum:f=1", "multikrum:f=1,m=3", "multikrum:f=1,m=3,weighted=true", "bulyan:f=1"];
        string hash = App.Succeed([.. seven, "--aggregator", aggregator]).Hash;
        Assert.All(rules.Where(rule => rule != aggregator), rule => Assert.NotEqual(hash, App.Succeed([.. seven, "--aggregator", rule]).Hash));
    }

    [Theory]
    [InlineData("--seed", "7")]
    [InlineData("--classes", "10")]
    [InlineData("--client-optimizer", "sgd:lr=2e-2,momentum=0,nesterov=false")]
    [InlineData("--evaluate-every", "1")]
    [InlineData("--compress", "none")]
    [InlineData("--compress", "topk:fraction=1")]
    public void An_option_that_does_not_concern_the_result_leaves_it(string option, string value) => Assert.Equal(ShortHash, Hash(option, value));

    [Fact]
    public void A_buffer_of_0_or_1_is_no_shuffle() => Assert.Equal(Hash("--shuffle-buffer", "0"), Hash("--shuffle-buffer", "1", "--shuffle-seed", "9"));

    [Fact]
    public void A_learning_rate_that_is_not_given_is_TensorFlow_Federateds() =>
        Assert.Equal(Hash("--client-optimizer", "sgd:lr=0.01,momentum=0.5"), Hash("--client-optimizer", "sgd:momentum=0.5"));

    [Fact]
    public void Momentum_and_Nesterov_are_different_rules() =>
        Assert.NotEqual(Hash("--client-optimizer", "sgd:lr=0.02,momentum=0.5"), Hash("--client-optimizer", "sgd:lr=0.02,momentum=0.5,nesterov=true"));

    [Fact]
    public void Compression_reports_its_bytes_draws_by_the_seed_and_remembers()
    {
        // 785 of 7850 values and as many places of 13 bits, from 3 clients; 7850 parameters of 4 bytes to each.
        var round = App.Succeed([.. Short, "--compress", "topk:fraction=0.1"]).Events[0].GetProperty("metrics").GetProperty("aggregator");
        Assert.Equal(3 * (785 * 4 + (785 * 13 + 7) / 8), round.GetProperty("bytes_up").GetInt64());
        Assert.Equal(3 * 7850 * 4, round.GetProperty("bytes_down").GetInt64());

        Assert.NotEqual(Hash("--compress", "qsgd:bits=4"), Hash("--compress", "qsgd:bits=4", "--seed", "1"));
        Assert.NotEqual(Hash("--compress", "topk:fraction=0.1"), Hash("--compress", "topk:fraction=0.1,feedback=false"));
        Assert.NotEqual(Hash("--compress", "topk:fraction=0.1"), Hash("--compress", "topk:fraction=0.1", "--aggregator", "median"));
    }

    [Fact]
    public void Rules_joined_by_a_plus_sign_pass_updates_on()
    {
        Assert.Equal(Hash("--aggregator", "median"), Hash("--aggregator", "zeroing:norm=1e+5+clipping:norm=1e+5+median"));
        Assert.Equal(Hash("--aggregator", "robust"), Hash("--aggregator", "robust+mean"));
        Assert.NotEqual(Hash("--aggregator", "median"), Hash("--aggregator", "clipping:norm=0.01+median"));
    }

    [Fact]
    public void A_learning_rate_of_0_leaves_the_model()
    {
        Assert.Equal(Hash("--client-optimizer", "sgd:lr=0"), Hash("--server-optimizer", "sgd:lr=0"));
    }

    [Fact]
    public void The_seed_draws_the_weights_of_a_multilayer_perceptron()
    {
        Assert.NotEqual(Hash("--model", "mlp:4,3"), Hash("--model", "mlp:4,3", "--seed", "1"));
        Assert.Equal(Hash("--model", "mlp:4,3"), Hash("--model", "mlp:4,3", "--seed", "0"));
    }

    [Fact]
    public void A_multilayer_perceptron_has_the_layers_named()
    {
        var summary = App.Succeed([.. Short, "--model", "mlp:200,200"]).Events[^1];
        Assert.Equal((784 + 1) * 200 + (200 + 1) * 200 + (200 + 1) * 10, summary.GetProperty("parameters").GetInt32());
    }

    [Theory]
    [InlineData("all", 100)]
    [InlineData("first:4", 4)]
    [InlineData("first:100", 100)]
    [InlineData("ids:f0002_89,f0000_18", 2)]
    public void Clients_are_chosen(string spec, int expected)
    {
        var run = App.Succeed("train", "--json", "--rounds", "1", "--epochs", "1", "--evaluate-on", "none", "--clients", spec);
        Assert.Equal(expected, run.Events[0].GetProperty("clients").GetInt32());
    }

    [Theory]
    [InlineData("train,test", "5", "2 train,2 test,4 train,4 test,5 train,5 test", "2")]
    [InlineData("test", "3", "3 test", null)]
    [InlineData("test,train", "1", "1 test,1 train", "7")]
    [InlineData("none", "3", "", "1")]
    public void Evaluations_come_when_and_where_asked_for(string on, string rounds, string expected, string? every)
    {
        string[] args = ["train", "--json", "--epochs", "1", "--clients", "first:2", "--rounds", rounds, "--evaluate-on", on];
        var run = App.Succeed(every is null ? args : [.. args, "--evaluate-every", every]);
        var evaluations = run.Events.Where(line => line.GetProperty("event").GetString() == "evaluation").Select(
            line => $"{line.GetProperty("round")} {line.GetProperty("split")}");
        Assert.Equal(expected, string.Join(',', evaluations));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Idx_folders_are_partitioned_over_the_same_clients_in_every_split(bool gzip)
    {
        using var folder = new TempFolder();
        folder.WriteIdx("train", 50, gzip: gzip);
        folder.WriteIdx("t10k", 20, gzip: gzip);
        string[] args = ["train", "--json", "--data", $"idx:{folder.Path}", "--partition", "iid:10", "--rounds", "1", "--epochs", "1"];
        var run = App.Succeed(args);
        Assert.Equal(10, run.Events[0].GetProperty("clients").GetInt32());
        Assert.Equal(
            (50, 50, 20),
            (Examples(run.Events[0], "train"), Examples(run.Events[1], "eval/current_round_metrics"), Examples(run.Events[2], "eval/current_round_metrics")));
        Assert.Equal(7 * 3, run.Events[^1].GetProperty("parameters").GetInt32());
        Assert.NotEqual(run.Hash, App.Succeed([.. args, "--clients", "first:5"]).Hash);
        Assert.NotEqual(App.Succeed([.. args, "--clients", "first:5"]).Hash, App.Succeed([.. args, "--clients", "first:5", "--seed", "1"]).Hash);
    }

    [Fact]
    public void Fewer_than_ten_clients_all_take_part_by_default()
    {
        using var folder = new TempFolder();
        folder.WriteIdx("train", 12);
        var run = App.Succeed("train", "--json", "--data", $"idx:{folder.Path}", "--partition", "iid:3", "--rounds", "1");
        Assert.Equal(3, run.Events[0].GetProperty("clients").GetInt32());
        Assert.Equal("train", Assert.Single(run.Events, line => line.GetProperty("event").GetString() == "evaluation").GetProperty("split").GetString());
    }

    [Fact]
    public void Numbers_are_read_and_written_alike_in_every_culture()
    {
        var before = Thread.CurrentThread.CurrentCulture;
        try
        {
            // Made by hand: with invariant globalization there is no culture to look up.
            var comma = (System.Globalization.CultureInfo)System.Globalization.CultureInfo.InvariantCulture.Clone();
            comma.NumberFormat.NumberDecimalSeparator = ",";
            Thread.CurrentThread.CurrentCulture = comma;
            Assert.Equal(ShortHash, Hash("--client-optimizer", "sgd:lr=0.02"));
            Assert.Contains("loss 2.", App.Succeed("train", "--rounds", "1", "--clients", "first:1").Lines[0], StringComparison.Ordinal);
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
        }
    }

    private static string Hash(params string[] more) => App.Succeed([.. Short, .. more]).Hash;

    private static int Examples(JsonElement line, string path)
    {
        var node = line.GetProperty("metrics").GetProperty("client_work");
        foreach (string name in path.Split('/')) node = node.GetProperty(name);
        return node.GetProperty("num_examples").GetInt32();
    }
}
