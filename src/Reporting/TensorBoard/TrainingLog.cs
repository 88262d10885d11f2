using System.Globalization;
using System.Numerics.Tensors;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Reporting.Exploration;

namespace FedPure.Reporting.TensorBoard;

/// <summary>
/// A training run as TensorBoard shows it: a run in the folder training, one in evaluation-SPLIT for each split, one in aggregation. The tag is a metric's
/// name, the step the round from 1. Call <see cref="Flush"/> after each round.
/// </summary>
/// <param name="directory">The folder of the run.</param>
/// <param name="clock">Tells each event's time; null for the system's clock.</param>
public sealed class TrainingLog(string directory, TimeProvider? clock = null) : IDisposable
{
    private readonly Dictionary<string, EventFileWriter> _writers = [];

    /// <summary>
    /// The run of the folder itself, where what is said of the whole session belongs: its settings, the command. The file is made when this is first asked for.
    /// </summary>
    /// <exception cref="IOException">The file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public ISummaryWriter Session => Writer("");

    /// <summary>The run of the training metrics, where pictures and weights belong too; the file is made when this is first asked for.</summary>
    /// <exception cref="IOException">The file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public ISummaryWriter Training => Writer("training");

    /// <summary>
    /// Writes what a round returned: the clients' metrics, and numbers that their work reports beside them, into training, what the aggregator and the
    /// finalizer measured into aggregation.
    /// </summary>
    public void Round(int round, MetricTree metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        Scalars(Training, metrics.Tree("client_work/train"), round);
        Scalars(Training, new MetricTree([.. metrics.Tree("client_work").Where(entry => entry.Value is MetricValue)]), round);
        var server = new MetricTree([.. metrics.Entries.Where(entry => entry.Key is "aggregator" or "finalizer")]);
        if (MetricLeaf.Of(server).Any()) Scalars(Writer("aggregation"), server, round);
    }

    /// <summary>Writes an evaluation of the model after a round.</summary>
    public void Evaluation(int round, string split, MetricTree metrics)
    {
        ArgumentNullException.ThrowIfNull(split);
        ArgumentNullException.ThrowIfNull(metrics);
        Scalars(Writer($"evaluation-{split.Replace('/', '-').Replace('\\', '-')}"), metrics.Tree("client_work/eval/current_round_metrics"), round);
    }

    /// <summary>Writes the distribution of each layer's weights after a round and of their change in it.</summary>
    /// <param name="round">The round, from 1.</param>
    /// <param name="before">The weights that the round started from, of the same model.</param>
    /// <param name="after">Those after it.</param>
    public void Weights(int round, ModelWeights before, ModelWeights after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        foreach (var slice in after.Layout.Slices)
        {
            ReadOnlySpan<float> old = slice.Of(before.Parameters.AsSpan()), now = slice.Of(after.Parameters.AsSpan());
            var update = new float[now.Length];
            TensorPrimitives.Subtract(now, old, update);
            Training.Histogram($"weights/{slice.Name}", now, round);
            Training.Histogram($"update/{slice.Name}", update, round);
        }
    }

    /// <summary>
    /// Writes the mean image of each class for the first clients, once, at step 0: those of mean-images.svg, pixel for pixel, under mean_images/CLIENT/CLASS.
    /// Classes of which a client has no example are left out, and those after the first 100.
    /// </summary>
    /// <param name="survey">Of data that are images; of these clients alone, if the others need not be read.</param>
    /// <exception cref="ArgumentException">The data are no images.</exception>
    public void MeanImages(DataSurvey survey)
    {
        ArgumentNullException.ThrowIfNull(survey);
        if (survey.Image is not { } image) throw new ArgumentException("The examples are no images, so there are no mean images of them.", nameof(survey));
        foreach (var (client, label, png) in ImagePictures.MeanTiles(survey))
        {
            Training.Images(
                string.Create(CultureInfo.InvariantCulture, $"mean_images/{client.ShownName}/{label}"), [png], image.Height, image.Width, step: 0,
                string.Create(
                    CultureInfo.InvariantCulture, $"Mean of {client.LabelCounts[label]} images of class {label} that client {client.ShownName} has."));
        }
    }

    /// <summary>Hands over the round to whoever reads.</summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Flush()
    {
        foreach (var writer in _writers.Values) writer.Flush();
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (var writer in _writers.Values) writer.Dispose();
    }

    private EventFileWriter Writer(string run)
    {
        if (!_writers.TryGetValue(run, out var writer)) _writers.Add(run, writer = new EventFileWriter(Path.Combine(directory, run), clock));
        return writer;
    }

    // A name that two measurements share, such as that of two norms, is not enough to tell them apart: then the tag is the path.
    private static void Scalars(ISummaryWriter writer, MetricTree metrics, int round)
    {
        var leaves = MetricLeaf.Of(metrics).ToList();
        var shared = leaves.CountBy(leaf => leaf.Path[^1]).Where(pair => pair.Value > 1).Select(pair => pair.Key).ToHashSet();
        foreach (var leaf in leaves) writer.Scalar(shared.Contains(leaf.Path[^1]) ? leaf.Name : leaf.Path[^1], (float)leaf.Value, round);
    }
}
