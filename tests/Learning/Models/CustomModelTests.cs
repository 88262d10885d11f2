using System.Text.Json.Nodes;
using FedPure.Data;
using FedPure.TestData;

namespace FedPure.Learning.Models;

/// <summary>The models of samples/CustomModel: their gradients are the differences of their losses, and they do what the golden files say.</summary>
public class CustomModelTests
{
    [Fact]
    public void TheLinesGradientIsTheLossesCentralDifference()
    {
        var model = new LinearRegression(2);
        foreach (var client in Repository.GoldenJson("algorithms/problems.json")["problem_L"]!["clients"]!.AsArray())
        {
            float[] x = Flat(client!["x"]!), y = Flat(client["y"]!), parameters = [0.3f, -0.7f, 0.2f, 0.5f], gradient = new float[3];
            var sums = new double[3];
            model.LossAndGradient(parameters, new Batch(x, y, 1), gradient, sums, new float[y.Length]);
            var exact = Array.ConvertAll(parameters, value => (double)value);
            Assert.Equal(Loss(exact), sums[0] / sums[1], 1e-6);
            Assert.Equal(y.Length, sums[2]);

            // A quadratic's central difference is exact but for 2^-52 of it over h; float32 rounds a dozen terms below 10.
            for (int i = 0; i < 3; i++)
            {
                const double H = 1e-3;
                exact[i] += H;
                double above = Loss(exact);
                exact[i] -= 2 * H;
                double below = Loss(exact);
                exact[i] += H;
                Assert.Equal((above - below) / (2 * H), gradient[i], 12 * 10.0 / (1 << 24));
            }

            double Loss(double[] p) => Enumerable.Range(0, y.Length).Average(i => Math.Pow(p[0] * x[2 * i] + p[1] * x[2 * i + 1] + p[2] + p[3] - y[i], 2) / 2);
        }
    }

    [Fact]
    public void TheConstantOfTheLineIsPartOfTheModelAndNotTrained()
    {
        var model = new LinearRegression(2, c: 1f);
        var parameters = new float[model.Layout.Length];
        model.Initialize(parameters);
        var weights = new ModelWeights(model.Layout, [.. parameters]);
        Assert.Equal(["a", "b", "c"], model.Layout.Slices.Select(slice => slice.Name));
        Assert.Equal(3, model.Layout.TrainableLength);
        Assert.Equal([0, 0, 0], weights.Trainable.ToArray());
        Assert.Equal([1], weights.NonTrainable.ToArray());
    }

    [Fact]
    public void WithoutExamplesPlainDivisionIsNotANumber() => Assert.True(double.IsNaN(new LinearRegression(1).Metrics[0].Finalizer([0, 0])));

    [Fact]
    public void TheHandwrittenModelIsTheTutorialsUpToTheEndOfFloat32()
    {
        // The logits are the biases: the features are 0. TensorFlow flushes subnormal numbers to zero, and log 0 makes its loss NaN from e^-88 on; here e^-100
        // is still a number, and the loss 100, but e^-200 is none.
        var model = new HandwrittenModel();
        foreach (var example in Repository.GoldenJson("tutorial/loss-clip.json")["single_examples"]!.AsArray())
        {
            float[] parameters = [.. new float[7840], .. Flat(example!["logits"]!)], gradient = new float[7850];
            var sums = new double[5];
            model.LossAndGradient(parameters, new Batch(new float[784], [(int)example["label"]!]), gradient, sums, new float[model.WorkspaceLength(1)]);
            if (example["train_loss_handwritten"]!.GetValueKind() == System.Text.Json.JsonValueKind.String)
            {
                float range = Flat(example["logits"]!).Max();
                if (range == 100f) Assert.Equal(100, sums[1], 0.1); // e^-100 has four bits left
                else Assert.False(double.IsFinite(sums[1]));
                continue;
            }

            Assert.Equal((float)example["train_loss_handwritten"]!, (float)sums[1], 1e-6f * (1 + (float)sums[1]));
            float[] expected = Flat(example["logit_gradient_handwritten"]!);

            // The softmax divides by a float32 sum of ten terms around 1, of which each addition may round by 2^-24.
            for (int i = 0; i < 10; i++) Assert.Equal(expected[i], gradient[7840 + i], 10f / (1 << 24));
        }
    }

    private static float[] Flat(JsonNode node) => node is JsonArray array ? [.. array.SelectMany(item => Flat(item!))] : [(float)node];
}
