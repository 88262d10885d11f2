using FedPure.Learning.Algorithms;
using FedPure.Learning.Asynchrony;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;

namespace FedPure.Benchmarks.Algorithms;

/// <summary>An algorithm with the settings that it may choose from, each with the text that the table shows.</summary>
internal sealed record Contender(string Name, params (string Text, Func<IModel, Population, ILearningProcess> Build)[] Settings)
{
    private static readonly float[] ClientRates = [0.01f, 0.02f, 0.05f, 0.1f];

    public static Contender[] All { get; } =
    [
        new("FedAvg", ByRate((model, _, rule) => FederatedAveraging.BuildWeighted(model, rule))),
        new("FedProx", ByRate([0.01f, 0.1f, 1f], "μ", (model, _, rule, mu) => FederatedProx.BuildWeighted(model, mu, rule))),
        new(
            "FedSGD",
            [.. ((float[])[0.05f, 0.1f, 0.2f, 0.5f]).Select(rate => Setting($"server {rate}", (model, _) => FederatedSgd.Build(model, new Sgd(rate))))]),
        new("Mime-Lite", ByRate([0.5f, 0.9f], "momentum", (model, _, rule, momentum) => MimeLite.BuildWeighted(model, rule with { Momentum = momentum }))),
        new("SCAFFOLD", ByRate((model, population, rule) => Scaffold.Build(model, population, rule))),
        new("FedNova", ByRate((model, _, rule) => FedNova.Build(model, rule))),
        new("FedDyn", ByRate([0.01f, 0.03f, 0.1f], "α", (model, population, rule, alpha) => FedDyn.Build(model, population, alpha, rule))),
        new("q-FFL", ByRate([0.1f, 1f], "q", (model, _, rule, q) => QFedAvg.Build(model, q, rule))),
        new("Ditto", ByRate([0.1f, 1f], "λ", (model, _, rule, lambda) => Ditto.Build(model, lambda, rule))),
        new("FedBuff", ByRate([0f, 0.5f], "a", (model, _, rule, a) => FedBuff.Build(model, rule, staleness: new PolynomialStaleness(a)))),
        new("FedAsync", ByRate([0.3f, 0.6f, 0.9f], "α", (model, _, rule, alpha) => FedAsync.Build(model, rule, alpha, arrivalsPerRound: SkewedRun.Cohort))),
        new("FedBuff, synchronous", ByRate((model, _, rule) => FedBuff.Build(model, rule, clock: new VirtualClock { IsSynchronous = true }))),
        new(
            "FedAvgM",
            ByRate([0.5f, 0.9f], "server momentum", (model, _, rule, momentum) => FederatedAveraging.BuildWeighted(model, rule, new Sgd(1f, momentum)))),
        new("FedAdagrad", ByServerRate(rate => new FedAdagrad(rate))),
        new("FedAdam", ByServerRate(rate => new FedAdam(rate))),
        new("FedYogi", ByServerRate(rate => new FedYogi(rate))),
    ];

    private static (string, Func<IModel, Population, ILearningProcess>)[] ByRate(Func<IModel, Population, Sgd, ILearningProcess> build) =>
        [.. ClientRates.Select(rate => Setting($"η {rate}", (model, population) => build(model, population, new Sgd(rate))))];

    private static (string, Func<IModel, Population, ILearningProcess>)[] ByRate(
        float[] values, string name, Func<IModel, Population, Sgd, float, ILearningProcess> build) =>
        [
            .. values.SelectMany(
                value => ClientRates,
                (value, rate) => Setting($"η {rate}, {name} {value}", (model, population) => build(model, population, new Sgd(rate), value))),
        ];

    private static (string, Func<IModel, Population, ILearningProcess>)[] ByServerRate(Func<float, IOptimizer> rule) =>
        ByRate([0.003f, 0.01f, 0.03f, 0.1f], "server", (model, _, client, rate) => FederatedAveraging.BuildWeighted(model, client, rule(rate)));

    private static (string, Func<IModel, Population, ILearningProcess>) Setting(FormattableString text, Func<IModel, Population, ILearningProcess> build) =>
        (FormattableString.Invariant(text), build);
}
