using System.Text.Json.Nodes;
using FedPure.Data;
using FedPure.Learning.Models;
using FedPure.TestData;
using FsCheck.Xunit;

namespace FedPure.Learning.Metrics;

public class PredictionMetricTests
{
    private static readonly JsonNode Golden = Repository.GoldenJson("algorithms/metrics.json")["keras_metrics"]!;

    public static TheoryData<string, PredictionMetric> KerasMetrics => new()
    {
        { "SparseCategoricalAccuracy", new SparseCategoricalAccuracy() },
        { "CategoricalAccuracy", new CategoricalAccuracy() },
        { "SparseTopKCategoricalAccuracy_k2", new SparseTopKCategoricalAccuracy(2) },
        { "BinaryAccuracy", new BinaryAccuracy() },
        { "Precision", new Precision() },
        { "Recall", new Recall() },
        { "AUC_default", new AreaUnderCurve() },
        { "MeanSquaredError", new MeanSquaredError() },
        { "MeanAbsoluteError", new MeanAbsoluteError() },
        { "RootMeanSquaredError", new RootMeanSquaredError() },
    };

    [Theory, MemberData(nameof(KerasMetrics))]
    public void ValuesAndVariablesAreKeras(string name, PredictionMetric metric)
    {
        var golden = Golden[name]!;
        JsonArray labels = golden["y_true"]!.AsArray(), predictions = golden["y_pred"]!.AsArray();
        var sums = new double[metric.AccumulatorCount];
        Update(0, 2);
        Assert.Equal((float)golden["result_after_first_two"]!, (float)metric.Finalizer(sums), 1e-6f);
        Update(2, 5);
        Assert.Equal((float)golden["result_after_all"]!, (float)metric.Finalizer(sums), 1e-6f);
        Assert.Equal((float)golden["finalizer_of_doubled_variables"]!, (float)metric.Finalizer([.. sums.Select(sum => 2 * sum)]), 1e-6f);
        if (golden["variables"] is JsonArray variables) Assert.Equal(Flat(variables), sums.Select(sum => (float)sum), (x, y) => Math.Abs(x - y) < 1e-6f);

        void Update(int start, int end)
        {
            float[] y = Flat(new JsonArray([.. labels.Skip(start).Take(end - start).Select(item => item!.DeepClone())]));
            float[] p = Flat(new JsonArray([.. predictions.Skip(start).Take(end - start).Select(item => item!.DeepClone())]));
            int rows = end - start;

            // Keras takes a flat array given to a mean error for one example with many targets.
            var batch = name.StartsWith("Mean", StringComparison.Ordinal) ? new Batch(new float[1], y, rows)
                : name is "CategoricalAccuracy" ? new Batch(new float[rows], y, 3)
                : name is "RootMeanSquaredError" ? new Batch(new float[rows], y, 1)
                : new Batch(new float[rows], Array.ConvertAll(y, label => (int)label));
            metric.Update(p, batch, sums);
        }
    }

    [Fact]
    public void CountersAreKeras()
    {
        var counters = Golden["counters"]!;
        var model = new Sequential(1).Dense(2).SoftmaxCrossEntropy();
        Assert.All(model.Metrics.TakeLast(2), metric => Assert.Equal(MetricType.Int64, metric.Type));
        var sums = new double[6];
        foreach (var (size, expected) in counters["batch_sizes"]!.AsArray().Zip(counters["num_examples_num_batches"]!.AsArray()))
        {
            int rows = (int)size!;
            model.Evaluate([1, 2, 3, 4], new Batch(new float[rows], new int[rows]), sums, new float[model.WorkspaceLength(rows)]);
            Assert.Equal(Flat(expected!).Select(count => (double)count), sums[4..]);
        }
    }

    [Fact]
    public void AModelsMetricsAreTheUsersThenLossThenCounts()
    {
        var layers = new Sequential(1).Dense(2);
        Assert.Equal(
            ["sparse_categorical_accuracy", "loss", "num_examples", "num_batches"], layers.SoftmaxCrossEntropy().Metrics.Select(metric => metric.Name));
        Assert.Equal(["top", "confusion_matrix", "loss", "num_examples", "num_batches"],
            layers.SoftmaxCrossEntropy([new SparseTopKCategoricalAccuracy(1) { Name = "top" }, new ConfusionMatrix(2)]).Metrics.Select(metric => metric.Name));
        Assert.Equal(["loss", "num_examples", "num_batches"], layers.SoftmaxCrossEntropy([]).Metrics.Select(metric => metric.Name));
        Assert.Equal(
            ["num_examples", "loss", "num_batches"],
            layers.SoftmaxCrossEntropy([new BinaryAccuracy(Name: "num_examples")]).Metrics.Select(metric => metric.Name));
        Assert.Throws<ArgumentException>(() => layers.SoftmaxCrossEntropy([new BinaryAccuracy(Name: "loss")]));
        Assert.Throws<ArgumentException>(() => layers.SoftmaxCrossEntropy([new Recall(), new Recall(0.7f)]));
    }

    [Fact]
    public void TheAccuracyThatTheLossCountsIsTheMetricsOwn()
    {
        float[] logits = [0, 0, 1, 3, 2, 3, float.NaN, 1, 0, -1, -1, -1];
        foreach (int label in new[] { 0, 1, 2 })
        {
            // One row of biases at a time, so that the loss and the metric see the same logits.
            for (int row = 0; row < 4; row++)
            {
                var model = new Sequential(1).Dense(3).SoftmaxCrossEntropy([new SparseCategoricalAccuracy(), new SparseCategoricalAccuracy("again")]);
                var sums = new double[8];
                model.Evaluate([0, 0, 0, .. logits.AsSpan(3 * row, 3)], new Batch([0f], [label]), sums, new float[model.WorkspaceLength(1)]);
                Assert.Equal(sums[..2], sums[2..4]);
            }
        }
    }

    [Property]
    public void TheAreaLiesInTheUnitIntervalAndIsTheChanceThatAPositiveIsAbove(byte[] predictions, int seed)
    {
        // On bins 1/199 wide the area is exactly the share of pairs of a positive and a negative in which the positive is higher, half of the ties counted.
        var random = new System.Random(seed);
        var metric = new AreaUnderCurve();
        float[] p = [.. predictions.Select(value => value % 199 / 199f + 0.5f / 199f)];
        int[] labels = [.. predictions.Select(_ => random.Next(2))];
        var sums = new double[metric.AccumulatorCount];
        metric.Update(p, new Batch(new float[p.Length], labels), sums);
        double area = metric.Finalizer(sums), won = 0, pairs = 0;
        for (int i = 0; i < p.Length; i++)
        {
            for (int j = 0; j < p.Length; j++)
            {
                if (labels[i] != 1 || labels[j] != 0) continue;
                won += p[i] > p[j] ? 1 : p[i] == p[j] ? 0.5 : 0;
                pairs++;
            }
        }

        Assert.InRange(area, 0, 1);
        Assert.Equal(pairs == 0 ? 0 : won / pairs, area, 1e-12);
    }

    [Property]
    public void TheConfusionMatrixHoldsTheAccuracy(int seed, byte rows)
    {
        var random = new System.Random(seed);
        float[] predictions = [.. Enumerable.Range(0, rows * 4).Select(_ => (float)random.Next(3))];
        int[] labels = [.. Enumerable.Range(0, rows).Select(_ => random.Next(4))];
        double[] matrix = new double[16], accuracy = new double[2];
        new ConfusionMatrix(4).Update(predictions, new Batch(new float[rows], labels), matrix);
        new SparseCategoricalAccuracy().Update(predictions, new Batch(new float[rows], labels), accuracy);
        Assert.Equal(accuracy[0], matrix[0] + matrix[5] + matrix[10] + matrix[15]);
        Assert.Equal(accuracy[1], matrix.Sum());
        for (int label = 0; label < 4; label++) Assert.Equal(labels.Count(value => value == label), matrix.AsSpan(4 * label, 4).ToArray().Sum());
    }

    [Property]
    public void BatchesAddUp(int seed, byte first, byte second)
    {
        var random = new System.Random(seed);
        int rows = first + second;
        float[] predictions = [.. Enumerable.Range(0, rows).Select(_ => random.NextSingle())];
        int[] labels = [.. Enumerable.Range(0, rows).Select(_ => random.Next(2))];
        foreach (PredictionMetric metric in new PredictionMetric[] { new BinaryAccuracy(), new Precision(), new Recall(), new AreaUnderCurve(20) })
        {
            double[] whole = new double[metric.AccumulatorCount], parts = new double[metric.AccumulatorCount];
            metric.Update(predictions, new Batch(new float[rows], labels), whole);
            metric.Update(predictions.AsSpan(0, first), new Batch(new float[first], labels.AsSpan(0, first)), parts);
            metric.Update(predictions.AsSpan(first), new Batch(new float[second], labels.AsSpan(first)), parts);
            Assert.Equal(whole, parts);
            Assert.InRange(metric.Finalizer(whole), 0, 1);
        }
    }

    [Fact]
    public void NaNPredictionsAreNeverRight()
    {
        var batch = new Batch(new float[1], [1]);
        foreach (
            PredictionMetric metric in new PredictionMetric[] { new BinaryAccuracy(), new Recall(), new SparseTopKCategoricalAccuracy(2), new SparseCategoricalAccuracy() })
        {
            var sums = new double[metric.AccumulatorCount];
            metric.Update(metric is BinaryAccuracy or Recall ? [float.NaN] : [0f, float.NaN], batch, sums);
            Assert.Equal(0, metric.Finalizer(sums));
        }
    }

    [Fact]
    public void NumbersOutOfRangeAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SparseTopKCategoricalAccuracy(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AreaUnderCurve(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConfusionMatrix(0));
        Assert.Throws<ArgumentException>(() => new MetricArray(MetricType.Int64, [2, 2], [1]));
    }

    private static float[] Flat(JsonNode node) => node is JsonArray array ? [.. array.SelectMany(item => Flat(item!))] : [(float)node];
}
