using FedPure.Benchmarks.Measuring;

namespace FedPure.Benchmarks.Kernels;

/// <summary>A matrix of logits [rows×classes]: the tutorial's batch, an evaluation, and a vocabulary.</summary>
public sealed record Rows(int Count, int Classes) : IWork
{
    public static Rows[] All { get; } = [new(20, 10), new(4096, 10), new(1000, 1000)];

    public double Elements => (double)Count * Classes;

    public override string ToString() => $"{Count}×{Classes}";
}
