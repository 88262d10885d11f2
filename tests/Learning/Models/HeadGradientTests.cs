using FedPure.Data;
using FedPure.Learning.Metrics;
using FedPure.Learning.Optimizers;

namespace FedPure.Learning.Models;

/// <summary>Every activation under every loss: the gradient is the central difference of the loss in double precision, L2 penalty included.</summary>
public class HeadGradientTests
{
    private const int Features = 5, Units = 7, Rows = 6;

    private const float L2 = 0.03f;

    public enum Loss
    {
        Softmax,
        ClippedSoftmax,
        SigmoidOfLabels,
        SigmoidOfTargets,
        SquaredError,
    }

    public static TheoryData<Loss, ActivationFunction> Cases
    {
        get
        {
            var cases = new TheoryData<Loss, ActivationFunction>();
            foreach (var loss in Enum.GetValues<Loss>())
            {
                foreach (var activation in Enum.GetValues<ActivationFunction>()) cases.Add(loss, activation);
            }

            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void TheGradientIsTheLossesCentralDifference(Loss loss, ActivationFunction activation)
    {
        var (model, parameters) = Model(loss, activation, L2);
        var data = new Data(loss);
        float[] gradient = new float[parameters.Length], canonical = new float[parameters.Length], actual = new float[parameters.Length];
        model.LossAndGradient(parameters, data.Batch, gradient, Sums(model), new float[model.WorkspaceLength(Rows)]);
        model.Layout.ToCanonical(parameters, canonical);
        model.Layout.ToCanonical(gradient, actual);

        // A step h errs by h²/6 times a third derivative of order 1 and 2^-52 of a loss below 4 over h: 1e-9. float32 rounds some 30 times sizes below 4:
        // 30·4·2^-24.
        const double H = 1e-5, Bound = 1e-9 + 30 * 4.0 / (1 << 24);
        var exact = Array.ConvertAll(canonical, value => (double)value);
        for (int i = 0; i < exact.Length; i++)
        {
            double value = exact[i];
            exact[i] = value + H;
            double above = Penalized(exact);
            exact[i] = value - H;
            double below = Penalized(exact);
            exact[i] = value;
            Assert.Equal((above - below) / (2 * H), actual[i], Bound);
        }

        double Penalized(double[] x) => data.Loss(x, activation) + L2 * x.Take(Features * Units).Sum(value => value * value);
    }

    [Theory, MemberData(nameof(Cases))]
    public void TheLossMetricLeavesThePenaltyOutInTrainingAndEvaluation(Loss loss, ActivationFunction activation)
    {
        var (model, parameters) = Model(loss, activation, L2);
        var data = new Data(loss);
        double[] trained = Sums(model), evaluated = Sums(model);
        var workspace = new float[model.WorkspaceLength(Rows)];
        model.LossAndGradient(parameters, data.Batch, new float[parameters.Length], trained, workspace);
        model.Evaluate(parameters, data.Batch, evaluated, workspace);
        Assert.Equal(trained, evaluated);

        var canonical = new float[parameters.Length];
        model.Layout.ToCanonical(parameters, canonical);
        int at = model.Metrics.TakeWhile(metric => metric.Name != "loss").Sum(metric => metric.AccumulatorCount);
        Assert.Equal(data.Loss(Array.ConvertAll(canonical, value => (double)value), activation), trained[at] / trained[at + 1], 1e-5);
    }

    [Theory, MemberData(nameof(Cases))]
    public void TheFusedStepHasTheBitsOfGradientThenStep(Loss loss, ActivationFunction activation)
    {
        foreach (float l2 in new[] { 0f, L2 })
        {
            var (model, fused) = Model(loss, activation, l2);
            var data = new Data(loss);
            var split = fused.ToArray();
            float[] gradient = new float[fused.Length], workspace = new float[model.WorkspaceLength(Rows)];
            double[] fusedSums = Sums(model), splitSums = Sums(model);
            for (int step = 0; step < 5; step++)
            {
                model.Step(fused, data.Batch, 0.1f, fusedSums, workspace);
                model.LossAndGradient(split, data.Batch, gradient, splitSums, workspace);
                new Sgd(0.1f).Step(model.Layout, split, gradient, []);
            }

            Assert.True(fused.AsSpan().SequenceEqual(split));
            Assert.Equal(fusedSums, splitSums);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void StepsAllocateNothing(Loss loss, ActivationFunction activation)
    {
        var (model, parameters) = Model(loss, activation, L2);
        var data = new Data(loss);
        var workspace = new float[model.WorkspaceLength(Rows) + 3]; // a worker's is as long as its largest batch needed
        var gradient = new float[parameters.Length];
        var sums = Sums(model);
        long least = long.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            model.Step(parameters, data.Batch, 0.01f, sums, workspace);
            model.LossAndGradient(parameters, data.Batch, gradient, sums, workspace);
            model.Evaluate(parameters, data.Batch, sums, workspace);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void ExamplesThatDoNotFitTheLossAreNamed()
    {
        Refused(Loss.SquaredError, new Batch(new float[Features], [1]), "needs 2 float targets an example, but the examples have class labels");
        Refused(Loss.SquaredError, new Batch(new float[Features], [1f], 1), "needs 2 float targets an example, but the examples have 1");
        Refused(Loss.Softmax, new Batch(new float[Features], [1f], 1), "compares with class labels");
        Refused(Loss.SigmoidOfLabels, new Batch(new float[Features], [2]), "takes the labels 0 and 1, but that of row 0 is 2");
        Refused(Loss.SigmoidOfTargets, new Batch(new float[Features], [1]), "needs 2 float targets an example, but the examples have class labels");
    }

    [Fact]
    public void HeadsRefuseWhatMakesNoSense()
    {
        var tanh = new Sequential(3).Dense(2, ActivationFunction.Tanh);
        Assert.Throws<InvalidOperationException>(() => tanh.SigmoidCrossEntropy());
        Assert.Throws<InvalidOperationException>(() => tanh.SoftmaxCrossEntropyOnProbabilities());
        Assert.Throws<InvalidOperationException>(() => new Sequential(3).MeanSquaredError());
        Assert.Throws<InvalidOperationException>(() => tanh.Dropout(0.5f).MeanSquaredError());
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sequential(3).Dense(2, l2: -1f));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sequential(3).Dense(2, l2: float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sequential(3).Dropout(1f));
        Assert.NotNull(tanh.MeanSquaredError());
    }

    private static void Refused(Loss loss, Batch batch, string reason)
    {
        var (model, parameters) = Model(loss, ActivationFunction.Linear, 0f);
        string message = "nothing was refused";
        try
        {
            model.Evaluate(parameters, batch, Sums(model), new float[model.WorkspaceLength(batch.Rows)]);
        }
        catch (ArgumentException e)
        {
            message = e.Message;
        }

        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    private static double[] Sums(IModel model) => new double[model.Metrics.Sum(metric => metric.AccumulatorCount)];

    private static int Outputs(Loss loss) => loss is Loss.Softmax or Loss.ClippedSoftmax ? 3 : loss == Loss.SigmoidOfLabels ? 1 : 2;

    private static (IFusedModel Model, float[] Parameters) Model(Loss loss, ActivationFunction activation, float l2)
    {
        var layers = new Sequential(Features, seed: 5).Dense(Units, activation, l2: l2).Dense(Outputs(loss));
        var model = loss switch
        {
            Loss.Softmax => layers.SoftmaxCrossEntropy([new SparseTopKCategoricalAccuracy(2), new ConfusionMatrix(3), new SparseCategoricalAccuracy()]),
            Loss.ClippedSoftmax => layers.SoftmaxCrossEntropyOnProbabilities(),
            Loss.SquaredError => layers.MeanSquaredError([new MeanAbsoluteError(), new RootMeanSquaredError(), new MeanSquaredError()]),
            _ => layers.SigmoidCrossEntropy([new BinaryAccuracy(), new Precision(), new Recall(), new AreaUnderCurve()]),
        };
        var parameters = new float[model.Layout.Length];
        model.Initialize(parameters);
        for (int i = 0; i < parameters.Length; i++) parameters[i] += 0.05f * MathF.Cos(i);
        return (model, parameters);
    }

    /// <summary>Examples for a loss, and their mean loss in double precision.</summary>
    private sealed class Data
    {
        private readonly Loss _loss;
        private readonly float[] _features, _targets;
        private readonly int[] _labels;

        public Data(Loss loss)
        {
            var random = new System.Random(17);
            _loss = loss;
            _features = [.. Enumerable.Range(0, Rows * Features).Select(_ => 2f * random.NextSingle() - 1f)];
            _targets = [.. Enumerable.Range(0, Rows * 2).Select(_ => random.NextSingle())];
            _labels = [.. Enumerable.Range(0, Rows).Select(_ => random.Next(loss == HeadGradientTests.Loss.SigmoidOfLabels ? 2 : 3))];
        }

        public Batch Batch => _loss is HeadGradientTests.Loss.SquaredError or HeadGradientTests.Loss.SigmoidOfTargets
            ? new Batch(_features, _targets, 2) : new Batch(_features, _labels);

        public double Loss(double[] parameters, ActivationFunction activation)
        {
            var network = new ReferenceNetwork(Features, Units, Outputs(_loss))
            {
                Hidden = activation switch
                {
                    ActivationFunction.Relu => value => Math.Max(value, 0),
                    ActivationFunction.Tanh => Math.Tanh,
                    ActivationFunction.Sigmoid => value => 1 / (1 + Math.Exp(-value)),
                    _ => value => value,
                },
            };
            return Enumerable.Range(0, Rows).Average(i =>
                Of(network.Outputs(parameters, [.. _features.Skip(i * Features).Take(Features).Select(value => (double)value)]), i));
        }

        private double Of(double[] y, int row) => _loss switch
        {
            HeadGradientTests.Loss.Softmax => Math.Log(y.Sum(Math.Exp)) - y[_labels[row]],

            // The logits are small: no probability is near the clip.
            HeadGradientTests.Loss.ClippedSoftmax => Math.Log(y.Sum(Math.Exp)) - y[_labels[row]],
            HeadGradientTests.Loss.SigmoidOfLabels => Math.Log(1 + Math.Exp(y[0])) - _labels[row] * y[0],
            HeadGradientTests.Loss.SigmoidOfTargets => y.Select((value, j) => Math.Log(1 + Math.Exp(value)) - _targets[2 * row + j] * value).Average(),
            _ => y.Select((value, j) => Math.Pow(value - _targets[2 * row + j], 2)).Average(),
        };
    }
}
