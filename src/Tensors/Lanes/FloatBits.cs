namespace FedPure.Tensors.Lanes;

/// <summary>The layout of an IEEE 754 binary32: 1 sign bit, 8 exponent bits with bias 127, 23 mantissa bits.</summary>
internal static class FloatBits
{
    public const int MantissaBits = 23;

    public const int Bias = 127;

    /// <summary>
    /// Bits of the smallest normal number, and of infinity less these. Bits less the first, as an unsigned integer, are below the second for positive, normal
    /// and finite numbers alone: a smaller number wraps around, and the sign is the highest bit.
    /// </summary>
    public const int SmallestNormal = 0x00800000;

    public const uint NormalSpan = 0x7F000000;

    /// <summary>
    /// Bits of √½ rounded to float32: subtracting them before the shift makes the exponent step at √½·2^e, which centres log's polynomial on 1.
    /// </summary>
    public const int SqrtHalf = 0x3F3504F3;
}
