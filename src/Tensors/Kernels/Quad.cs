using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FedPure.Tensors.Kernels;

/// <summary>Up to four floats in a vector, loaded from and stored to memory that holds no more than these.</summary>
internal static class Quad
{
    public const int Count = 4;

    /// <summary>The first <paramref name="count"/> (1 to 4) floats of source; the others are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(ref float source, int count)
    {
        if (count == Count) return Vector128.LoadUnsafe(ref source);
        if (count == 1) return Vector128.CreateScalar(source);
        var pair = Vector128.CreateScalar(Unsafe.ReadUnaligned<double>(ref Unsafe.As<float, byte>(ref source))).AsSingle();
        return count == 2 ? pair : pair.WithElement(2, Unsafe.Add(ref source, 2));
    }

    /// <summary>The first <paramref name="count"/> (1 to 4) floats of value, to target.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> value, ref float target, int count)
    {
        if (count == Count)
        {
            value.StoreUnsafe(ref target);
            return;
        }

        if (count > 1) Unsafe.WriteUnaligned(ref Unsafe.As<float, byte>(ref target), value.AsDouble()[0]);
        if (count != 2) Unsafe.Add(ref target, count - 1) = count == 1 ? value[0] : value[2];
    }
}
