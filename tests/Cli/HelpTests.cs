using FedPure.Cli.Support;

namespace FedPure.Cli;

public sealed class HelpTests
{
    [Theory]
    [InlineData("")]
    [InlineData("--help")]
    [InlineData("-h")]
    public void Without_a_command_there_is_help_and_an_example(string line)
    {
        var run = App.Succeed(Words(line));
        foreach (string word in (string[])["train", "evaluate", "data", "info", "--version", "Example:"])
            Assert.Contains(word, run.Output, StringComparison.Ordinal);
        Assert.Equal("fedpure train", run.Lines[^1].Trim());
    }

    [Theory]
    [InlineData("train --help", "--client-optimizer <SPEC>", "[default: sgd:lr=0.02]", "[default: first:10, or all if fewer]", "[default: 10]", "fedpure train --clients first:20")]
    [InlineData("train --help", "adam:lr=R,beta_1=0.9,beta_2=0.999,epsilon=1e-7 adamw:", "initial_preconditioner_value=1e-6 adafactor:", "relative_step=true [default: sgd:lr=0.02]", "step:every=N,rate=R (lr·rate^⌊r/every⌋) polynomial:", "[default: constant]")]
    [InlineData("train --help", "clients × parameters × 4 bytes", "median[:weighted=false] (of each parameter; Yin et al. 2018) trimmed:", "bulyan:f=F", "zeroing:norm=10+median")]
    [InlineData("train --help", "--compress <SPEC>", "topk:fraction=F,feedback=true (the largest elements; Stich et al. 2018) randomk:", "parameters × 4 bytes for each client seen")]
    [InlineData("train --help", "scaffold (controls against client drift; Karimireddy et al. 2020) fednova", "fednova[:mu=0,steps=norms] (", "Wang et al. 2020", "feddyn:alpha=A (", "Acar et al. 2021", "qffl:q=Q (", "ditto:lambda=L (", "[default: examples; for scaffold, feddyn, qffl and fedbuff uniform]")]
    [InlineData("train --help", "fedbuff[:buffer=10,staleness=polynomial,a=0.5,b=4] (", "Nguyen et al. 2022", "fedasync[:alpha=0.6,staleness=polynomial,a=0.5,b=4,mu=0,arrivals=10] (", "Xie et al. 2019", "--clock <SPEC>", "seconds=0.01,concurrency=10,dropout=0,day=0,synchronous=false", "[default: none; for fedbuff and fedasync lognormal]")]
    [InlineData("train --help", "fedavgm[:lr=1,momentum=0.9] (Hsu et al. 2019) fedadagrad:", "fedadagrad:lr=R,beta_1=0,tau=1e-3 (Reddi et al. 2021", "fedadam:lr=R,beta_1=0.9,beta_2=0.99,tau=1e-3 (Reddi", "fedyogi:lr=R,beta_1=0.9,beta_2=0.99,tau=1e-3 (Reddi et al. 2021: without bias correction")]
    [InlineData("evaluate --help", "--weights <FILE>", "[default: all]", "[default: test]")]
    [InlineData("data --help", "info", "Example:")]
    [InlineData("data", "info", "Example:")]
    [InlineData("data info --help", "--data <SPEC>", "[default: digits]")]
    [InlineData("info --help", "--json")]
    [InlineData("train --rounds 0 --bogus --help", "--rounds <N>")]
    public void Every_command_has_help_with_its_defaults(string line, params string[] words)
    {
        // Long descriptions are wrapped into columns, so words are looked for without regard to line ends.
        string output = string.Join(' ', App.Succeed(Words(line)).Output.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));
        foreach (string word in words) Assert.Contains(word, output, StringComparison.Ordinal);
    }

    /// <summary>What an option takes stands one below the other, in the column of the descriptions.</summary>
    [Fact]
    public void Forms_have_lines_of_their_own()
    {
        string[] lines = App.Succeed("train", "--help").Lines;
        int column = Array.Find(lines, line => line.Contains("--rounds <N>", StringComparison.Ordinal))!.IndexOf("Rounds.", StringComparison.Ordinal);
        foreach (
            string form in (string[])["digits (", "scaffold (", "adam:lr=R", "fedyogi:lr=R", "cosine:rounds=N", "krum:f=F", "topk:fraction=F", "hadamard+ before"])
            Assert.Contains(lines, line => line.StartsWith(new string(' ', column + 2) + form, StringComparison.Ordinal));
    }

    [Fact]
    public void Version_is_that_of_the_program() => Assert.Matches("^[0-9]+\\.[0-9]+\\.[0-9]+$", Assert.Single(App.Succeed("--version").Lines));

    [Fact]
    public void The_examples_work()
    {
        using var folder = new TempFolder();
        string path = folder.File("model.f32");
        App.Succeed("train", "--clients", "first:20", "--rounds", "1", "--model", "mlp:20", "--save-weights", path);
        App.Succeed("evaluate", "--model", "mlp:20", "--weights", path);
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
