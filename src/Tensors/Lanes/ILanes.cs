namespace FedPure.Tensors.Lanes;

/// <summary>
/// The vocabulary in which every kernel is written once: <see cref="Width"/> float32 values side by side. Each implementation maps a word to one or two
/// instructions of its width; all of them give the same bits for a lane, because every operation is element-wise and correctly rounded. The one exception is
/// <see cref="MultiplyAdd"/>, which is fused exactly when the hardware's is: see <see cref="ArithmeticClass"/>.
/// </summary>
internal interface ILanes<T> where T : struct, ILanes<T>
{
    /// <summary>Number of float32 lanes; a power of two from 1 to 16.</summary>
    static abstract int Width { get; }

    /// <summary>Whether this width runs in hardware here. Software-emulated vectors are slower than a scalar loop and are never dispatched to.</summary>
    static abstract bool IsAccelerated { get; }

    static abstract T Zero { get; }

    static abstract T Broadcast(float value);

    /// <summary>Reads <see cref="Width"/> floats from <paramref name="offset"/> floats after <paramref name="source"/>; no alignment is required.</summary>
    static abstract T Load(ref float source, nuint offset);

    static abstract void Store(T value, ref float destination, nuint offset);

    static abstract T operator +(T left, T right);

    static abstract T operator -(T left, T right);

    static abstract T operator *(T left, T right);

    static abstract T operator /(T left, T right);

    /// <summary>a·b + c: one rounding in the fused class, two in the unfused.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    /// <summary>√value, correctly rounded.</summary>
    static abstract T Sqrt(T value);

    /// <summary>
    /// Per lane: <paramref name="x"/> &lt; <paramref name="y"/> ? <paramref name="ifLess"/> : <paramref name="otherwise"/>. A NaN in x or y selects
    /// <paramref name="otherwise"/>.
    /// </summary>
    static abstract T SelectLess(T x, T y, T ifLess, T otherwise);

    /// <summary>value·2^exponent for integral exponents in [-252, 254], by two exact scalings so that subnormal results are rounded once.</summary>
    static abstract T ScaleByPowerOfTwo(T value, T exponent);

    /// <summary>Whether every lane is positive, normal and finite.</summary>
    static abstract bool AreNormal(T x);

    /// <summary>Splits a positive normal x into mantissa·2^exponent with the mantissa in [√½, √2).</summary>
    static abstract void Split(T x, out T mantissa, out T exponent);
}
