using System.Runtime.CompilerServices;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors.Kernels;

/// <summary>What distinguishes the matrix products around their common loop: how a is read, where a tile's sums start, and where they go.</summary>
internal interface IProductForm
{
    /// <summary>Whether a list says which row of b belongs to each step of the sum; else they follow each other.</summary>
    static virtual bool IndexedB => false;

    /// <summary>Whether there is a mask of c's shape and place, which <see cref="Finish{T}"/> reads at c's offset.</summary>
    static virtual bool Masks => false;

    static abstract T LoadA<T>(ref float a, nuint offset) where T : struct, ILanes<T>;

    static abstract T Initial<T>(ref float c, nuint offset) where T : struct, ILanes<T>;

    static abstract void Finish<T>(T sum, ref float c, nuint offset, T alpha, ref float mask) where T : struct, ILanes<T>;
}

/// <summary>c = Σ a·b, lanes over the columns of c.</summary>
internal readonly struct Overwrite : IProductForm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LoadA<T>(ref float a, nuint offset) where T : struct, ILanes<T> => T.Broadcast(Unsafe.Add(ref a, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Initial<T>(ref float c, nuint offset) where T : struct, ILanes<T> => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<T>(T sum, ref float c, nuint offset, T alpha, ref float mask) where T : struct, ILanes<T> => T.Store(sum, ref c, offset);
}

/// <summary>c = Σ a·b where the mask is positive, else 0: what passes back through a ReLU whose output is the mask.</summary>
internal readonly struct OverwriteMasked : IProductForm
{
    public static bool Masks => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LoadA<T>(ref float a, nuint offset) where T : struct, ILanes<T> => Overwrite.LoadA<T>(ref a, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Initial<T>(ref float c, nuint offset) where T : struct, ILanes<T> => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<T>(T sum, ref float c, nuint offset, T alpha, ref float mask) where T : struct, ILanes<T> =>
        T.Store(T.SelectLess(T.Zero, T.Load(ref mask, offset), sum, T.Zero), ref c, offset);
}

/// <summary>
/// c += alpha·Σ a·b, lanes over the columns of c: the sum starts from zero and meets c in one multiply-add, as "gradient, then AddScaled" would.
/// </summary>
internal readonly struct AddScaledSum : IProductForm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LoadA<T>(ref float a, nuint offset) where T : struct, ILanes<T> => T.Broadcast(Unsafe.Add(ref a, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Initial<T>(ref float c, nuint offset) where T : struct, ILanes<T> => T.Zero;

    // A sum that underflowed to -0 becomes +0, as it would in a gradient buffer that was cleared first.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<T>(T sum, ref float c, nuint offset, T alpha, ref float mask) where T : struct, ILanes<T> =>
        T.Store(T.MultiplyAdd(alpha, sum + T.Zero, T.Load(ref c, offset)), ref c, offset);
}

/// <summary>As <see cref="AddScaledSum"/>, over listed rows of b.</summary>
internal readonly struct AddScaledSumOfRows : IProductForm
{
    public static bool IndexedB => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LoadA<T>(ref float a, nuint offset) where T : struct, ILanes<T> => AddScaledSum.LoadA<T>(ref a, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Initial<T>(ref float c, nuint offset) where T : struct, ILanes<T> => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<T>(T sum, ref float c, nuint offset, T alpha, ref float mask) where T : struct, ILanes<T> =>
        AddScaledSum.Finish(sum, ref c, offset, alpha, ref mask);
}
