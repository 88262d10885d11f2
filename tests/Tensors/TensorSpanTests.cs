using System.Buffers;
using System.Numerics.Tensors;

namespace FedPure.Tensors;

/// <summary>The TensorSpan overloads give the bits of the span versions in place, and refuse what does not fit with both shapes in the message.</summary>
public class TensorSpanTests
{
    private const int M = 5, N = 7, K = 19;

    public static TheoryData<string, Action, string, string> Mismatches => new()
    {
        { "Multiply, inner", () => MatMul.Multiply(Constant(20, 784), Constant(100, 10), Matrix(20, 10)), "b", "a is 20×784 but b is 100×10: the inner sizes 784 and 100 differ." },
        { "Multiply, c", () => MatMul.Multiply(Constant(2, 3), Constant(3, 4), Matrix(4, 2)), "c", "a is 2×3 and b is 3×4: c must be 2×4, but is 4×2." },
        { "a·bᵀ, inner", () => MatMul.MultiplyTransposedB(Constant(2, 3), Constant(3, 4), Matrix(2, 3)), "b", "a is 2×3 but b is 3×4: the inner sizes 3 and 4 differ." },
        { "a·bᵀ, c", () => MatMul.MultiplyTransposedB(Constant(2, 3), Constant(4, 3), Matrix(2, 3)), "c", "a is 2×3 and b is 4×3: c must be 2×4, but is 2×3." },
        { "aᵀ·b, inner", () => MatMul.AddTransposedA(Constant(2, 3), Constant(3, 4), Matrix(3, 4)), "b", "a is 2×3 but b is 3×4: the inner sizes 2 and 3 differ." },
        { "aᵀ·b, c", () => MatMul.AddTransposedA(Constant(2, 3), Constant(2, 4), Matrix(2, 4)), "c", "a is 2×3 and b is 2×4: c must be 3×4, but is 2×4." },
        { "Softmax", () => Softmax.Forward(Constant(2, 3), Matrix(3, 2)), "probabilities", "probabilities is 3×2 but logits is 2×3; they must be equal." },
        { "SoftmaxBackward", () => CrossEntropy.SoftmaxBackward(Matrix(2, 3), [0, 1, 2]), "labels", "logits is 2×3 but labels has 3 elements: the 2 rows need one label each." },
        { "AddScaled", () => Vectors.AddScaled(Constant(2, 3), 1f, Matrix(3, 2)), "x", "x is 2×3 but y is 3×2; they must be equal." },
        { "Dot", () => Vectors.Dot(Constant(2, 3), Constant(6)), "x", "x is 2×3 but y is 6; they must be equal." },
        { "rank of a", () => MatMul.Multiply(Constant(6), Constant(6, 1), Matrix(1, 1)), "a", "a must be a matrix, of rank 2, but is 6, of rank 1." },
        { "rank of b", () => MatMul.MultiplyTransposedB(Constant(2, 3), Constant(1, 2, 3), Matrix(2, 2)), "b", "b must be a matrix, of rank 2, but is 1×2×3, of rank 3." },
        { "rank of c", () => MatMul.AddTransposedA(Constant(2, 3), Constant(2, 3), Matrix(9)), "c", "c must be a matrix, of rank 2, but is 9, of rank 1." },
        { "rank of logits", () => Softmax.Forward(Constant(6), Matrix(6)), "logits", "logits must be a matrix, of rank 2, but is 6, of rank 1." },
        { "rank, backward", () => CrossEntropy.SoftmaxBackward(Matrix(6), [0]), "logits", "logits must be a matrix, of rank 2, but is 6, of rank 1." },
    };

    public static TheoryData<string, Action, string, string> Views => new()
    {
        { "transposed", () => MatMul.Multiply(Transposed(3, 2), Constant(3, 2), Matrix(2, 2)), "a", "2×3 with strides 1×2" },
        { "sliced columns", () => MatMul.MultiplyTransposedB(Constant(2, 3), Columns(4, 5, 3), Matrix(2, 4)), "b", "4×3 with strides 5×1" },
        { "broadcast", () => Vectors.Dot(Broadcast(2, 3), Constant(2, 3)), "x", "2×3 with strides 0×1" },
        { "sliced destination", () => MatMul.AddTransposedA(Constant(2, 3), Constant(2, 2), WritableColumns(3, 4, 2)), "c", "3×2 with strides 4×1" },
        { "sliced vector", () => Vectors.Scale(2f, WritableColumns(3, 4, 2)), "x", "3×2 with strides 4×1" },
        { "norm", () => Vectors.NormL2(Transposed(3, 2)), "x", "2×3 with strides 1×2" },
        { "largest", () => Vectors.NormInf(Transposed(3, 2)), "x", "2×3 with strides 1×2" },
        { "added", () => Vectors.AddScaled(Transposed(3, 2), 1f, Matrix(2, 3)), "x", "2×3 with strides 1×2" },
        { "softmax", () => Softmax.Forward(Transposed(3, 2), Matrix(2, 3)), "logits", "2×3 with strides 1×2" },
        { "cross-entropy", () => CrossEntropy.SoftmaxBackward(WritableColumns(3, 4, 2), [0, 1, 0]), "logits", "3×2 with strides 4×1" },
    };

    [Theory, MemberData(nameof(Mismatches))]
    public void A_mismatch_is_refused_with_both_shapes(string what, Action call, string parameter, string message)
    {
        var error = Assert.Throws<ArgumentException>(call);
        Assert.Equal(parameter, error.ParamName);
        Assert.True(error.Message.StartsWith(message, StringComparison.Ordinal), $"{what}: {error.Message}");
    }

    [Theory, MemberData(nameof(Views))]
    public void A_view_with_gaps_or_another_order_is_refused(string what, Action call, string parameter, string shapes)
    {
        var error = Assert.Throws<ArgumentException>(call);
        Assert.Equal(parameter, error.ParamName);
        Assert.True(error.Message.Contains(shapes, StringComparison.Ordinal), $"{what}: {error.Message}");
    }

    [Fact]
    public void Products_have_the_bits_of_the_span_versions()
    {
        float[] a = Samples.Create(DataKind.Plain, M * K, 1), b = Samples.Create(DataKind.Plain, K * N, 2), c = Samples.Create(DataKind.Plain, M * N, 3);
        float[] wanted = [.. c], given = [.. c];
        MatMul.Multiply(a, b, wanted, M, N, K);
        MatMul.Multiply(new ReadOnlyTensorSpan<float>(a, [M, K]), new ReadOnlyTensorSpan<float>(b, [K, N]), new TensorSpan<float>(given, [M, N]));
        Bits.AssertSame(wanted, given, "a·b");
        MatMul.MultiplyTransposedB(a, b, wanted, M, N, K);
        MatMul.MultiplyTransposedB(new ReadOnlyTensorSpan<float>(a, [M, K]), new ReadOnlyTensorSpan<float>(b, [N, K]), new TensorSpan<float>(given, [M, N]));
        Bits.AssertSame(wanted, given, "a·bᵀ");
        MatMul.AddTransposedA(a, b, wanted, M, N, K, -0.3f);
        MatMul.AddTransposedA(new ReadOnlyTensorSpan<float>(a, [K, M]), new ReadOnlyTensorSpan<float>(b, [K, N]), new TensorSpan<float>(given, [M, N]), -0.3f);
        Bits.AssertSame(wanted, given, "aᵀ·b");
    }

    [Fact]
    public void Softmax_and_vectors_have_the_bits_of_the_span_versions()
    {
        float[] x = Samples.Create(DataKind.Plain, M * N, 1), y = Samples.Create(DataKind.Plain, M * N, 2), wanted = [.. y], given = [.. y];
        int[] labels = [0, 6, 3, 3, 1];
        var view = new ReadOnlyTensorSpan<float>(x, [M, N]);
        Vectors.AddScaled(x, 0.7f, wanted);
        Vectors.AddScaled(view, 0.7f, new TensorSpan<float>(given, [M, N]));
        Bits.AssertSame(wanted, given, "AddScaled");
        Vectors.Scale(1.1f, wanted);
        Vectors.Scale(1.1f, new TensorSpan<float>(given, [M, N]));
        Bits.AssertSame(wanted, given, "Scale");
        Assert.Equal(Vectors.Dot(x, wanted), Vectors.Dot(view, new ReadOnlyTensorSpan<float>(given, [M, N])));
        Assert.Equal(Vectors.NormL1(x), Vectors.NormL1(view));
        Assert.Equal(Vectors.NormL2(x), Vectors.NormL2(view));
        Assert.Equal(Vectors.NormInf(x), Vectors.NormInf(view));
        Softmax.Forward(x, wanted, N);
        Softmax.Forward(view, new TensorSpan<float>(given, [M, N]));
        Bits.AssertSame(wanted, given, "Softmax");
        Assert.Equal(CrossEntropy.SoftmaxBackward(wanted, labels, N), CrossEntropy.SoftmaxBackward(new TensorSpan<float>(given, [M, N]), labels));
        Bits.AssertSame(wanted, given, "SoftmaxBackward");
    }

    // A slice of whole rows, a row of a matrix and a vector in the shape [1×n] are dense, whatever their strides say of dimensions of length 1.
    [Fact]
    public void Whole_rows_are_dense_and_are_written_in_place()
    {
        float[] x = Samples.Create(DataKind.Plain, 6 * 4, 1), wanted = [.. x];
        Vectors.Scale(2f, wanted.AsSpan(8, 8));
        Vectors.Scale(2f, wanted.AsSpan(4, 4));
        var tensor = new TensorSpan<float>(x, [6, 4]);
        Vectors.Scale(2f, tensor.Slice([2..4, NRange.All]));
        Vectors.Scale(2f, tensor.Slice([1..2, NRange.All]));
        Bits.AssertSame(wanted, x, "rows");
    }

    [Fact]
    public void Empty_matrices_are_no_error()
    {
        MatMul.Multiply(Constant(0, 3), Constant(3, 2), Matrix(0, 2));
        MatMul.AddTransposedA(Constant(0, 3), Constant(0, 2), Matrix(3, 2));
        Assert.Equal(0f, Vectors.Dot(Constant(0, 3), Constant(0, 3)));
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        float[] a = new float[M * K], b = new float[N * K], c = new float[M * N];
        Product(a, b, c);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Product(a, b, c);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void Product(float[] a, float[] b, float[] c) =>
        MatMul.MultiplyTransposedB(new ReadOnlyTensorSpan<float>(a, [M, K]), new ReadOnlyTensorSpan<float>(b, [N, K]), new TensorSpan<float>(c, [M, N]));

    private static TensorSpan<float> Matrix(params ReadOnlySpan<nint> lengths) => new(new float[TensorPrimitives.Product(lengths)], lengths);

    private static ReadOnlyTensorSpan<float> Constant(params ReadOnlySpan<nint> lengths) => Matrix(lengths);

    // [rows×columns] seen as [columns×rows].
    private static ReadOnlyTensorSpan<float> Transposed(int rows, int columns) => new(new float[rows * columns], [columns, rows], [1, columns]);

    private static ReadOnlyTensorSpan<float> Broadcast(int rows, int columns) => new(new float[columns], [rows, columns], [0, 1]);

    private static ReadOnlyTensorSpan<float> Columns(int rows, int columns, int kept) => WritableColumns(rows, columns, kept);

    private static TensorSpan<float> WritableColumns(int rows, int columns, int kept) => Matrix(rows, columns).Slice([NRange.All, 0..kept]);
}
