using FedPure.Tensors.Kernels;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors;

/// <summary>Large products copy panels of b side by side; the bits are those of the same rows in products too small for that.</summary>
public class PackedPanelTests
{
    [Fact]
    public void PackingChangesNoBitAtAnyWidth()
    {
        // Rows and steps from which every width packs, columns with whole panels, single vectors and a tail.
        const int M = TileShape.PackedFromRows + 5, N = 77;
        int k = Math.Max(TileShape.PackedFromSteps<Lanes512>(), TileShape.PackedFromSteps<Lanes1>()) + 3;
        float[] a = Samples.Create(DataKind.Plain, M * k, 1), b = Samples.Create(DataKind.Plain, k * N, 2), expected = new float[M * N];
        for (int row = 0; row < M; row++) MatMul.Multiply(a.AsSpan(row * k, k), b, expected.AsSpan(row * N, N), 1, N, k);
        AssertSame<Lanes1>();
        AssertSame<Lanes128>();
        AssertSame<Lanes256>();
        AssertSame<Lanes512>();
        AssertSame<LanesOfVectorT>();

        void AssertSame<T>() where T : struct, ILanes<T>
        {
            var actual = new float[M * N];
            OuterProduct.Run<T, Overwrite>(a, (nuint)k, 1, b, [], actual, M, N, k, 1f);
            Bits.AssertSame(expected, actual, typeof(T).Name);
        }
    }

    [Fact]
    public void CopyingATransposedFactorChangesNoBitAtAnyWidth()
    {
        // More rows than are copied at a time, as many steps as copying needs and a few more, columns beyond one panel.
        const int M = TileShape.PackedRows + 5, N = 77, K = TileShape.PackedRowsFromSteps + 3;
        float[] a = Samples.Create(DataKind.Plain, K * M, 1), b = Samples.Create(DataKind.Plain, K * N, 2),
            expected = Samples.Create(DataKind.Plain, M * N, 3), before = [.. expected];
        var column = new float[K];
        for (int row = 0; row < M; row++)
        {
            for (int p = 0; p < K; p++) column[p] = a[p * M + row];
            MatMul.AddTransposedA(column, b, expected.AsSpan(row * N, N), 1, N, K, -0.3f);
        }

        AssertSame<Lanes1>();
        AssertSame<Lanes128>();
        AssertSame<Lanes256>();
        AssertSame<Lanes512>();
        AssertSame<LanesOfVectorT>();

        void AssertSame<T>() where T : struct, ILanes<T>
        {
            GuardedBuffer left = new(a, 1), right = new(b, 2), actual = new(before, 3);
            OuterProduct.Run<T, AddScaledSum>(left.Span, 1, M, right.Span, [], actual.Span, M, N, K, -0.3f);
            left.AssertUnchanged(a, typeof(T).Name);
            right.AssertUnchanged(b, typeof(T).Name);
            Bits.AssertSame(expected, actual.Values(typeof(T).Name), typeof(T).Name);
        }
    }

    [Theory]
    [InlineData(64, 32, 1)]
    [InlineData(67, 33, 17)]
    [InlineData(65, 77, 31)]
    [InlineData(64, 100, 64)]
    public void TurningTheRightFactorGivesTheBitsOfTheProductWithItsTranspose(int m, int n, int k)
    {
        float[] a = Samples.Create(DataKind.Plain, m * k, 1), b = Samples.Create(DataKind.Plain, n * k, 2), turned = new float[k * n],
            expected = new float[m * n];
        for (int p = 0; p < k; p++)
        {
            for (int j = 0; j < n; j++) turned[p * n + j] = b[j * k + p];
        }

        MatMul.Multiply(a, turned, expected, m, n, k);
        AssertSame<Lanes1>();
        AssertSame<Lanes128>();
        AssertSame<Lanes256>();
        AssertSame<Lanes512>();
        AssertSame<LanesOfVectorT>();
        var entry = new float[m * n];
        MatMul.MultiplyTransposedB(a, b, entry, m, n, k);
        Bits.AssertSame(expected, entry, "the public entry");

        void AssertSame<T>() where T : struct, ILanes<T>
        {
            GuardedBuffer left = new(a, 1), right = new(b, 2), actual = new(new float[m * n], 3);
            OuterProduct.RunTurned<T>(left.Span, [], right.Span, actual.Span, m, n, k);
            left.AssertUnchanged(a, typeof(T).Name);
            right.AssertUnchanged(b, typeof(T).Name);
            Bits.AssertSame(expected, actual.Values(typeof(T).Name), typeof(T).Name);
        }
    }

    [Fact]
    public void PanelsOfALargeFactorChangeNoBit()
    {
        // b beyond what stays near: its panels are taken by all rows in turn.
        const int M = TileShape.MaxRows + 2, K = 300, N = TileShape.NearFloats / K + 21;
        float[] a = Samples.Create(DataKind.Plain, M * K, 1), b = Samples.Create(DataKind.Plain, K * N, 2), expected = new float[M * N],
            actual = new float[M * N];
        for (int row = 0; row < M; row++) MatMul.Multiply(a.AsSpan(row * K, K), b, expected.AsSpan(row * N, N), 1, N, K);
        MatMul.Multiply(a, b, actual, M, N, K);
        Bits.AssertSame(expected, actual, "a·b");
    }
}
