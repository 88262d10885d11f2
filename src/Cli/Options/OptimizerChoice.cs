using FedPure.Learning.Optimizers;

namespace FedPure.Cli.Options;

/// <summary>
/// --client-optimizer and --server-optimizer, with TensorFlow Federated's parameters and defaults; lr, its learning_rate, has one for sgd alone.
/// </summary>
internal static class OptimizerChoice
{
    private const string Published = "Reddi et al. 2021: without bias correction, tau outside the root";

    private static readonly SpecNumber
        Rate = new("lr", "R", Interval.NonNegative, "learning rate"),
        Beta1 = new("beta_1", "0.9", Interval.BelowOne),
        Beta2 = new("beta_2", "0.999", Interval.BelowOne),
        Epsilon = new("epsilon", "1e-7", Interval.NonNegative),
        Initial = new("initial_preconditioner_value", "0.1", Interval.NonNegative);

    /// <summary>One entry a rule.</summary>
    private static readonly SpecForm<IOptimizer>[] Forms =
    [
        new("sgd", [Rate with { Default = "0.01" }, new("momentum", "0", Interval.BelowOne), new("nesterov", "false", Interval.Flag)], CreateSgd),
        new("adam", [Rate, Beta1, Beta2, Epsilon], (_, x) => new Adam(F(x["lr"]), F(x["beta_1"]), F(x["beta_2"]), F(x["epsilon"]))),
        new("adamw", [Rate, Beta1, Beta2, Epsilon, new("weight_decay", "0.004", Interval.NonNegative)],
            (_, x) => new AdamW(F(x["lr"]), F(x["beta_1"]), F(x["beta_2"]), F(x["epsilon"]), F(x["weight_decay"]))),
        new("adagrad", [Rate, Initial, Epsilon], (_, x) => new Adagrad(F(x["lr"]), F(x["initial_preconditioner_value"]), F(x["epsilon"]))),
        new("rmsprop", [Rate, new("decay", "0.9", Interval.BelowOne), Epsilon], (_, x) => new RmsProp(F(x["lr"]), F(x["decay"]), F(x["epsilon"]))),
        new("yogi", [Rate, Beta1, Beta2, Epsilon with { Default = "1e-3" }, Initial with { Default = "1e-6" }],
            (_, x) => new Yogi(F(x["lr"]), F(x["beta_1"]), F(x["beta_2"]), F(x["epsilon"]), F(x["initial_preconditioner_value"]))),
        new("adafactor",
            [
                Rate, new("beta_2_decay", "-0.8", Interval.Decaying), new("epsilon_1", "1e-30", Interval.Positive),
                new("epsilon_2", "1e-3", Interval.NonNegative),
                new("clip_threshold", "1", Interval.Positive), new("relative_step", "true", Interval.Flag),
            ],
            (_, x) => new Adafactor(F(x["lr"]), F(x["beta_2_decay"]), F(x["epsilon_1"]), F(x["epsilon_2"]), F(x["clip_threshold"]), x["relative_step"] == 1)),
    ];

    private static readonly SpecNumber
        Adaptivity = new("tau", "1e-3", Interval.Positive),
        PublishedBeta2 = Beta2 with { Default = "0.99" };

    /// <summary>Rules for the server alone, as published.</summary>
    private static readonly SpecForm<IOptimizer>[] ServerForms =
    [
        new(
            "fedavgm", [Rate with { Default = "1" }, new("momentum", "0.9", Interval.BelowOne)], (_, x) => new Sgd(F(x["lr"]), F(x["momentum"])),
            "Hsu et al. 2019")
        { CanStandAlone = true },
        new("fedadagrad", [Rate, Beta1 with { Default = "0" }, Adaptivity], (_, x) => new FedAdagrad(F(x["lr"]), F(x["beta_1"]), F(x["tau"])), Published),
        new("fedadam", [Rate, Beta1, PublishedBeta2, Adaptivity], (_, x) => new FedAdam(F(x["lr"]), F(x["beta_1"]), F(x["beta_2"]), F(x["tau"])), Published),
        new("fedyogi", [Rate, Beta1, PublishedBeta2, Adaptivity], (_, x) => new FedYogi(F(x["lr"]), F(x["beta_1"]), F(x["beta_2"]), F(x["tau"])), Published),
    ];

    private static readonly SpecForm<IOptimizer>[] AllForms = [.. Forms, .. ServerForms];

    /// <summary>The rules with their parameters and defaults.</summary>
    public static string Help { get; } = SpecForm<IOptimizer>.Help(Forms);

    /// <summary>The rules for the server alone with their parameters and defaults.</summary>
    public static string ServerHelp { get; } = SpecForm<IOptimizer>.Help(ServerForms);

    public static IOptimizer Parse(string option, string text) => SpecForm<IOptimizer>.Parse(option, text, Forms);

    public static IOptimizer ParseServer(string option, string text) => SpecForm<IOptimizer>.Parse(option, text, AllForms);

    private static Sgd CreateSgd(Spec spec, IReadOnlyDictionary<string, double> x)
    {
        bool nesterov = x["nesterov"] == 1;
        if (nesterov && x["momentum"] == 0) throw spec.Error("nesterov=true needs a momentum above 0");
        return new Sgd(F(x["lr"]), F(x["momentum"]), nesterov);
    }

    private static float F(double value) => (float)value;
}
