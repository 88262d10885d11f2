using System.CommandLine;
using FedPure.Cli.Options;
using FedPure.Cli.Output;
using FedPure.Data;
using FedPure.Learning.Aggregators;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;
using FedPure.Reporting.Exploration;
using FedPure.Reporting.Report;
using FedPure.Reporting.TensorBoard;

namespace FedPure.Cli.Commands;

/// <summary>fedpure train: its options, and what they come to for a <see cref="TrainingRun"/>.</summary>
internal sealed class TrainCommand
{
    private readonly DataSettings _data = new();
    private readonly ModelSettings _model = new();
    private readonly RunSettings _run = new();

    private readonly Setting<string> _split = new("--split", "NAME", "Split to train on.", (_, text) => text, FederatedSplits.TrainName);
    private readonly Setting<ClientSelection> _clients = new(
        "--clients", "SPEC", $"Clients:{ClientSelection.Help}", ClientSelection.Parse, ClientSelection.Default, "first:10, or all if fewer");
    private readonly Setting<int> _rounds = new("--rounds", "N", "Rounds.", Number.AtLeastOne, "10");
    private readonly Setting<int> _epochs = new("--epochs", "N", "Passes of a client over its examples in a round.", Number.AtLeastOne, "5");
    private readonly Setting<int> _shuffleBuffer = new(
        "--shuffle-buffer", "N", "Buffer of the shuffle over a client's repeated examples; 0 or 1 for none.", Number.AtLeastZero, "100");
    private readonly Setting<long> _shuffleSeed = new("--shuffle-seed", "N", "Seed of the shuffle.", Number.Seed, "1");
    private readonly Setting<WeightsPath?> _initialWeights = new(
        "--initial-weights", "FILE", "Weights to start from, .safetensors or .f32.", WeightsPath.Parse, absent: null);
    private readonly Setting<WeightsPath?> _saveWeights = new(
        "--save-weights", "FILE", "Where to keep the trained weights, .safetensors or .f32; after Ctrl-C or a failure those of the last whole round.",
        WeightsPath.Parse, absent: null);
    private readonly Setting<AlgorithmChoice> _algorithm = new("--algorithm", "SPEC", $"Algorithm:{AlgorithmChoice.Help}", AlgorithmChoice.Parse, "fedavg");
    private readonly Setting<ClientWeighting?> _weighting = new(
        "--weighting", "NAME", "What a client's update weighs: examples (as many as it trained on) or uniform (1).", WeightingChoice.Parse, absent: null,
        "examples; for scaffold, feddyn, qffl and fedbuff uniform");
    private readonly Setting<IOptimizer?> _clientOptimizer = new(
        "--client-optimizer", "SPEC", $"Clients' optimizer (for mimelite the base optimizer), with the defaults of what is left out:{OptimizerChoice.Help}",
        OptimizerChoice.Parse, absent: null, AlgorithmChoice.DefaultClientOptimizer);
    private readonly Setting<IOptimizer?> _serverOptimizer = new(
        "--server-optimizer", "SPEC", $"Server's optimizer, one of the same or:{OptimizerChoice.ServerHelp}", OptimizerChoice.ParseServer, absent: null,
        "sgd:lr=1; for fedsgd sgd:lr=0.1");
    private readonly Setting<LearningRateSchedule?> _clientSchedule = new(
        "--client-schedule", "SPEC", $"Clients' learning rate lr in round r = 0, 1, ...:{ScheduleChoice.Help}", ScheduleChoice.Parse, absent: null, "constant");
    private readonly Setting<IAggregator> _aggregator = new("--aggregator", "SPEC", AggregatorChoice.Help, AggregatorChoice.Parse, "mean");
    private readonly Setting<ClockChoice?> _clock = new(
        "--clock", "SPEC", $"{ClockChoice.Help}.", ClockChoice.Parse, absent: null, "none; for fedbuff and fedasync lognormal");
    private readonly Setting<CompressionChoice> _compress = new("--compress", "SPEC", CompressionChoice.Help, CompressionChoice.Parse, "none");
    private readonly Flag _logHistograms = new("--log-histograms", "With --logdir: the distribution of each layer's weights, and of their change, each round.");
    private readonly Flag _logImages = new(
        "--log-images", "With --logdir: the mean image of each class of the first clients, once, as fedpure explore draws them.");
    private readonly Setting<ReportPath?> _report = ReportPath.Setting("curves, clients, pictures of the data and what reproduces the run (docs/report.md)");
    private readonly Flag _showTypes = new("--show-types", "Print the types of the training process before the first round.");
    private readonly Setting<EvaluationPlan> _evaluateOn = new(
        "--evaluate-on", "SPLIT[,SPLIT]", "Splits to evaluate the model on, with the same clients; none for no evaluation.", EvaluationPlan.Parse,
        EvaluationPlan.Default, "train,test where present");
    private readonly Setting<ClientSelection?> _evaluateClients = new(
        "--evaluate-clients", "SPEC", "Clients to evaluate on, such as some that do not train; as --clients, and the first round's where they change.",
        ClientSelection.Parse, absent: null, "those of the round");
    private readonly Setting<int?> _evaluateEvery = new(
        "--evaluate-every", "N", "Rounds from one evaluation to the next; the last round is evaluated always.", Number.OptionalAtLeastOne, absent: null,
        "after the last round");

    public static Command Create(Terminal terminal, Interrupt interrupt)
    {
        var settings = new TrainCommand();
        var command = new Command(
            "train", "Trains a model over clients by federated learning, and evaluates it. With no options: the tutorial, ten clients of real digits.");
        foreach (var option in settings.All) command.Options.Add(option);
        command.SetAction(result => settings.CreateRun(result, terminal).Execute(interrupt.Await()));
        return command;
    }

    private IEnumerable<Option> All =>
    [
        .. _data.All, _split, _clients, _rounds, _epochs, _shuffleBuffer, _shuffleSeed, .. _model.All, _initialWeights, _saveWeights,
        _algorithm, _weighting, _clientOptimizer, _serverOptimizer, _clientSchedule, _aggregator, _compress, _clock, _evaluateOn, _evaluateClients,
        _evaluateEvery, _showTypes, .. _run.All, _logHistograms, _logImages, _report,
    ];

    private TrainingRun CreateRun(ParseResult result, Terminal terminal)
    {
        var saveWeights = _saveWeights.Read(result);
        saveWeights?.CheckWritable();
        var report = _report.Read(result);
        report?.CheckWritable();
        _run.LogDirectory.Read(result)?.Prepare();
        foreach (var flag in (Flag[])[_logHistograms, _logImages])
        {
            if (flag.IsSet(result)) _run.LogDirectory.Require(result, flag);
        }

        var loaded = _data.Load(result);
        var dataset = loaded.Clients(_split.Name, _split.Read(result));
        var selection = _clients.Read(result);
        int rounds = _rounds.Read(result);
        long seed = _data.Seed.Read(result);
        var sampler = selection.Choose(dataset, rounds, seed);
        var model = _model.Build(result, loaded, seed);
        var pipeline = Pipeline(result);
        int threads = _run.Threads.Read(result);
        var evaluationClients = _evaluateClients.Read(result)?.Choose(dataset, rounds: 1, seed).Sample(1);
        var details = report is null ? null : ClientDetails.Aggregator;
        var algorithm = _algorithm.Read(result);
        var settings = new AlgorithmSettings(
            model, new Lazy<Population>(() => Population.Of([.. sampler.Population.Select(dataset.GetClient)])),
            Enumerable.Range(1, rounds).Select(round => sampler.Sample(round).Length),
            _clientOptimizer.Read(result), _serverOptimizer.Read(result), _clientSchedule.Read(result),
            _weighting.Read(result), _compress.Read(result).Before(_aggregator.Read(result), seed), _clock.Read(result)?.For(sampler.Population, seed), details,
            threads, seed);
        return new TrainingRun
        {
            Terminal = terminal,
            Format = _run.Format(result),
            ShowsProgress = !(_run.Json.IsSet(result) && terminal.OutputIsOnScreen),
            Process = algorithm.Build(settings),
            Types = _showTypes.IsSet(result) ? algorithm.Build(settings with { Metrics = null }).Signature : null,
            InitialWeights = _initialWeights.Read(result)?.Read(model),
            Sampler = sampler,
            TellsClients = selection.IsByRound,
            TrainingClient = id => dataset.GetClient(id).Preprocess(pipeline),
            Rounds = rounds,
            Evaluator = new Evaluator(model, _run.Batch.Read(result), threads, details),
            EvaluateOn = _evaluateOn.Read(result).Choose(loaded, evaluationClients ?? sampler.Population),
            EvaluationClients = evaluationClients,
            EvaluateEvery = _evaluateEvery.Read(result),
            SaveWeights = saveWeights,
            Log = OpenLog(result, loaded, dataset),
            LogsHistograms = _logHistograms.IsSet(result),
            Report = report is null
                ? null
                : new TrainingReport(report, GivenSettings.Describe(result, report), DataSurvey.Of(dataset.Subset(sampler.Population), loaded.ClassCount)),
        };
    }

    private TrainingLog? OpenLog(ParseResult result, LoadedData loaded, IFederatedDataset dataset)
    {
        if (!_logImages.IsSet(result)) return _run.OpenLog(result);
        var survey = DataSurvey.Of(dataset.Subset([.. dataset.ClientIds.Take(DataSurvey.ClientsWithMeanImages)]), loaded.ClassCount);
        if (survey.Image is null)
            throw new UsageException(
                $"{_logImages.Name}: the examples of {loaded.Source} are {loaded.FeatureCount} features that are no images (neither a square number nor a "
                    + "given shape); leave it out.");
        var log = _run.OpenLog(result)!;
        log.MeanImages(survey);
        return log;
    }

    private InputPipeline Pipeline(ParseResult result)
    {
        var repeated = InputPipeline.Examples.Repeat(_epochs.Read(result));
        int buffer = _shuffleBuffer.Read(result);
        return (buffer > 1 ? repeated.Shuffle(buffer, _shuffleSeed.Read(result)) : repeated).Batch(_run.Batch.Read(result));
    }
}
