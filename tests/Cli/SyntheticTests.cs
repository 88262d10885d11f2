using FedPure.Cli.Support;

namespace FedPure.Cli;

public sealed class SyntheticTests
{
    [Fact]
    public void Synthetic_clients_train()
    {
        var run = App.Succeed("train", "--json", "--data", "synthetic", "--rounds", "3", "--clients", "all", "--evaluate-on", "test");
        Assert.Equal(30, run.Events[0].GetProperty("clients").GetInt32());
        Assert.Equal(610, run.Events[^1].GetProperty("parameters").GetInt32());
        Assert.NotEqual(
            run.Hash, App.Succeed("train", "--json", "--data", "synthetic:seed=1", "--rounds", "3", "--clients", "all", "--evaluate-on", "none").Hash);
        Assert.Equal(
            run.Hash,
            App.Succeed(
                "train", "--json", "--data", "synthetic:alpha=1,beta=1,clients=30,features=60,classes=10,iid=false,seed=0", "--seed", "9", "--rounds", "3",
                "--clients", "all", "--evaluate-on", "none").Hash);
    }

    [Fact]
    public void Blobs_are_spread_and_learnt()
    {
        var run = App.Succeed(
            "train", "--json", "--data", "blobs:examples=2000,separation=3,classes=4,features=8", "--partition", "dirichlet:20,0.3", "--clients", "all",
            "--rounds", "5", "--evaluate-on", "test");
        var test = run.Events[^2].GetProperty("metrics").GetProperty("client_work").GetProperty("eval").GetProperty("current_round_metrics");
        Assert.InRange(test.GetProperty("sparse_categorical_accuracy").GetDouble(), 0.9, 1);
        Assert.Equal(333, test.GetProperty("num_examples").GetInt32());
    }
}
