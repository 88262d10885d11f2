using System.Collections.Immutable;
using System.Diagnostics;
using FedPure.Cli.Options;
using FedPure.Cli.Output;
using FedPure.Data;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;

namespace FedPure.Cli.Commands;

/// <summary>Rounds of training with their evaluations, printed as they end.</summary>
internal sealed class TrainingRun
{
    // More ids than this make a warning unreadable.
    private const int NamedClients = 3;

    public required Terminal Terminal { get; init; }

    public required IEventFormat Format { get; init; }

    public required ILearningProcess Process { get; init; }

    /// <summary>From the learning rate of the process's client optimizer.</summary>
    public required LearningRateSchedule ClientSchedule { get; init; }

    /// <summary>Null for the model's own.</summary>
    public required ModelWeights? InitialWeights { get; init; }

    /// <summary>The clients of every round.</summary>
    public required ImmutableArray<ClientDataset> Cohort { get; init; }

    public required int Rounds { get; init; }

    public required Evaluator Evaluator { get; init; }

    public required ImmutableArray<(string Split, ImmutableArray<ClientDataset> Clients)> EvaluateOn { get; init; }

    /// <summary>Null for after the last round only.</summary>
    public required int? EvaluateEvery { get; init; }

    public required WeightsPath? SaveWeights { get; init; }

    public void Execute(CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        var state = Process.Initialize();
        if (InitialWeights is not null) state = Process.SetModelWeights(state, InitialWeights);
        var (clientOptimizer, clientRate) = (state.ClientOptimizer, state.ClientOptimizer.Hyperparameters[0].Value);
        var progress = new TrainingProgress(Rounds);
        using (Terminal.Show(progress))
        {
            for (int round = 1; round <= Rounds; round++)
            {
                state = state with { ClientOptimizer = clientOptimizer.WithLearningRate(ClientSchedule.RateAt(clientRate, round - 1)) };
                state = Train(state, round, progress, cancellationToken);
                if (round == Rounds || round % EvaluateEvery == 0) Evaluate(state, round, cancellationToken);
            }
        }

        var weights = Process.GetModelWeights(state);
        if (SaveWeights is not null) RawWeights.Write(SaveWeights.Path, weights);
        Terminal.Print(Format.Format(new SummaryEvent(Rounds, Stopwatch.GetElapsedTime(start).TotalSeconds, weights.Layout.Length, weights.Sha256())));
    }

    private ServerState Train(ServerState state, int round, TrainingProgress progress, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        var result = Process.Next(state, Cohort, cancellationToken);
        var done = new RoundEvent(round, Cohort.Length, Stopwatch.GetElapsedTime(start).TotalSeconds, result.Metrics);
        progress.Add(done);
        Terminal.Print(Format.Format(done));
        Warn(round, result);
        return result.State;
    }

    private void Evaluate(ServerState state, int round, CancellationToken cancellationToken)
    {
        foreach (var (split, clients) in EvaluateOn)
            Terminal.Print(Format.Format(Evaluator.Evaluate(round, split, clients, Process.GetModelWeights(state), cancellationToken)));
    }

    private void Warn(int round, RoundResult result)
    {
        if (result.NonFiniteClients is { IsEmpty: false } left)
        {
            string others = left.Length > NamedClients ? $" and {left.Length - NamedClients} more" : "";
            Terminal.Warn($"round {round} left out {string.Join(", ", left.Take(NamedClients))}{others}, whose updates were not finite; a smaller learning rate may help.");
        }

        if (result.Problem is not null) Terminal.Warn($"round {round} left the model unchanged, because {result.Problem}.");
    }
}
