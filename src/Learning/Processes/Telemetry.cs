using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FedPure.Learning.Processes;

/// <summary>
/// What .NET's own listeners (dotnet-counters, OpenTelemetry) can see of training: a meter and an activity source, both named FedPure.Learning. Without a
/// listener they cost a test of a flag each round.
/// </summary>
internal static class Telemetry
{
    private const string Name = "FedPure.Learning";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> RoundCount = Meter.CreateCounter<long>("fedpure.rounds", "{round}", "Rounds ended.");
    private static readonly Counter<long> ClientCount = Meter.CreateCounter<long>("fedpure.clients", "{client}", "Clients served, those left out included.");
    private static readonly Counter<long> LeftOut = Meter.CreateCounter<long>(
        "fedpure.clients.non_finite", "{client}", "Clients left out, because their update was not finite.");
    private static readonly Histogram<double> Seconds = Meter.CreateHistogram<double>("fedpure.round.duration", "s", "Duration of a round.");

    /// <summary>Runs a round as an activity named round, with the tags fedpure.round and fedpure.clients, and counts it.</summary>
    public static RoundResult Observe(int round, int clients, Func<RoundResult> next)
    {
        using var activity = Source.StartActivity("round");
        activity?.SetTag("fedpure.round", round).SetTag("fedpure.clients", clients);
        long start = Stopwatch.GetTimestamp();
        var result = next();
        Seconds.Record(Stopwatch.GetElapsedTime(start).TotalSeconds);
        RoundCount.Add(1);
        ClientCount.Add(clients);
        if (!result.NonFiniteClients.IsEmpty) LeftOut.Add(result.NonFiniteClients.Length);
        if (result.Problem is not null) activity?.SetStatus(ActivityStatusCode.Error, result.Problem);
        return result;
    }
}
