using FedPure.Benchmarks.Measuring;
using FedPure.Learning.Models;

namespace FedPure.Benchmarks.Kernels;

/// <summary>
/// One step of a rule over the parameters of a matrix, of which it reads and writes the given number of arrays of their length, the gradient among them.
/// </summary>
public sealed record UpdateSteps(string Rule, int Rows, int Columns, int Arrays) : IWork
{
    public double Elements => (double)Rows * Columns;

    public double Bytes => Elements * Arrays * sizeof(float);

    internal ParameterLayout Layout { get; } = new([("kernel", [Rows, Columns], true)]);

    public override string ToString() => $"{Rule} {Rows}×{Columns}";
}
