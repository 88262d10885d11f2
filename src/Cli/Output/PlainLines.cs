using System.Globalization;
using FedPure.Learning.Processes;

namespace FedPure.Cli.Output;

/// <summary>Events as lines for people; the invariant culture, so that they look the same everywhere.</summary>
internal sealed class PlainLines : IEventFormat
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    public string Format(RoundEvent round)
    {
        string simulated = round.SimulatedSeconds is { } seconds ? string.Create(Invariant, $"  {seconds:N1} s simulated") : "";
        string result = string.Create(Invariant, $"round {round.Round,3}  loss {round.Loss:F4}  accuracy {round.Accuracy:F4}");
        return string.Create(Invariant, $"{result}  {round.Examples:N0} examples of {round.Clients} clients  {1e3 * round.Seconds:F1} ms{simulated}");
    }

    public string Format(EvaluationEvent evaluation) => string.Create(
        Invariant, $"evaluation  {evaluation.Split,-5}  loss {evaluation.Loss:F4}  accuracy {evaluation.Accuracy:F4}  {evaluation.Examples:N0} examples");

    public string Format(SummaryEvent summary) => string.Create(
        Invariant, $"{summary.Rounds} rounds in {summary.Seconds:F3} s  {summary.Parameters:N0} parameters  weights_sha256 {summary.WeightsSha256}");

    public string Format(ProcessSignature types) => types.ToString();
}
