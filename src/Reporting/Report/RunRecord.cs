using System.Globalization;
using System.Security.Cryptography;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Processes;
using FedPure.Reporting.Exploration;

namespace FedPure.Reporting.Report;

/// <summary>
/// What a run measured, gathered round by round: what a <see cref="ReportPage"/> shows. Where the metrics have <see cref="ClientDetails"/>, single clients are
/// in it too. Its size grows with the rounds and with the clients, not with their product.
/// </summary>
/// <param name="description">What was run.</param>
public sealed class RunRecord(RunDescription description)
{
    private const string Train = "client_work/train", Evaluated = "client_work/eval/current_round_metrics";

    private readonly OrderedDictionary<RunTableId, RunTable> _tables = [];
    private readonly List<RunNote> _notes = [];
    private ModelWeights? _weights;

    /// <summary>What was run.</summary>
    public RunDescription Description { get; internal set; } = description ?? throw new ArgumentNullException(nameof(description));

    /// <summary>How far it came.</summary>
    public RunOutcome Outcome { get; private set; }

    /// <summary>Time of the whole run; null while it goes on.</summary>
    public double? Seconds { get; private set; }

    /// <summary>Number of the model's parameters; null if unknown.</summary>
    public int? Parameters { get; private set; }

    /// <summary>SHA-256 of the clients' data as <see cref="DataSurvey.Sha256"/> takes it, in lower-case hex; null if unknown.</summary>
    public string? DataSha256 { get; private set; }

    /// <summary>SHA-256 of the weights that the run started from, in lower-case hex; null if unknown.</summary>
    public string? InitialWeightsSha256 { get; private set; }

    /// <summary>SHA-256 of the weights after the last round, in lower-case hex; null if unknown.</summary>
    public string? WeightsSha256
    {
        get => _weights?.Sha256() ?? field;
        private set;
    }

    /// <summary>Rounds done.</summary>
    public int Rounds => Table(new(RunTableId.Round))?.Rounds is [.., var last] ? last : 0;

    /// <summary>The numbers by round.</summary>
    public IReadOnlyCollection<RunTable> Tables => _tables.Values;

    /// <summary>The numbers by client.</summary>
    public ClientTable Clients { get; } = new();

    /// <summary>What should be known of single rounds.</summary>
    public IReadOnlyList<RunNote> Notes => _notes;

    /// <summary>The table of that id; null if nothing of its kind was measured.</summary>
    public RunTable? Table(RunTableId id) => _tables.GetValueOrDefault(id);

    /// <summary>Takes note of the weights that the first round starts from.</summary>
    public void Begin(ModelWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        InitialWeightsSha256 = weights.Sha256();
        Parameters = weights.Layout.Length;
        _weights = weights;
    }

    /// <summary>Takes note of what is known of the clients beforehand.</summary>
    public void Survey(DataSurvey survey)
    {
        ArgumentNullException.ThrowIfNull(survey);
        DataSha256 = survey.Sha256;
        Clients.Add(survey);
    }

    /// <summary>Takes note of a round of training.</summary>
    public void Round(TrainingRound round)
    {
        ArgumentNullException.ThrowIfNull(round);
        _weights = round.State.GlobalModelWeights;

        // Where clients come and go, those of a round are the ones that arrived in it.
        var clientIds = round.Result.Arrivals ?? round.ClientIds;
        if (round.Result.NonFiniteClients is { IsEmpty: false } left)
            _notes.Add(
                new RunNote(
                    round.Round,
                    left.Length == 1
                        ? $"Client {left[0]} was left out: its update was not finite."
                        : $"{left.Length} clients were left out: their updates were not finite."));
        Round(
            round.Round, clientIds.Length, round.Duration.TotalSeconds, round.Result.Metrics, _weights.Layout.TrainableLength, round.Result.Problem,
            round.Result.RefusedInPart);
        foreach (string id in clientIds)
        {
            Clients.Increment(id, "selected");
            Clients.Set(id, "last_round", round.Round);
        }

        foreach (string id in round.Result.NonFiniteClients) Clients.Increment(id, "left_out");
        SetClients(RunTableId.Train, round.Result.Metrics.Tree(Train));
    }

    /// <summary>Takes note of an evaluation of the model.</summary>
    /// <param name="round">The round that it followed; 0 for a model as it was given.</param>
    /// <param name="split">The clients' split that it was evaluated on.</param>
    /// <param name="metrics">What the evaluation returned.</param>
    public void Evaluation(int round, string split, MetricTree metrics)
    {
        ArgumentNullException.ThrowIfNull(split);
        ArgumentNullException.ThrowIfNull(metrics);
        var measured = metrics.Tree(Evaluated);
        var id = new RunTableId(RunTableId.Evaluation, split);
        Add(id, round, Measured(Values(ClientDetails.Without(measured))));
        Add(id with { OverClients = true }, round, ClientDetails.QuantilesOf(measured));
        SetClients($"{RunTableId.Evaluation}/{split}", measured);
        NoteNanClients(round, $"on {split}", measured);
    }

    /// <summary>Takes note of the end.</summary>
    /// <param name="outcome">How the run ended.</param>
    /// <param name="duration">Time of the whole run.</param>
    public void End(RunOutcome outcome, TimeSpan duration) => (Outcome, Seconds) = (outcome, duration.TotalSeconds);

    /// <summary>A round of which only numbers are known.</summary>
    /// <param name="round">From 1.</param>
    /// <param name="clients">The size of the cohort.</param>
    /// <param name="seconds">Its duration.</param>
    /// <param name="metrics">What the process returned.</param>
    /// <param name="trainable">Number of trainable parameters; null if unknown.</param>
    /// <param name="problem">Why the model was left unchanged, as a clause; null if it was not, or if the reason is unknown.</param>
    /// <param name="refusedInPart">The server's updates that were refused beside others; null if none was, or if the reasons are unknown.</param>
    internal void Round(
        int round, int clients, double seconds, MetricTree metrics, int? trainable, string? problem = null, RefusedUpdates? refusedInPart = null)
    {
        var train = metrics.Tree(Train);
        var work = ClientDetails.Without(metrics.Tree("client_work"));
        var server = Values(new MetricTree([.. metrics.Entries.Where(entry => entry.Key is "aggregator" or "finalizer")])).ToList();

        // Compression measures what it sends; without it a client gets the trainable parameters in float32 and sends as many back.
        double? plain = 4.0 * clients * trainable;
        double? down = Bytes("bytes_down") ?? plain, up = Bytes("bytes_up") ?? plain;
        Add(new(RunTableId.Round), round, [new("seconds", seconds), new("clients", clients), .. Known("bytes_down", down), .. Known("bytes_up", up)]);
        Add(
            new(RunTableId.Train), round,
            Measured(
                Values(work).Select(
                    value => value.Key.StartsWith("train/", StringComparison.Ordinal) ? new(value.Key["train/".Length..], value.Value) : value)));
        Add(new(RunTableId.Train, OverClients: true), round, ClientDetails.QuantilesOf(train));
        Add(new(RunTableId.Aggregation), round, server);
        double refused = server.FirstOrDefault(value => value.Key == "finalizer/update_non_finite").Value;
        if (problem is not null) _notes.Add(new RunNote(round, $"The model was left unchanged, because {problem}."));
        else if (refusedInPart is (var count, var reason))
            _notes.Add(new RunNote(round, $"The server refused {Updates(count)} of the model, because {reason}."));
        else if (refused > 0) _notes.Add(new RunNote(round, $"The server refused {Updates(refused)} of the model: not finite, or of no client."));
        NoteNanClients(round, "while training", train);

        double? Bytes(string name) =>
            server.Where(value => value.Key.EndsWith("/" + name, StringComparison.Ordinal)).Select(value => (double?)value.Value).FirstOrDefault();

        static string Updates(double count) => count == 1 ? "an update" : string.Create(CultureInfo.InvariantCulture, $"{count} updates");

        static IEnumerable<KeyValuePair<string, double>> Known(string name, double? value) => value is { } known ? [new(name, known)] : [];
    }

    /// <summary>What was read of a run that ended elsewhere.</summary>
    /// <exception cref="FormatException">A hash is none.</exception>
    internal void Restore(
        RunOutcome outcome, double? seconds, int? parameters, string? weightsSha256, string? initialWeightsSha256 = null, string? dataSha256 = null,
        IEnumerable<RunNote>? notes = null)
    {
        (Outcome, Seconds, Parameters) = (outcome, seconds, parameters);
        (WeightsSha256, InitialWeightsSha256, DataSha256) = (Hash(weightsSha256), Hash(initialWeightsSha256), Hash(dataSha256));
        _notes.AddRange(notes ?? []);

        static string? Hash(string? text) =>
            text is null || (text.Length == 2 * SHA256.HashSizeInBytes && text.All(char.IsAsciiHexDigitLower))
                ? text : throw new FormatException($"'{text}' is no SHA-256 in lower-case hex.");
    }

    internal void Add(RunTableId id, int round, IEnumerable<KeyValuePair<string, double>> values)
    {
        var row = values.ToList();
        if (row.Count == 0) return;
        if (!_tables.TryGetValue(id, out var table)) _tables.Add(id, table = new RunTable(id));
        table.Add(round, row);
    }

    private void SetClients(string of, MetricTree metrics)
    {
        foreach (var (id, metric, value) in ClientDetails.ClientsOf(metrics)) Clients.Set(id, $"{of}/{metric}", value);
    }

    private void NoteNanClients(int round, string where, MetricTree metrics)
    {
        int count = ClientDetails.NanClientsOf(metrics);
        if (count > 0)
        {
            _notes.Add(
                new RunNote(
                    round, $"{(count == 1 ? "A client's metrics" : $"{count} clients' metrics")} {where} are NaN, and the quantiles are those of the others."));
        }
    }

    // Over no examples a mean is 0 in TensorFlow Federated's metrics and so in ours; a curve would show it as a perfect loss.
    private static IEnumerable<KeyValuePair<string, double>> Measured(IEnumerable<KeyValuePair<string, double>> values)
    {
        var measured = values.ToList();
        return measured.Contains(new("num_examples", 0))
            ? measured.Select(value => value.Value == 0 && !value.Key.StartsWith("num_", StringComparison.Ordinal) ? new(value.Key, double.NaN) : value)
            : measured;
    }

    private static IEnumerable<KeyValuePair<string, double>> Values(MetricTree metrics) =>
        MetricLeaf.Of(metrics).Select(leaf => KeyValuePair.Create(leaf.Name, leaf.Value));
}
