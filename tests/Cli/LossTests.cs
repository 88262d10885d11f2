using FedPure.Cli.Support;
using FedPure.TestData;

namespace FedPure.Cli;

/// <summary>--loss: the run of tests/golden/tutorial/loss-clip.json, in which the two losses part.</summary>
public sealed class LossTests
{
    private static readonly string[] Run =
        ["train", "--json", "--clients", "ids:f0000_18,f0001_86,f0002_89", "--epochs", "1", "--batch", "32", "--shuffle-buffer", "0", "--rounds", "2", "--client-optimizer", "sgd:lr=0.1", "--evaluate-on", "none"];

    [Fact]
    public void Probabilities_are_clipped_as_in_the_reference()
    {
        var golden = Repository.GoldenJson("tutorial/loss-clip.json")["keras"]!["rounds"]!;
        var run = App.Succeed([.. Run, "--loss", "probabilities"]);
        for (int round = 0; round < 2; round++)
        {
            // Some 250 losses, the larger ones of 16 with an ulp of 1e-6 each, summed in float32 on the other side.
            double expected = (double)golden[round]!["client_work"]!["train"]!["loss"]!;
            Assert.Equal(expected, Loss(run, round), 1e-5 * expected);
        }
    }

    [Fact]
    public void Logits_are_not_clipped()
    {
        // The hand-written model of the same file has no clip; its first round does not overflow.
        double expected = (double)Repository.GoldenJson("tutorial/loss-clip.json")["handwritten"]!["rounds"]![0]!["client_work"]!["train"]!["loss"]!;
        Assert.Equal(expected, Loss(App.Succeed(Run), 0), 1e-5 * expected);
        Assert.Equal(App.Succeed(Run).Hash, App.Succeed([.. Run, "--loss", "logits"]).Hash);
    }

    private static double Loss(CliRun run, int round) =>
        run.Events[round].GetProperty("metrics").GetProperty("client_work").GetProperty("train").GetProperty("loss").GetDouble();
}
