using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Filters;
using FedPure.Benchmarks.Products;

namespace FedPure.Benchmarks.Competitors;

/// <summary>FedPure's products beside those of the libraries that .NET programs use, one thread each; every rival's result is compared before it is timed.</summary>
public class ProductRivals
{
    private Operands _operands = null!;
    private Torch? _torch;

    [ParamsSource(nameof(Shapes))]
    public Product Shape { get; set; } = null!;

    public static IEnumerable<Product> Shapes => Product.All;

    /// <summary>Leaves out the rivals that are not there.</summary>
    internal static IFilter Without(bool openBlas, bool torch) => new SimpleFilter(one => one.Descriptor.WorkloadMethod.Name switch
    {
        nameof(OpenBLAS) => openBlas,
        nameof(TorchSharp) => torch,
        _ => true,
    });

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
        _operands.Check(nameof(MathNet), MathNet);
    }

    [GlobalSetup(Target = nameof(TorchSharp))]
    public void SetupTorch()
    {
        Setup();
        _torch = new Torch(Shape, _operands.A, _operands.B);
        _operands.Check(nameof(TorchSharp), () => _torch.MultiplyTo(_operands.C));
    }

    [GlobalCleanup(Target = nameof(TorchSharp))]
    public void Cleanup() => _torch!.Dispose();

    [Benchmark(Baseline = true, Description = "FedPure")]
    public void Own() => _operands.Multiply();

    [Benchmark]
    public void OpenBLAS() => OpenBlas.Multiply(Shape, _operands.A, _operands.B, _operands.C);

    [Benchmark]
    public void MathNet() => MathNetProduct.Multiply(Shape, _operands.A, _operands.B, _operands.C);

    [Benchmark]
    public void TorchSharp() => _torch!.Multiply();
}
