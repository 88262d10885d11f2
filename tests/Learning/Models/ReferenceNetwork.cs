using FedPure.Data;

namespace FedPure.Learning.Models;

/// <summary>
/// Dense layers in double precision, from the definitions, example by example: with ReLU under a softmax cross-entropy the oracle of gradients; with any
/// activation, <see cref="Outputs"/> are what other losses are taken of.
/// </summary>
internal sealed class ReferenceNetwork(params int[] widths)
{
    /// <summary>What follows every layer but the last.</summary>
    public Func<double, double> Hidden { get; init; } = value => Math.Max(value, 0);

    /// <summary>The last layer's outputs for one example.</summary>
    public double[] Outputs(double[] parameters, double[] x) => Forward(parameters, x)[^1];

    /// <summary>Parameters in the canonical order: kernel [in×out] row-major before bias, layer by layer.</summary>
    public int ParameterCount => Enumerable.Range(1, widths.Length - 1).Sum(l => (widths[l - 1] + 1) * widths[l]);

    public double Loss(double[] parameters, Batch batch)
    {
        double loss = 0;
        for (int i = 0; i < batch.Rows; i++)
        {
            var logits = Forward(parameters, Example(batch, i))[^1];
            loss += LogSumExp(logits) - logits[batch.Labels[i]];
        }

        return loss / batch.Rows;
    }

    public double[] Gradient(double[] parameters, Batch batch)
    {
        var gradient = new double[parameters.Length];
        for (int i = 0; i < batch.Rows; i++)
        {
            var outputs = Forward(parameters, Example(batch, i));
            double logSum = LogSumExp(outputs[^1]);
            int label = batch.Labels[i], rows = batch.Rows;
            var delta = outputs[^1].Select((logit, c) => (Math.Exp(logit - logSum) - (c == label ? 1 : 0)) / rows).ToArray();
            for (int l = widths.Length - 1, offset = parameters.Length; l > 0; l--)
            {
                offset -= (widths[l - 1] + 1) * widths[l];
                var below = new double[widths[l - 1]];
                for (int c = 0; c < widths[l]; c++)
                {
                    for (int r = 0; r < widths[l - 1]; r++)
                    {
                        gradient[offset + r * widths[l] + c] += outputs[l - 1][r] * delta[c];
                        if (l > 1 && outputs[l - 1][r] > 0) below[r] += parameters[offset + r * widths[l] + c] * delta[c];
                    }

                    gradient[offset + widths[l - 1] * widths[l] + c] += delta[c];
                }

                delta = below;
            }
        }

        return gradient;
    }

    /// <summary>The smallest distance of a hidden unit's input from ReLU's kink; differences across it are no derivatives.</summary>
    public double DistanceFromKinks(double[] parameters, Batch batch)
    {
        double distance = double.PositiveInfinity;
        for (int i = 0; i < batch.Rows; i++)
        {
            var inputs = Forward(parameters, Example(batch, i), relu: false);
            for (int l = 1; l < widths.Length - 1; l++) distance = Math.Min(distance, inputs[l].Min(Math.Abs));
        }

        return distance;
    }

    // Element l is layer l's output, activated but for the last; with relu off, hidden layers are recorded before it.
    private double[][] Forward(double[] parameters, double[] x, bool relu = true)
    {
        var outputs = new double[widths.Length][];
        outputs[0] = x;
        for (int l = 1, offset = 0; l < widths.Length; l++)
        {
            var z = new double[widths[l]];
            for (int c = 0; c < widths[l]; c++)
            {
                z[c] = parameters[offset + widths[l - 1] * widths[l] + c];
                for (int r = 0; r < widths[l - 1]; r++) z[c] += x[r] * parameters[offset + r * widths[l] + c];
            }

            offset += (widths[l - 1] + 1) * widths[l];
            x = l == widths.Length - 1 ? z : [.. z.Select(Hidden)];
            outputs[l] = relu ? x : z;
        }

        return outputs;
    }

    private double[] Example(Batch batch, int row) => [.. batch.Features.Slice(row * widths[0], widths[0]).ToArray().Select(value => (double)value)];

    private static double LogSumExp(double[] values)
    {
        double max = values.Max();
        return max + Math.Log(values.Sum(value => Math.Exp(value - max)));
    }
}
