using System.Text.Json;
using FedPure.Cli.Options;
using FedPure.Cli.Support;
using FedPure.TestData;

namespace FedPure.Cli;

/// <summary>Algorithms as they are typed: each with a result of its own, its paper's weighting, and its identities.</summary>
public sealed class AlgorithmChoiceTests
{
    private static readonly string[]
        Shortest = ["train", "--json", "--epochs", "1", "--evaluate-on", "none"],
        Short = [.. Shortest, "--rounds", "2", "--clients", "first:3"];

    [Fact]
    public void Each_algorithm_and_server_optimizer_has_a_result_of_its_own()
    {
        string[][] choices =
        [
            ["--algorithm", "fedavg"], ["--algorithm", "fedavg", "--weighting", "uniform"], ["--algorithm", "fedprox:mu=1"], ["--algorithm", "fedsgd"],
            ["--algorithm", "scaffold"],
            ["--algorithm", "fednova"], ["--algorithm", "fednova:mu=1"], ["--algorithm", "fednova:mu=1,steps=counts"], ["--algorithm", "feddyn:alpha=0.1"],
            ["--algorithm", "qffl:q=1"],
            ["--algorithm", "fedbuff"], ["--algorithm", "fedbuff:buffer=5"], ["--algorithm", "fedbuff:staleness=constant"], ["--algorithm", "fedbuff:a=2"],
            ["--algorithm", "fedbuff", "--clock", "equal"], ["--algorithm", "fedbuff", "--clock", "exponential"],
            ["--algorithm", "fedbuff", "--clock", "halfnormal:dropout=0.5"],
            ["--algorithm", "fedbuff", "--clock", "lognormal:spread=2"], ["--algorithm", "fedbuff", "--clock", "lognormal:concurrency=2"],
            ["--algorithm", "fedbuff", "--clock", "equal:day=1"],
            ["--algorithm", "fedasync"], ["--algorithm", "fedasync:mu=1"], ["--algorithm", "fedasync:alpha=1"], ["--algorithm", "fedasync:staleness=hinge,b=1"],
            ["--algorithm", "fedasync:staleness=hinge,b=1,a=0.5"], ["--algorithm", "fedasync:arrivals=4"],
            ["--algorithm", "fednova", "--client-optimizer", "sgd:lr=0.02,momentum=0.9"], ["--client-optimizer", "sgd:lr=0.02,momentum=0.9"],
            ["--server-optimizer", "fedavgm"], ["--server-optimizer", "fedadagrad:lr=0.01"], ["--server-optimizer", "fedadam:lr=0.01"],
            ["--server-optimizer", "fedyogi:lr=0.01"],
            ["--server-optimizer", "adam:lr=0.01"],
        ];
        string[] hashes = [.. choices.Select(choice => Hash(choice))];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    /// <summary>The default of a goes with the staleness that it is for.</summary>
    [Theory]
    [InlineData("fedasync", "fedasync:staleness=polynomial,a=0.5")]
    [InlineData("fedasync:staleness=hinge,b=0", "fedasync:staleness=hinge,b=0,a=10")]
    [InlineData("fedbuff:staleness=hinge,b=0", "fedbuff:staleness=hinge,b=0,a=10")]
    public void What_is_left_out_of_a_staleness_is_its_default(string text, string whole)
    {
        Assert.Equal(Hash("--algorithm", text), Hash("--algorithm", whole));
        Assert.NotEqual(Hash("--algorithm", text), Hash("--algorithm", whole.Replace("a=", "a=1", StringComparison.Ordinal)));
    }

    /// <summary>
    /// A server that steps by 1e38 leaves the finite numbers with some results of a round, but not with all: its warning and the page's note say why.
    /// </summary>
    [Fact]
    public void A_round_that_refused_some_of_its_results_says_how_many_and_why()
    {
        using var folder = new TempFolder();
        string page = folder.File("run.html");
        var run = App.Run([.. Shortest, "--rounds", "1", "--algorithm", "fedasync", "--server-optimizer", "sgd:lr=1e38", "--report", page]);
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(
            "(?m)^Warning: round 1 left out [1-9] of its server updates, because the server optimizer's step gives weights that are not finite\\.$", run.Error);
        Assert.Matches("The server refused ([2-9] updates|an update) of the model, because the server optimizer.{1,6}s step gives", File.ReadAllText(page));
    }

    [Fact]
    public void Special_cases_are_federated_averaging()
    {
        Assert.Equal(Hash("--weighting", "uniform"), Hash("--algorithm", "qffl:q=0"));
        Assert.Equal(
            App.Succeed([.. Shortest, "--rounds", "1", "--weighting", "uniform"]).Hash,
            App.Succeed([.. Shortest, "--rounds", "1", "--algorithm", "scaffold"]).Hash);
        Assert.Equal(Hash(), Hash("--algorithm", "ditto:lambda=0.5"));
        Assert.Equal(Hash("--server-optimizer", "sgd:lr=1,momentum=0.9"), Hash("--server-optimizer", "fedavgm"));
    }

    [Theory]
    [InlineData("scaffold", "uniform")]
    [InlineData("feddyn:alpha=0.1", "uniform")]
    [InlineData("qffl:q=1", "uniform")]
    [InlineData("fedbuff", "uniform")]
    [InlineData("fednova", "examples")]
    [InlineData("ditto:lambda=0.1", "examples")]
    public void The_papers_weighting_is_the_default_and_can_be_replaced(string algorithm, string weighting)
    {
        string other = weighting == "uniform" ? "examples" : "uniform";
        Assert.Equal(Hash("--algorithm", algorithm), Hash("--algorithm", algorithm, "--weighting", weighting));
        Assert.NotEqual(Hash("--algorithm", algorithm), Hash("--algorithm", algorithm, "--weighting", other));
    }

    /// <summary>The population is all clients that the rounds are drawn from: two of three in a round are not two of two.</summary>
    [Theory]
    [InlineData("scaffold")]
    [InlineData("feddyn:alpha=0.1")]
    public void The_population_is_that_of_the_rounds(string algorithm)
    {
        using var folder = new TempFolder();
        Assert.NotEqual(
            Run("a", """[["f0000_18","f0002_89"],["f0000_18","f0002_89"]]"""), Run("b", """[["f0000_18","f0002_89"],["f0000_18","f0002_89"],["f0052_38"]]"""));

        string Run(string name, string rounds)
        {
            string path = folder.File(name);
            File.WriteAllText(path, rounds);
            return App.Succeed([.. Shortest, "--rounds", "2", "--algorithm", algorithm, "--clients", $"rounds:{path}"]).Hash;
        }
    }

    [Fact]
    public void Further_metrics_are_reported()
    {
        var ditto = Metrics("ditto:lambda=0.1");
        Assert.True(ditto.GetProperty("personal").GetProperty("loss").GetDouble() > 0);
        Assert.True(Metrics("fednova").GetProperty("effective_steps").GetDouble() > 1);

        JsonElement Metrics(string algorithm) => App.Succeed([.. Short, "--algorithm", algorithm]).Events[0].GetProperty("metrics").GetProperty("client_work");
    }

    /// <summary>The clients of an asynchronous round are those that arrived, maybe twice, and the line for people tells the virtual time.</summary>
    [Theory]
    [InlineData("fedbuff:buffer=7")]
    [InlineData("fedasync:arrivals=7")]
    public void The_virtual_clock_is_told(string algorithm)
    {
        string[] command = ["--algorithm", algorithm, "--clock", "exponential:dropout=0.3,concurrency=4", "--clients", "first:5", "--rounds", "3"];
        var run = App.Succeed([.. Shortest, .. command, "--threads", "1"]);
        double time = 0;
        int dropped = 0;
        foreach (var round in run.Events[..3])
        {
            Assert.Equal(7, round.GetProperty("clients").GetInt32());
            Assert.Equal(7, round.GetProperty("client_ids").GetArrayLength());
            var work = round.GetProperty("metrics").GetProperty("client_work");
            Assert.Equal(7, work.GetProperty("arrivals").GetInt32());
            dropped += work.GetProperty("dropped").GetInt32();
            Assert.InRange(work.GetProperty("mean_staleness").GetDouble(), 0, work.GetProperty("max_staleness").GetInt32());
            Assert.True(work.GetProperty("simulated_seconds").GetDouble() > time);
            time = work.GetProperty("simulated_seconds").GetDouble();
        }

        Assert.True(dropped > 0);
        Assert.Equal(run.Hash, App.Succeed([.. Shortest, .. command, "--threads", "3"]).Hash);
        var plain = App.Succeed(["train", "--epochs", "1", "--evaluate-on", "none", .. command]);
        Assert.EndsWith(FormattableString.Invariant($"  {time:N1} s simulated"), plain.Lines[2].TrimEnd(), StringComparison.Ordinal);
        Assert.Contains("of 7 clients", plain.Lines[2], StringComparison.Ordinal);
    }

    /// <summary>A server that waits for a whole buffer, as large as the cohort, is federated averaging.</summary>
    [Fact]
    public void A_server_that_waits_is_federated_averaging() => Assert.Equal(
        Hash("--weighting", "uniform"), Hash("--algorithm", "fedbuff:buffer=3", "--clock", "lognormal:synchronous=true"));

    [Fact]
    public void A_round_in_which_all_drop_out_ends_and_says_so()
    {
        var run = App.Run([.. Short, "--algorithm", "fedbuff", "--clock", "equal:dropout=1"]);
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith(
            "Warning: round 1 left the model unchanged, because 10000 clients or slots of time went by without a result.", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scaffold", "client_work=< client_rule=<>, server_control=< float32[784,10], float32[10] > >")]
    [InlineData("feddyn:alpha=1", "client_work=< client_rule=<>, h=< float32[784,10], float32[10] > >")]
    [InlineData("ditto:lambda=1", "client_work=< client_rule=<>, first_model=< float32[784,10], float32[10] > >")]
    [InlineData("fedbuff", "client_work=< client_rule=<>, simulated_seconds=float64, version=int32, starts=int64 >")]
    [InlineData("fednova", "client_work=<>, aggregator")]
    [InlineData("qffl:q=1", "client_work=<>, aggregator")]
    public void Types_are_printed(string algorithm, string state)
    {
        string output = App.Succeed(
            "train", "--rounds", "1", "--epochs", "1", "--clients", "first:2", "--evaluate-on", "none", "--show-types", "--algorithm", algorithm).Output;
        Assert.Contains(state, string.Join(' ', output.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_algorithm_and_published_optimizer_has_its_row_in_the_documentation()
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "algorithms.md"));
        string[] names = [.. $"{AlgorithmChoice.Help}{OptimizerChoice.ServerHelp}".Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(form => form.Trim().Split([':', '[', ' '])[0])];
        Assert.Contains("scaffold", names);
        Assert.Contains("fedyogi", names);
        Assert.All(names, name => Assert.Matches($"(?m)^\\| `{name}[`:\\[]", text));
    }

    private static string Hash(params string[] more) => App.Succeed([.. Short, .. more]).Hash;
}
