using System.Text.Json;
using System.Text.RegularExpressions;
using FedPure.Cli.Support;

namespace FedPure.Cli;

/// <summary>
/// The default run is TensorFlow Federated's image classification tutorial; the numbers are those that it printed (keras model, first ten clients).
/// </summary>
public sealed partial class TrainTests
{
    private const double RelativeTolerance = 2e-6;

    private static readonly CliRun Tutorial = App.Succeed("train", "--json");

    [Theory]
    [InlineData(1, 0.267283946f, 2.45241833)]
    [InlineData(10, 0.775514424f, 0.752456605)]
    public void A_round_has_the_metrics_of_the_tutorial(int round, float accuracy, double loss)
    {
        var metrics = Tutorial.Events[round - 1].GetProperty("metrics").GetProperty("client_work").GetProperty("train");
        Assert.Equal(accuracy, metrics.GetProperty("sparse_categorical_accuracy").GetSingle());
        Assert.Equal(loss, metrics.GetProperty("loss").GetDouble(), RelativeTolerance * loss);
        Assert.Equal(4860, metrics.GetProperty("num_examples").GetInt64());
        Assert.Equal(247, metrics.GetProperty("num_batches").GetInt64());
    }

    [Theory]
    [InlineData(10, "train", 972, 0.822016478f, 0.764710188)]
    [InlineData(11, "test", 124, 0.790322602f, 0.802803397)]
    public void An_evaluation_is_one_pass_with_the_means_of_the_tutorial(int line, string split, int examples, float accuracy, double loss)
    {
        var evaluation = Tutorial.Events[line];
        Assert.Equal("evaluation", evaluation.GetProperty("event").GetString());
        Assert.Equal(10, evaluation.GetProperty("round").GetInt32());
        Assert.Equal(split, evaluation.GetProperty("split").GetString());
        foreach (string scope in (string[])["current_round_metrics", "total_rounds_metrics"])
        {
            var metrics = evaluation.GetProperty("metrics").GetProperty("client_work").GetProperty("eval").GetProperty(scope);
            Assert.Equal(accuracy, metrics.GetProperty("sparse_categorical_accuracy").GetSingle());
            Assert.Equal(loss, metrics.GetProperty("loss").GetDouble(), RelativeTolerance * loss);
            Assert.Equal(examples, metrics.GetProperty("num_examples").GetInt64());
        }
    }

    [Fact]
    public void Json_lines_have_the_names_order_and_nesting_of_the_contract()
    {
        Assert.Equal(13, Tutorial.Lines.Length);
        Assert.Equal(
            """{"event":"round","round":1,"clients":10,"seconds":#,"metrics":{"distributor":{},"client_work":{"train":{"sparse_categorical_accuracy":#,"loss":#,"num_examples":4860,"num_batches":247}},"aggregator":{"mean_value":{},"mean_weight":{}},"finalizer":{"update_non_finite":0}}}""",
            WithoutDecimals(Tutorial.Lines[0]));
        Assert.Equal(
            """{"event":"evaluation","round":10,"split":"test","metrics":{"distributor":{},"client_work":{"eval":{"current_round_metrics":{"sparse_categorical_accuracy":#,"loss":#,"num_examples":124,"num_batches":10},"total_rounds_metrics":{"sparse_categorical_accuracy":#,"loss":#,"num_examples":124,"num_batches":10}}},"aggregator":{"mean_value":{},"mean_weight":{}},"finalizer":{}}}""",
            WithoutDecimals(Tutorial.Lines[11]));
        Assert.Matches("""^\{"event":"summary","rounds":10,"seconds":[0-9.E-]+,"parameters":7850,"weights_sha256":"[0-9a-f]{64}"\}$""", Tutorial.Lines[12]);
    }

    [Fact]
    public void Lines_for_people_tell_the_same()
    {
        var run = App.Succeed("train");
        Assert.Equal(13, run.Lines.Length);
        Assert.StartsWith("round   1  loss 2.4524  accuracy 0.2673  4,860 examples of 10 clients  ", run.Lines[0], StringComparison.Ordinal);
        Assert.Equal("evaluation  test   loss 0.8028  accuracy 0.7903  124 examples", run.Lines[11]);
        Assert.EndsWith($"7,850 parameters  weights_sha256 {Tutorial.Hash}", run.Lines[12], StringComparison.Ordinal);
    }

    [Fact]
    public void The_defaults_are_those_of_the_contract() => Assert.Equal(Tutorial.Hash, App.Succeed(
        "train", "--data", "digits", "--split", "train", "--clients", "first:10", "--rounds", "10", "--epochs", "5", "--batch", "20", "--shuffle-buffer", "100",
        "--shuffle-seed", "1",
        "--model", "softmax", "--loss", "logits", "--algorithm", "fedavg", "--weighting", "examples", "--client-optimizer", "sgd:lr=0.02", "--server-optimizer",
        "sgd:lr=1",
        "--client-schedule", "constant", "--aggregator", "mean", "--evaluate-on", "train,test", "--seed", "0", "--threads", "1", "--classes", "10",
        "--json").Hash);

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("8")]
    public void Threads_do_not_change_a_bit(string threads) => Assert.Equal(Tutorial.Hash, App.Succeed("train", "--json", "--threads", threads).Hash);

    [Fact]
    public void The_order_of_the_clients_does_not_change_a_bit()
    {
        const string Ids = "f0009_02,f0003_12,f0000_18,f0008_25,f0001_86,f0007_45,f0002_89,f0006_45,f0004_48,f0005_52";
        Assert.Equal(Tutorial.Hash, App.Succeed("train", "--json", "--clients", "ids:" + Ids).Hash);
    }

    [Fact]
    public void A_metric_that_is_not_a_number_is_a_string()
    {
        var run = App.Succeed("train", "--json", "--rounds", "1", "--clients", "first:1", "--evaluate-on", "train", "--server-optimizer", "sgd:lr=3e38");
        Assert.Contains(Metric(run.Events[1], "loss").GetString(), (string[])["NaN", "Infinity"]);
        Assert.Equal(JsonValueKind.Number, Metric(run.Events[1], "sparse_categorical_accuracy").ValueKind);

        static JsonElement Metric(JsonElement line, string name) =>
            line.GetProperty("metrics").GetProperty("client_work").GetProperty("eval").GetProperty("current_round_metrics").GetProperty(name);
    }

    [Fact]
    public void A_round_without_a_finite_update_warns_and_leaves_the_model_alone()
    {
        var run = App.Run("train", "--json", "--rounds", "1", "--client-optimizer", "sgd:lr=1e38");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("\"update_non_finite\":1", run.Lines[0], StringComparison.Ordinal);
        var warnings = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, warnings.Length);
        Assert.Equal(
            "Warning: round 1 left out f0000_18, f0001_86, f0002_89 and 7 more, whose updates were not finite; a smaller learning rate may help.", warnings[0]);
        Assert.StartsWith("Warning: round 1 left the model unchanged, because ", warnings[1], StringComparison.Ordinal);
    }

    [GeneratedRegex("(?<=:)[0-9]+(\\.[0-9]+)?(E-?[0-9]+)?(?=[,}])")]
    private static partial Regex NumberAfterColon { get; }

    // Decimals depend on the clock and the processor; whole numbers do not.
    private static string WithoutDecimals(string line) =>
        NumberAfterColon.Replace(line, match => match.Value.AsSpan().ContainsAny('.', 'E') ? "#" : match.Value);
}
