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
}
