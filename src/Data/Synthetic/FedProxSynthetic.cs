using FedPure.Data.Partitioning;
using FedPure.Data.Random;

namespace FedPure.Data.Synthetic;

/// <summary>
/// The synthetic(alpha, beta) data of FedProx (Li et al., Federated optimization in heterogeneous networks, 2020, section 5.1) and LEAF: classification whose
/// true model and whose features differ from client to client. Client k draws u ~ alpha·N(0, 1) and B ~ beta·N(0, 1), then W [classes×features] and b [classes]
/// around u, v [features] around B, with deviation 1; examples x_j = v_j + j^(-0.6)·N(0, 1), j from 1, have the label argmax(W·x + b). alpha sets how much
/// models differ, beta how much features do; both are deviations, as in the papers' programs. Sizes are 50 + e^(4 + 2·N(0, 1)), the exponent's normal number at
/// most 3.
/// </summary>
/// <param name="Alpha">Not negative.</param>
/// <param name="Beta">Not negative.</param>
/// <param name="Seed">Any number.</param>
/// <param name="ClientCount">Number of clients; at least 1.</param>
/// <param name="FeatureCount">Features of an example; at least 1.</param>
/// <param name="ClassCount">Classes; at least 2.</param>
/// <param name="Iid">One W and b around 0 for all clients, and v = 0: the papers' synthetic IID data, for which alpha and beta do not matter.</param>
public sealed record FedProxSynthetic(double Alpha, double Beta, long Seed, int ClientCount = 30, int FeatureCount = 60, int ClassCount = 10, bool Iid = false)
{
    // Of a client's examples, in tenths; the rest are for testing.
    private const int TrainTenths = 9;

    /// <summary>The clients' examples, nine tenths of each client's (rounded down) as the split train, the rest as test.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of range.</exception>
    public FederatedSplits Generate()
    {
        CheckDeviation(Alpha);
        CheckDeviation(Beta);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ClientCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(FeatureCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(ClassCount, 2);
        var key = RandomKey.FromSeed(Seed).Fold("synthetic/fedprox");
        int[] sizes = [.. Enumerable.Range(0, ClientCount).Select(client => Size(key.Fold((ulong)client)))];
        long total = sizes.Sum(size => (long)size);
        if (total * FeatureCount > Array.MaxLength)
            throw new ArgumentOutOfRangeException(nameof(ClientCount), $"{total} examples of {FeatureCount} features are more than an array holds.");
        int[] trained = [.. sizes.Select(size => (int)((long)size * TrainTenths / 10))];
        var (train, test) = (new Builder(trained, FeatureCount), new Builder([.. sizes.Zip(trained, (size, part) => size - part)], FeatureCount));
        double[] deviations = [.. Enumerable.Range(1, FeatureCount).Select(j => PortableMath.Power(j, -0.6))];
        for (int client = 0; client < ClientCount; client++)
        {
            var mine = key.Fold((ulong)client);
            var model = TrueModel.Draw(Iid ? key.Fold("shared") : mine, this);
            var stream = mine.Fold("examples").Stream();
            for (int i = 0; i < sizes[client]; i++)
            {
                var split = i < trained[client] ? train : test;
                var x = split.NextFeatures();
                for (int j = 0; j < x.Length; j++) x[j] = (float)(model.Mean[j] + deviations[j] * stream.NextNormal());
                split.Add(model.Label(x));
            }
        }

        return new FederatedSplits([new(FederatedSplits.TrainName, train.Build()), new(FederatedSplits.TestName, test.Build())]);
    }

    private static int Size(RandomKey client)
    {
        var stream = client.Fold("size").Stream();
        return 50 + (int)PortableMath.Exp(4 + 2 * Math.Min(stream.NextNormal(), 3));
    }

    private static void CheckDeviation(double value, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (!(value >= 0) || double.IsPositiveInfinity(value)) throw new ArgumentOutOfRangeException(name, value, "It must be finite and not negative.");
    }

    /// <summary>A client's W [classes×features], b [classes] and mean of the features [features].</summary>
    private sealed record TrueModel(double[] Weights, double[] Bias, double[] Mean)
    {
        public static TrueModel Draw(RandomKey key, FedProxSynthetic settings)
        {
            var stream = key.Fold("model").Stream();
            double u = settings.Iid ? 0 : settings.Alpha * stream.NextNormal(), center = settings.Iid ? 0 : settings.Beta * stream.NextNormal();
            double[] weights = Around(u, settings.ClassCount * settings.FeatureCount), bias = Around(u, settings.ClassCount);
            return new TrueModel(weights, bias, settings.Iid ? new double[settings.FeatureCount] : Around(center, settings.FeatureCount));

            double[] Around(double mean, int count)
            {
                var values = new double[count];
                foreach (ref double value in values.AsSpan()) value = mean + stream.NextNormal();
                return values;
            }
        }

        public int Label(ReadOnlySpan<float> x)
        {
            int best = 0;
            double most = double.NegativeInfinity;
            for (int k = 0; k < Bias.Length; k++)
            {
                double logit = Bias[k];
                for (int j = 0; j < x.Length; j++) logit += Weights[k * x.Length + j] * x[j];
                if (logit > most) (best, most) = (k, logit);
            }

            return best;
        }
    }

    /// <summary>A split's table as it grows, client after client.</summary>
    private sealed class Builder(int[] sizes, int featureCount)
    {
        private readonly float[] _features = new float[sizes.Sum() * featureCount];
        private readonly int[] _labels = new int[sizes.Sum()];
        private int _next;

        public Span<float> NextFeatures() => _features.AsSpan(_next * featureCount, featureCount);

        public void Add(int label) => _labels[_next++] = label;

        public FederatedDataset Build() =>
            new Partition([.. Enumerable.Range(0, _labels.Length)], sizes).Of(new ExampleTable(_features, _labels, [featureCount]));
    }
}
