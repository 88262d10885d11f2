using FedPure.Benchmarks.Measuring;

namespace FedPure.Benchmarks.Kernels;

/// <summary>A vector's length.</summary>
public sealed record Length(int Count) : IWork
{
    public double Elements => Count;

    public override string ToString() => $"{Count}";
}
