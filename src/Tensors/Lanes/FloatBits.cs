namespace FedPure.Tensors.Lanes;

/// <summary>The layout of an IEEE 754 binary32: 1 sign bit, 8 exponent bits with bias 127, 23 mantissa bits.</summary>
internal static class FloatBits
{
    public const int MantissaBits = 23;

    public const int Bias = 127;

    /// <summary>Bits of √½ rounded to float32: subtracting them before the shift makes the exponent step at √½·2^e, which centres log's polynomial on 1.</summary>
    public const int SqrtHalf = 0x3F3504F3;
}
