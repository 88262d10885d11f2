using FedPure.Benchmarks.Measuring;

namespace FedPure.Benchmarks.Kernels;

/// <summary>A vector's length and how many bytes of each element an operation reads.</summary>
public sealed record Length(int Count, int BytesAnElement = sizeof(float)) : IWork
{
    public double Elements => Count;

    public double Bytes => (double)Count * BytesAnElement;

    public override string ToString() => $"{Count}";
}
