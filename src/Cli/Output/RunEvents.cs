using System.Collections.Immutable;
using FedPure.Learning.Metrics;
using FedPure.Learning.Processes;

namespace FedPure.Cli.Output;

/// <summary>
/// A round of training is done; rounds count from 1. The ids are given where each round has its own clients, the simulated seconds where there is a virtual
/// clock.
/// </summary>
internal sealed record RoundEvent(
    int Round, int Clients, double Seconds, MetricTree Metrics, ImmutableArray<string>? ClientIds = null, double? SimulatedSeconds = null)
{
    public double Loss => Metrics["client_work/train/loss"];

    public double Accuracy => Metrics["client_work/train/sparse_categorical_accuracy"];

    public double Examples => Metrics["client_work/train/num_examples"];
}

/// <summary>The model of the server was evaluated after a round, or (round 0) as it was given.</summary>
internal sealed record EvaluationEvent(int Round, string Split, MetricTree Metrics)
{
    private const string Current = "client_work/eval/current_round_metrics/";

    public double Loss => Metrics[Current + "loss"];

    public double Accuracy => Metrics[Current + "sparse_categorical_accuracy"];

    public double Examples => Metrics[Current + "num_examples"];
}

/// <summary>All rounds are done.</summary>
internal sealed record SummaryEvent(int Rounds, double Seconds, int Parameters, string WeightsSha256);

/// <summary>Makes a line of each event.</summary>
internal interface IEventFormat
{
    string Format(RoundEvent round);

    string Format(EvaluationEvent evaluation);

    string Format(SummaryEvent summary);

    string Format(ProcessSignature types);
}
