using System.Collections.Immutable;
using System.Diagnostics;
using FedPure.Cli.Options;
using FedPure.Cli.Output;
using FedPure.Data;
using FedPure.Data.Sampling;
using FedPure.Learning.Asynchrony;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Processes;
using FedPure.Reporting.Report;
using FedPure.Reporting.TensorBoard;

namespace FedPure.Cli.Commands;

/// <summary>Rounds of training with their evaluations, printed as they end.</summary>
internal sealed class TrainingRun
{
    // More ids than this make a warning unreadable.
    private const int NamedClients = 3;

    public required Terminal Terminal { get; init; }

    public required IEventFormat Format { get; init; }

    /// <summary>Whether a terminal shows the progress; not where JSON Lines have the screen to themselves.</summary>
    public required bool ShowsProgress { get; init; }

    public required ILearningProcess Process { get; init; }

    /// <summary>The process's types, to be printed first; null for not.</summary>
    public required ProcessSignature? Types { get; init; }

    /// <summary>Null for the model's own.</summary>
    public required ModelWeights? InitialWeights { get; init; }

    /// <summary>Chooses the clients of each round, which train and are evaluated.</summary>
    public required IClientSampler Sampler { get; init; }

    /// <summary>Whether each round tells its clients' ids.</summary>
    public required bool TellsClients { get; init; }

    /// <summary>A client as it trains.</summary>
    public required Func<string, ClientDataset> TrainingClient { get; init; }

    public required int Rounds { get; init; }

    public required Evaluator Evaluator { get; init; }

    public required ImmutableArray<(string Split, IFederatedDataset Clients)> EvaluateOn { get; init; }

    /// <summary>The clients to evaluate on, such as some held out; null for those of the round.</summary>
    public required ImmutableArray<string>? EvaluationClients { get; init; }

    /// <summary>Null for after the last round only.</summary>
    public required int? EvaluateEvery { get; init; }

    public required WeightsPath? SaveWeights { get; init; }

    /// <summary>Event files for TensorBoard, which the run closes; null for none.</summary>
    public required TrainingLog? Log { get; init; }

    /// <summary>Whether the log has the distributions of weights.</summary>
    public required bool LogsHistograms { get; init; }

    /// <summary>The page that the run writes when it ends, however it does; null for none.</summary>
    public required TrainingReport? Report { get; init; }

    public void Execute(CancellationToken cancellationToken)
    {
        using var log = Log;
        long start = Stopwatch.GetTimestamp();
        var outcome = RunOutcome.Failed;
        try
        {
            Train(start, cancellationToken);
            outcome = RunOutcome.Finished;
        }
        catch (OperationCanceledException)
        {
            outcome = RunOutcome.Interrupted;
            throw;
        }
        finally
        {
            Log?.Session.SessionEnd(outcome == RunOutcome.Finished);
            Report?.Write(Terminal, outcome, Stopwatch.GetElapsedTime(start));
        }
    }

    private void Train(long start, CancellationToken cancellationToken)
    {
        if (Types is not null) Terminal.Print(Format.Format(Types));
        var state = Process.Initialize();
        if (InitialWeights is not null) state = Process.SetModelWeights(state, InitialWeights);
        Report?.Record.Begin(Process.GetModelWeights(state));
        var loop = new TrainingLoop(Process, round => [.. Sampler.Sample(round).Select(TrainingClient)]) { TotalRounds = Rounds };
        var progress = new TrainingProgress(Rounds, interrupt: cancellationToken);
        try
        {
            using (ShowsProgress ? Terminal.Show(progress) : null)
            {
                foreach (var round in loop.Rounds(state, cancellationToken))
                {
                    if (LogsHistograms) Log!.Weights(round.Round, Process.GetModelWeights(state), Process.GetModelWeights(round.State));
                    state = round.State;
                    Report?.Record.Round(round);
                    var metrics = ClientDetails.Without(round.Result.Metrics);
                    var done = Event(round, metrics);
                    progress.Add(done);
                    Terminal.Print(Format.Format(done));
                    Warn(round.Round, round.Result);
                    Log?.Round(round.Round, metrics);
                    if (round.Round == Rounds || round.Round % EvaluateEvery == 0) Evaluate(round, cancellationToken);
                    Log?.Flush();
                }
            }
        }
        catch (OperationCanceledException e)
        {
            throw new InterruptedException(KeepWhatIsDone(state), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ClientFailedException && state.Round > 0 && SaveWeights is not null)
        {
            SaveWeights.Write(Process.GetModelWeights(state));
            Terminal.Warn($"the weights of round {state.Round}, the last whole one, are in {SaveWeights.Path}.");
            throw;
        }

        var weights = Process.GetModelWeights(state);
        SaveWeights?.Write(weights);
        Terminal.Print(Format.Format(new SummaryEvent(Rounds, Stopwatch.GetElapsedTime(start).TotalSeconds, weights.Layout.Length, weights.Sha256())));
    }

    // Where clients come and go, those of a round are the ones that arrived in it.
    private RoundEvent Event(TrainingRound round, MetricTree metrics)
    {
        var clientIds = round.Result.Arrivals ?? round.ClientIds;
        return new RoundEvent(
            round.Round, clientIds.Length, round.Duration.TotalSeconds, metrics, TellsClients || round.Result.Arrivals is not null ? clientIds : null,
            (round.State.ClientWork as AsynchronousState)?.Seconds);
    }

    // Saves the weights of the last whole round if any are to be saved, and says what is left of the run.
    private string KeepWhatIsDone(ServerState state)
    {
        if (state.Round == 0) return "The run was interrupted before its first round had ended, so there was nothing to save.";
        SaveWeights?.Write(Process.GetModelWeights(state));
        string weights = SaveWeights is { Path: var path }
            ? $"the weights of that round are in {path}, and --initial-weights {path} starts from them"
            : "no weights were saved, since --save-weights FILE was not given";
        string events = Log is null ? "" : " The event files of --logdir hold its rounds.";
        return $"The run was interrupted after round {state.Round} of {Rounds}; {weights}.{events}";
    }

    private void Evaluate(TrainingRound round, CancellationToken cancellationToken)
    {
        var weights = Process.GetModelWeights(round.State);
        foreach (var (split, clients) in EvaluateOn)
        {
            var detailed = Evaluator.Evaluate(round.Round, split, (EvaluationClients ?? round.ClientIds).Select(clients.GetClient), weights, cancellationToken);
            Report?.Record.Evaluation(round.Round, split, detailed.Metrics);
            var evaluation = detailed with { Metrics = ClientDetails.Without(detailed.Metrics) };
            Terminal.Print(Format.Format(evaluation));
            Log?.Evaluation(round.Round, split, evaluation.Metrics);
        }
    }

    private void Warn(int round, RoundResult result)
    {
        if (result.NonFiniteClients is { IsEmpty: false } left)
        {
            string others = left.Length > NamedClients ? $" and {left.Length - NamedClients} more" : "";
            Terminal.Warn(
                $"round {round} left out {string.Join(", ", left.Take(NamedClients))}{others}, whose updates were not finite; "
                    + "a smaller learning rate may help.");
        }

        if (result.Problem is not null) Terminal.Warn($"round {round} left the model unchanged, because {result.Problem}.");
        if (result.RefusedInPart is (var count, var reason)) Terminal.Warn($"round {round} left out {count} of its server updates, because {reason}.");
    }
}
