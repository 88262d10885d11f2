using System.Collections.Immutable;
using FedPure.Data.Random;

namespace FedPure.Data.Partitioning;

/// <summary>A law of how many examples clients have, relative to each other.</summary>
public abstract record ClientSizes
{
    /// <summary>A positive number in proportion to which each client gets examples.</summary>
    internal abstract double[] Draw(int clientCount, RandomKey key);
}

/// <summary>e^(sigma·z) with z standard normal: sizes as LEAF and FedProx's synthetic data have them (there with sigma = 2).</summary>
/// <param name="Sigma">Positive.</param>
public sealed record LogNormalSizes(double Sigma) : ClientSizes
{
    internal override double[] Draw(int clientCount, RandomKey key)
    {
        ClientCounts.CheckPositive(Sigma);
        var stream = key.Stream();
        var sizes = new double[clientCount];

        // Seven deviations are never met; the bound keeps every size positive and finite.
        foreach (ref double size in sizes.AsSpan()) size = PortableMath.Exp(Math.Clamp(Sigma * stream.NextNormal(), -700, 700));
        return sizes;
    }
}

/// <summary>Pareto sizes u^(-1/exponent) with u uniform: a fraction s^(-exponent) of the clients is larger than s times the smallest.</summary>
/// <param name="Exponent">Positive; the smaller, the heavier the tail.</param>
public sealed record PowerLawSizes(double Exponent) : ClientSizes
{
    internal override double[] Draw(int clientCount, RandomKey key)
    {
        ClientCounts.CheckPositive(Exponent);
        var stream = key.Stream();
        var sizes = new double[clientCount];
        foreach (ref double size in sizes.AsSpan()) size = PortableMath.Exp(Math.Min(700, -PortableMath.Log(1 - stream.NextDouble()) / Exponent));
        return sizes;
    }
}

/// <summary>Shares from a symmetric Dirichlet distribution (Li et al., Federated learning on non-IID data silos, 2022: quantity skew).</summary>
/// <param name="Concentration">Positive; the smaller, the more unequal.</param>
public sealed record DirichletSizes(double Concentration) : ClientSizes
{
    internal override double[] Draw(int clientCount, RandomKey key)
    {
        ClientCounts.CheckPositive(Concentration);
        var stream = key.Stream();
        var shares = new double[clientCount];
        stream.NextDirichlet([.. Enumerable.Repeat(Concentration, clientCount)], shares);
        return shares;
    }
}

/// <summary>Sizes that are given.</summary>
/// <param name="Sizes">[clients], not negative; other numbers of examples are spread in the same proportion.</param>
public sealed record ListedSizes(ImmutableArray<int> Sizes) : ClientSizes
{
    internal override double[] Draw(int clientCount, RandomKey key)
    {
        if (Sizes.Length != clientCount) throw new ArgumentException($"{Sizes.Length} sizes are listed for {clientCount} clients.");
        if (Sizes.Any(size => size < 0) || Sizes.All(size => size == 0)) throw new ArgumentException("Sizes must not be negative, and one must be positive.");
        return [.. Sizes.Select(size => (double)size)];
    }
}
