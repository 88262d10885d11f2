using System.Diagnostics;
using System.Runtime.CompilerServices;
using FedPure.Data;
using FedPure.Learning.Metrics;

namespace FedPure.Learning.Processes;

/// <summary>
/// Rounds of a learning process one after the other, with evaluations between them. The loop is lazy: a round is trained when it is asked for, so that whoever
/// reads the rounds can stop, save or change course after any of them.
/// </summary>
/// <param name="process">What trains.</param>
/// <param name="selectClients">The cohort of a round, from 1; a pure function of the round makes a run repeatable.</param>
public sealed class TrainingLoop(ILearningProcess process, Func<int, IReadOnlyList<ClientDataset>> selectClients)
{
    private readonly ILearningProcess _process = process ?? throw new ArgumentNullException(nameof(process));
    private readonly Func<int, IReadOnlyList<ClientDataset>> _selectClients = selectClients ?? throw new ArgumentNullException(nameof(selectClients));

    /// <summary>Rounds to train in all: a run from a state of round r trains the rounds r + 1 to this one.</summary>
    public int TotalRounds
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(TotalRounds), value, "A run has at least one round.");
    } = 10;

    /// <summary>
    /// Evaluates the state after a round, such as by <see cref="Evaluation.FederatedEvaluation"/> on clients held out; null for no evaluation.
    /// </summary>
    public Func<TrainingRound, CancellationToken, MetricTree>? Evaluate { get; init; }

    /// <summary>Rounds from one evaluation to the next; the last round is evaluated always.</summary>
    public int RoundsPerEvaluation
    {
        get;
        init =>
            field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(RoundsPerEvaluation), value, "Evaluations are at least one round apart.");
    } = 1;

    /// <summary>What makes a model the best, and when to stop early; needs <see cref="Evaluate"/>. Null to keep no model but the last.</summary>
    public ModelSelection? Selection { get; init; }

    /// <summary>Trains to the end, tells of each round, and returns the last; null if the state had done all rounds before.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, within a round too; the states of the rounds reported are valid.</exception>
    public TrainingRound? Run(ServerState start, IProgress<TrainingRound>? progress = null, CancellationToken cancellationToken = default)
    {
        TrainingRound? last = null;
        foreach (var round in Rounds(start, cancellationToken))
        {
            progress?.Report(round);
            last = round;
        }

        return last;
    }

    /// <summary>The rounds as they end.</summary>
    /// <exception cref="InvalidOperationException">There is a selection, but no evaluation to select by.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, within a round too.</exception>
    public IEnumerable<TrainingRound> Rounds(ServerState start, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        if (Selection is not null && Evaluate is null) throw new InvalidOperationException("A model is selected by its evaluations: set Evaluate too.");
        return Iterate(start, cancellationToken);
    }

    /// <summary>The rounds as they end, each trained on a thread of the pool, so that the caller's thread stays free.</summary>
    /// <inheritdoc cref="Rounds"/>
    public async IAsyncEnumerable<TrainingRound> RoundsAsync(ServerState start, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var rounds = Rounds(start, cancellationToken).GetEnumerator();
        while (await Task.Run(rounds.MoveNext, cancellationToken).ConfigureAwait(false)) yield return rounds.Current;
    }

    private IEnumerable<TrainingRound> Iterate(ServerState start, CancellationToken cancellationToken)
    {
        var state = start;
        BestModel? best = null;
        int withoutImprovement = 0;
        while (state.Round < TotalRounds && !(withoutImprovement >= Selection?.Patience))
        {
            var round = Train(state, best, cancellationToken);
            state = round.State;
            if (Evaluate is not null && (round.Round == TotalRounds || round.Round % RoundsPerEvaluation == 0))
            {
                var evaluation = Evaluate(round, cancellationToken);
                best = Better(best, evaluation, round);
                withoutImprovement = best?.Round == round.Round ? 0 : withoutImprovement + 1;
                round = round with { Evaluation = evaluation, Best = best };
            }

            yield return round;
        }
    }

    private TrainingRound Train(ServerState state, BestModel? best, CancellationToken cancellationToken)
    {
        int number = state.Round + 1;
        var clients = _selectClients(number);
        long start = Stopwatch.GetTimestamp();
        var result = _process.Next(state, clients, cancellationToken);
        return new TrainingRound(number, [.. clients.Select(client => client.ClientId)], Stopwatch.GetElapsedTime(start), result, null, best);
    }

    private BestModel? Better(BestModel? best, MetricTree evaluation, TrainingRound round)
    {
        if (Selection is null) return null;
        double value = evaluation[Selection.Metric];
        bool isFirst = best is null && !double.IsNaN(value);
        return isFirst || (best is not null && Selection.IsBetter(value, best.Value)) ? new BestModel(round.Round, value, round.State) : best;
    }
}
