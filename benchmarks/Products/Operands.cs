using FedPure.Tensors;

namespace FedPure.Benchmarks.Products;

/// <summary>
/// The matrices of a product, from a fixed seed, and the proof that a rival computes the same. They start at a cache line, as those of a model do: every rival
/// that takes an address gains, since a vector of 64 bytes anywhere else straddles two lines.
/// </summary>
public sealed class Operands
{
    private readonly Product _product;
    private readonly Memory<float> _a, _b, _c;

    public Operands(Product product)
    {
        _product = product;
        (_a, _b, _c) = (
            AlignedMemory.Allocate(product.M * product.K), AlignedMemory.Allocate(product.K * product.N), AlignedMemory.Allocate(product.M * product.N));
        var random = new Random(1);
        foreach (var memory in new[] { _a, _b })
        {
            var x = memory.Span;
            for (int i = 0; i < x.Length; i++) x[i] = random.NextSingle() - 0.5f;
        }
    }

    public Span<float> A => _a.Span;

    public Span<float> B => _b.Span;

    public Span<float> C => _c.Span;

    /// <summary>FedPure's product.</summary>
    public void Multiply()
    {
        switch (_product.Form)
        {
            case Form.AB: MatMul.Multiply(A, B, C, _product.M, _product.N, _product.K); break;
            case Form.ABt: MatMul.MultiplyTransposedB(A, B, C, _product.M, _product.N, _product.K); break;
            default: MatMul.AddTransposedA(A, B, C, _product.M, _product.N, _product.K, Product.Alpha); break;
        }
    }

    /// <summary>Throws unless the rival adds to or overwrites C with what FedPure's product gives, to rounding.</summary>
    public void Check(string name, Action rival)
    {
        C.Clear();
        Multiply();
        float[] wanted = [.. C];
        C.Clear();
        rival();

        // k terms of at most 1/4, each off by 2^-24 of the partial sum in either order.
        double bound = (_product.Form == Form.AtB ? Math.Abs(Product.Alpha) : 1) * _product.K * 1e-6;
        for (int i = 0; i < C.Length; i++)
        {
            if (!(Math.Abs(C[i] - wanted[i]) <= bound)) throw new InvalidOperationException($"{name}, {_product}: element {i} is {C[i]}, not {wanted[i]}.");
        }
    }
}
