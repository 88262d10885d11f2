using FedPure.Benchmarks.Measuring;

namespace FedPure.Benchmarks.Kernels;

/// <summary>A round's updates: 100 clients, each with its own array, so that all of them stream through the caches.</summary>
public sealed record Updates(int Clients, int Parameters) : IWork
{
    public double Elements => (double)Clients * Parameters;

    public double Bytes => Elements * sizeof(float);

    public override string ToString() => $"{Clients}×{Parameters}";
}
