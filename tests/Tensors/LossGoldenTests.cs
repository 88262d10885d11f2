using System.Text.Json.Nodes;
using FedPure.TestData;

namespace FedPure.Tensors;

/// <summary>Losses and gradients of Keras 2.14. Within 1e-6 of their size: both sides round a handful of float32 operations.</summary>
public class LossGoldenTests
{
    private static readonly JsonNode Golden = Repository.GoldenJson("algorithms/losses_initializers.json")["losses"]!;

    [Fact]
    public void Softmax_cross_entropy_on_logits() =>
        AssertGolden("SparseCategoricalCrossentropy_logits", 4, (y, labels) => CrossEntropy.SoftmaxBackward(y, Labels(labels), 4, out _), g => g);

    [Fact]
    public void Softmax_cross_entropy_on_probabilities()
    {
        // Keras' gradient is by the probabilities p, ours by the logits of the softmax that they came from: p·(g - Σ g·p) for each row.
        var p = Flat(Golden["SparseCategoricalCrossentropy_probabilities"]!["y_pred"]!);
        AssertGolden("SparseCategoricalCrossentropy_probabilities", 4, (y, labels) => CrossEntropy.ClippedBackward(y, Labels(labels), 4, out _), g =>
            [.. g.Select((value, i) => p[i] * (value - Enumerable.Range(i / 4 * 4, 4).Sum(j => (double)g[j] * p[j]))).Select(value => (float)value)]);
    }

    [Fact]
    public void Sigmoid_cross_entropy_on_logits() =>
        AssertGolden("BinaryCrossentropy_logits", 1, (y, targets) => SigmoidCrossEntropy.Backward(y, targets, 1), g => g);

    [Fact]
    public void Squared_error() => AssertGolden("MeanSquaredError", 1, (y, targets) => SquaredError.Backward(y, targets, 1), g => g);

    private delegate double Backward(float[] predictions, float[] targets);

    private static void AssertGolden(string name, int columns, Backward backward, Func<float[], float[]> expectedGradient)
    {
        var golden = Golden[name]!;
        float[] y = Flat(golden["y_pred"]!), targets = Flat(golden["y_true"]!), perExample = Flat(golden["per_example"]!);
        for (int i = 0; i < perExample.Length; i++)
        {
            double loss = backward(y[(i * columns)..((i + 1) * columns)], targets[i..(i + 1)]);
            Assert.Equal(perExample[i], loss, 1e-6 * (1e-20 + Math.Abs(loss)));
        }

        Assert.Equal((float)golden["loss"]!, backward(y, targets) / targets.Length, 1e-6 * (float)golden["loss"]!);
        float[] expected = expectedGradient(Flat(golden["gradient"]!));
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], y[i], 1e-6 * (1 + Math.Abs(expected[i])));
    }

    private static int[] Labels(float[] labels) => Array.ConvertAll(labels, label => (int)label);

    private static float[] Flat(JsonNode node) => node is JsonArray array ? [.. array.SelectMany(item => Flat(item!))] : [(float)node];
}
