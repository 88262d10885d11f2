using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Filters;

namespace FedPure.Benchmarks.Products;

/// <summary>The matrix products against a plain loop and, for a·bᵀ, one TensorPrimitives.Dot an element. Libraries stand in benchmarks/Competitors.</summary>
public class MatrixProducts
{
    // Above it the plain loop takes seconds and says nothing new.
    private const double LargestNaive = 2e7;

    private Operands _operands = null!;

    [ParamsSource(nameof(Shapes))]
    public Product Shape { get; set; } = null!;

    public static IEnumerable<Product> Shapes => Product.All;

    /// <summary>Leaves out what does not apply.</summary>
    internal static IFilter Filter { get; } = new SimpleFilter(one => one.Parameters.Items.Select(item => item.Value).OfType<Product>().All(shape =>
        one.Descriptor.WorkloadMethod.Name switch
        {
            nameof(NaiveLoop) => shape.Flop <= LargestNaive,
            nameof(DotPerElement) => shape.Form == Form.ABt,
            _ => true,
        }));

    [GlobalSetup]
    public void Setup()
    {
        _operands = new Operands(Shape);
        _operands.Check(nameof(NaiveLoop), NaiveLoop);
        if (Shape.Form == Form.ABt) _operands.Check(nameof(DotPerElement), DotPerElement);
    }

    [Benchmark(Baseline = true, Description = "FedPure")]
    public void Own() => _operands.Multiply();

    [Benchmark]
    public void NaiveLoop()
    {
        ReadOnlySpan<float> a = _operands.A, b = _operands.B;
        Span<float> c = _operands.C;
        (int m, int k, int n) = (Shape.M, Shape.K, Shape.N);
        switch (Shape.Form)
        {
            case Form.AB: Strided(a, k, 1, b, n, 1, c, m, k, n); break;
            case Form.ABt: Strided(a, k, 1, b, 1, k, c, m, k, n); break;
            default: AddStrided(a, 1, m, b, n, 1, c, m, k, n); break;
        }
    }

    [Benchmark]
    public void DotPerElement()
    {
        ReadOnlySpan<float> a = _operands.A, b = _operands.B;
        Span<float> c = _operands.C;
        (int k, int n) = (Shape.K, Shape.N);
        for (int i = 0; i < Shape.M; i++)
        {
            for (int j = 0; j < n; j++) c[i * n + j] = TensorPrimitives.Dot(a.Slice(i * k, k), b.Slice(j * k, k));
        }
    }

    private static void Strided(ReadOnlySpan<float> a, int aRow, int aStep, ReadOnlySpan<float> b, int bStep, int bColumn, Span<float> c, int m, int k, int n)
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++) c[i * n + j] = Sum(a, i * aRow, aStep, b, j * bColumn, bStep, k);
        }
    }

    private static void AddStrided(
        ReadOnlySpan<float> a, int aRow, int aStep, ReadOnlySpan<float> b, int bStep, int bColumn, Span<float> c, int m, int k, int n)
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++) c[i * n + j] += Product.Alpha * Sum(a, i * aRow, aStep, b, j * bColumn, bStep, k);
        }
    }

    private static float Sum(ReadOnlySpan<float> a, int a0, int aStep, ReadOnlySpan<float> b, int b0, int bStep, int k)
    {
        float sum = 0;
        for (int p = 0; p < k; p++) sum += a[a0 + p * aStep] * b[b0 + p * bStep];
        return sum;
    }
}
