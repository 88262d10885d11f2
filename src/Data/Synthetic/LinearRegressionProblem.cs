using System.Collections.Immutable;
using FedPure.Data.Partitioning;
using FedPure.Data.Random;

namespace FedPure.Data.Synthetic;

/// <summary>
/// Linear regression over clients whose best common model is known: what an algorithm should converge to. Client k's targets are w_k·x + c_k plus noise, where
/// w_k and c_k differ from common ones by heterogeneity·N(0, 1); features are N(0, 1).
/// </summary>
/// <param name="ClientCount">Number of clients; at least 1.</param>
/// <param name="ExamplesPerClient">Examples of a client; at least 1.</param>
/// <param name="FeatureCount">Features of an example; at least 1.</param>
/// <param name="Noise">Deviation of the targets' noise; not negative.</param>
/// <param name="Heterogeneity">Deviation of the clients' true models from the common one; not negative.</param>
/// <param name="Seed">Any number.</param>
public sealed record LinearRegressionProblem(int ClientCount, int ExamplesPerClient, int FeatureCount, double Noise, double Heterogeneity, long Seed)
{
    /// <summary>The clients and the optimum.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of range.</exception>
    /// <exception cref="ArgumentException">There are too few examples for one optimum.</exception>
    public RegressionExamples Generate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ClientCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ExamplesPerClient);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(FeatureCount);
        if (!(Noise >= 0) || !double.IsFinite(Noise)) throw new ArgumentOutOfRangeException(nameof(Noise), Noise, "It must be finite and not negative.");
        if (!(Heterogeneity >= 0) || !double.IsFinite(Heterogeneity))
            throw new ArgumentOutOfRangeException(nameof(Heterogeneity), Heterogeneity, "It must be finite and not negative.");
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)ClientCount * ExamplesPerClient * FeatureCount, Array.MaxLength, nameof(ClientCount));
        var key = RandomKey.FromSeed(Seed).Fold("synthetic/regression");
        double[] common = Normals(key.Fold("common").Stream(), FeatureCount + 1);
        var features = new float[ClientCount * ExamplesPerClient * FeatureCount];
        var targets = new float[ClientCount * ExamplesPerClient];
        for (int client = 0; client < ClientCount; client++)
        {
            var mine = key.Fold((ulong)client);
            double[] truth = [.. Normals(mine.Fold("model").Stream(), FeatureCount + 1).Zip(common, (own, shared) => shared + Heterogeneity * own)];
            var stream = mine.Fold("examples").Stream();
            for (int row = client * ExamplesPerClient; row < (client + 1) * ExamplesPerClient; row++)
            {
                var x = features.AsSpan(row * FeatureCount, FeatureCount);
                double y = truth[FeatureCount];
                for (int j = 0; j < x.Length; j++)
                {
                    x[j] = (float)stream.NextNormal();
                    y += truth[j] * x[j];
                }

                targets[row] = (float)(y + Noise * stream.NextNormal());
            }
        }

        var clients = new Partition([.. Enumerable.Range(0, targets.Length)], [.. Enumerable.Repeat(ExamplesPerClient, ClientCount)]);
        return new RegressionExamples(clients.Of(new ExampleTable(features, targets, 1, [FeatureCount])), LeastSquares.Solve(features, targets, FeatureCount));
    }

    private static double[] Normals(Philox stream, int count)
    {
        var values = new double[count];
        foreach (ref double value in values.AsSpan()) value = stream.NextNormal();
        return values;
    }
}

/// <summary>Clients whose examples have a number as their target.</summary>
/// <param name="Clients">The clients, over one table with a target each.</param>
/// <param name="Optimum">[features + 1], weights and constant with the least mean squared error over all examples.</param>
public sealed record RegressionExamples(FederatedDataset Clients, ImmutableArray<double> Optimum);
