using FedPure.Cli.Options;
using FedPure.Cli.Support;
using FedPure.Learning.Optimizers;

namespace FedPure.Cli;

/// <summary>Optimizers and schedules as they are typed.</summary>
public sealed class OptimizerChoiceTests
{
    // Defaults in the table of the command line are the library's own.
    public static TheoryData<string, object> Typed => new()
    {
        { "sgd:momentum=0", new Sgd() },
        { "sgd:lr=0.1,momentum=0.9,nesterov=true", new Sgd(0.1f, 0.9f, nesterov: true) },
        { "adam:lr=0.1", new Adam(0.1f) },
        { "adam:epsilon=0.01,beta_2=0.8,beta_1=0.7,lr=0.1", new Adam(0.1f, 0.7f, 0.8f, 0.01f) },
        { "adamw:lr=0.1", new AdamW(0.1f) },
        { "adamw:lr=0.1,beta_1=0.7,beta_2=0.8,epsilon=0.01,weight_decay=0.02", new AdamW(0.1f, 0.7f, 0.8f, 0.01f, 0.02f) },
        { "adagrad:lr=0.1", new Adagrad(0.1f) },
        { "adagrad:lr=0.1,initial_preconditioner_value=0.3,epsilon=0.01", new Adagrad(0.1f, 0.3f, 0.01f) },
        { "rmsprop:lr=0.1", new RmsProp(0.1f) },
        { "rmsprop:lr=0.1,decay=0.7,epsilon=0.01", new RmsProp(0.1f, 0.7f, 0.01f) },
        { "yogi:lr=0.1", new Yogi(0.1f) },
        { "yogi:lr=0.1,beta_1=0.7,beta_2=0.8,epsilon=0.01,initial_preconditioner_value=0.3", new Yogi(0.1f, 0.7f, 0.8f, 0.01f, 0.3f) },
        { "adafactor:lr=0.1", new Adafactor(0.1f) },
        { "adafactor:lr=0.1,beta_2_decay=-0.5,epsilon_1=0.1,epsilon_2=0.2,clip_threshold=3,relative_step=false", new Adafactor(0.1f, -0.5f, 0.1f, 0.2f, 3f, false) },
    };

    public static TheoryData<string, object> Published => new()
    {
        { "fedavgm", new Sgd(1f, 0.9f) },
        { "fedavgm:lr=0.5,momentum=0.7", new Sgd(0.5f, 0.7f) },
        { "fedadagrad:lr=0.1", new FedAdagrad(0.1f) },
        { "fedadagrad:lr=0.1,beta_1=0.5,tau=0.01", new FedAdagrad(0.1f, 0.5f, 0.01f) },
        { "fedadam:lr=0.1", new FedAdam(0.1f) },
        { "fedadam:lr=0.1,beta_1=0.7,beta_2=0.8,tau=0.01", new FedAdam(0.1f, 0.7f, 0.8f, 0.01f) },
        { "fedyogi:lr=0.1", new FedYogi(0.1f) },
        { "fedyogi:lr=0.1,beta_1=0.7,beta_2=0.8,tau=0.01", new FedYogi(0.1f, 0.7f, 0.8f, 0.01f) },
        { "adam:lr=0.1", new Adam(0.1f) },
    };

    public static TheoryData<string, object> Schedules => new()
    {
        { "constant", new ConstantSchedule() },
        { "exponential:rate=0.5", new ExponentialSchedule(0.5) },
        { "inverse:rate=0.25", new InverseSchedule(0.25) },
        { "cosine:rounds=7", new CosineSchedule(7) },
        { "step:every=3,rate=0.5", new StepSchedule(3, 0.5) },
        { "polynomial:rounds=7", new PolynomialSchedule(7) },
        { "polynomial:rounds=7,power=2", new PolynomialSchedule(7, 2) },
        { "warmup:rounds=7", new WarmupSchedule(7) },
    };

    [Theory, MemberData(nameof(Typed))]
    public void OptimizersAreTyped(string text, object expected) => Assert.Equal(expected, OptimizerChoice.Parse("--client-optimizer", text));

    [Theory, MemberData(nameof(Published))]
    public void PublishedServerOptimizersAreTyped(string text, object expected) =>
        Assert.Equal(expected, OptimizerChoice.ParseServer("--server-optimizer", text));

    [Theory, MemberData(nameof(Schedules))]
    public void SchedulesAreTyped(string text, object expected) => Assert.Equal(expected, ScheduleChoice.Parse("--client-schedule", text));

    [Fact]
    public void EveryOptimizerTrainsOnEitherSide()
    {
        string[] specs = ["sgd:lr=0.02", "sgd:lr=0.02,momentum=0.9", "adam:lr=0.01", "adamw:lr=0.01", "adagrad:lr=0.05", "rmsprop:lr=0.001", "yogi:lr=0.01", "adafactor:lr=0.05"];
        string[] short2 = ["train", "--json", "--rounds", "2", "--epochs", "1", "--clients", "first:3"];
        var hashes = specs.SelectMany(
            spec => (string[])["--client-optimizer", "--server-optimizer"], (spec, side) => App.Succeed([.. short2, side, spec])).ToList();
        Assert.All(hashes, run => Assert.Equal(0, run.Events[0].GetProperty("metrics").GetProperty("finalizer").GetProperty("update_non_finite").GetInt32()));
        Assert.Equal(hashes.Count, hashes.Select(run => run.Hash).Distinct().Count());
    }

    [Fact]
    public void AScheduleSetsTheRateOfEachRound()
    {
        string[] one = ["train", "--json", "--epochs", "1", "--clients", "first:2", "--evaluate-on", "none"];

        // From 0.02 in the first round, half of it in the second; after a cosine's rounds nothing moves any more.
        Assert.Equal(Hash("1", "exponential:rate=0.5"), Hash("1", "constant"));
        Assert.NotEqual(Hash("2", "exponential:rate=0.5"), Hash("2", "constant"));
        Assert.Equal(Hash("2", "exponential:rate=0.5"), Hash("2", "step:every=1,rate=0.5"));
        Assert.Equal(Hash("1", "cosine:rounds=1"), Hash("4", "cosine:rounds=1"));

        string Hash(string rounds, string schedule) => App.Succeed([.. one, "--rounds", rounds, "--client-schedule", schedule]).Hash;
    }
}
