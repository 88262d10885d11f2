using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Filters;
using FedPure.Benchmarks.Products;

namespace FedPure.Benchmarks.Competitors;

/// <summary>
/// FedPure's products beside those of the libraries that .NET programs use, one thread each; every rival's result is compared before it is timed.
/// </summary>
public class ProductRivals
{
    private Operands _operands = null!;

    // Math.NET takes arrays only.
    private float[] _a = [], _b = [], _c = [];

    [ParamsSource(nameof(Shapes))]
    public Product Shape { get; set; } = null!;

    public static IEnumerable<Product> Shapes => Product.All;

    /// <summary>Leaves out OpenBLAS where it is not there.</summary>
    internal static IFilter Filter(bool openBlas) => new SimpleFilter(one => openBlas || one.Descriptor.WorkloadMethod.Name != nameof(OpenBLAS));

    [GlobalSetup(Target = nameof(Own))]
    public void Setup() => _operands = new Operands(Shape);

    [GlobalSetup(Target = nameof(OpenBLAS))]
    public void SetupOpenBlas()
    {
        Setup();
        OpenBlas.UseOneThread();
        Console.WriteLine($"// OpenBLAS runs its {OpenBlas.CoreName()} kernels");
        _operands.Check(nameof(OpenBLAS), OpenBLAS);
    }

    [GlobalSetup(Target = nameof(MathNet))]
    public void SetupMathNet()
    {
        Setup();
        MathNetProduct.UseOneThread();
        (_a, _b, _c) = (_operands.A.ToArray(), _operands.B.ToArray(), new float[_operands.C.Length]);
        _operands.Check(nameof(MathNet), () =>
        {
            MathNet();
            _c.CopyTo(_operands.C);
        });
    }

    [Benchmark(Baseline = true, Description = "FedPure")]
    public void Own() => _operands.Multiply();

    [Benchmark]
    public void OpenBLAS() => OpenBlas.Multiply(Shape, _operands.A, _operands.B, _operands.C);

    [Benchmark]
    public void MathNet() => MathNetProduct.Multiply(Shape, _a, _b, _c);
}
