using FedPure.Benchmarks.Measuring;

namespace FedPure.Benchmarks.Products;

/// <summary>The three forms of the contract; t marks the transposed operand.</summary>
public enum Form
{
    /// <summary>c = a·b.</summary>
    AB,

    /// <summary>c = a·bᵀ.</summary>
    ABt,

    /// <summary>c += alpha·aᵀ·b.</summary>
    AtB,
}

/// <summary>A product of [m×k] by [k×n] in one of the forms. Operands and results stay in the caches: the largest three matrices are 4 MB each.</summary>
public sealed record Product(Form Form, int M, int K, int N) : IWork
{
    /// <summary>The rate of a step: that of the c += form, so that c does not grow over a billion calls.</summary>
    public const float Alpha = -1e-6f;

    /// <summary>
    /// What training computes with batches of 20: 784-10 and 784-200-200-10 forward (a·bᵀ with weights [out×in], a·b with [in×out]) and the weights' gradients
    /// (aᵀ·b), then larger ones.
    /// </summary>
    public static IEnumerable<Product> All { get; } =
    [
        new(Form.ABt, 20, 784, 10), new(Form.AtB, 10, 20, 784),
        .. Forward(20, 784, 200), .. Forward(20, 200, 200), .. Forward(20, 200, 10), .. Forward(32, 784, 512),
        new(Form.AtB, 784, 20, 200), new(Form.AtB, 200, 20, 784), new(Form.AtB, 200, 20, 200),
        .. Square(128), .. Square(256), .. Square(512), .. Square(1024),
    ];

    public double Flop => 2.0 * M * K * N;

    public override string ToString() => $"{M}×{K}×{N} {Form switch { Form.AB => "a·b", Form.ABt => "a·bᵀ", _ => "aᵀ·b" }}";

    private static Product[] Forward(int m, int k, int n) => [new(Form.AB, m, k, n), new(Form.ABt, m, k, n)];

    private static Product[] Square(int size) => [.. Forward(size, size, size), new(Form.AtB, size, size, size)];
}
