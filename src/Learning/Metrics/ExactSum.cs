namespace FedPure.Learning.Metrics;

/// <summary>
/// An exact sum of doubles (Kulisch's accumulator): every finite double is an integer multiple of 2^-1074, and the total is kept as such an integer in digits
/// of 32 bits, each in a 64-bit word so that carries can wait. Integer addition makes it independent of the order, grouping and number of workers; the total is
/// rounded once. Not safe for concurrent use: one a worker, merged at the end.
/// </summary>
internal sealed class ExactSum
{
    // 2^-1074 to 2^1024 are 2098 bits = 66 digits; one more for the lower digit's overhang and one for the sum of up to 2^31 terms.
    private const int DigitCount = 68, DigitBits = 32;

    private readonly long[] _digits = new long[DigitCount];
    private bool _nonFinite;

    public void Add(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)(bits >> 52) & 0x7FF;
        if (exponent == 0x7FF)
        {
            _nonFinite = true;
            return;
        }

        ulong mantissa = (ulong)bits & ((1UL << 52) - 1);
        if (exponent > 0) mantissa |= 1UL << 52;

        // value = mantissa·2^position units; a mantissa of 53 bits shifted by up to 31 covers at most three digits.
        int position = Math.Max(exponent - 1, 0), digit = position / DigitBits;
        UInt128 shifted = (UInt128)mantissa << (position % DigitBits);
        long sign = bits < 0 ? -1 : 1;
        _digits[digit] += sign * (long)(uint)shifted;
        _digits[digit + 1] += sign * (long)(uint)(shifted >> DigitBits);
        _digits[digit + 2] += sign * (long)(uint)(shifted >> (2 * DigitBits));
    }

    public void Merge(ExactSum other)
    {
        _nonFinite |= other._nonFinite;
        for (int i = 0; i < DigitCount; i++) _digits[i] += other._digits[i];
    }

    public void Clear()
    {
        _nonFinite = false;
        Array.Clear(_digits);
    }

    /// <summary>The total rounded once to double, ties to even; NaN if a term was not finite, ±∞ beyond the range.</summary>
    public double Round()
    {
        if (_nonFinite) return double.NaN;
        Span<long> digits = stackalloc long[DigitCount];
        bool negative = Carry(_digits, 1, digits) < 0;
        if (negative) Carry(_digits, -1, digits);
        int top = digits.LastIndexOfAnyExcept(0L);
        if (top < 0) return 0;

        // The top three digits hold at least 65 bits of the total; what is below them, or shifted out of 62, sets the last bit (rounding to odd), so that the
        // one rounding to 53 bits sees on which side of a tie the total lies.
        UInt128 head = 0;
        for (int i = 0; i < 3; i++) head = (head << DigitBits) | (uint)(top - i >= 0 ? digits[top - i] : 0);
        int shift = 66 - (int)UInt128.LeadingZeroCount(head);
        bool sticky = (head & ((UInt128.One << Math.Max(shift, 0)) - 1)) != 0 || (top >= 3 && digits[..(top - 2)].ContainsAnyExcept(0L));
        long odd = (long)(head >> Math.Max(shift, 0)) | (sticky ? 1L : 0L);
        double result = Math.ScaleB(odd, Math.Max(shift, 0) + DigitBits * (top - 2) - 1074);
        return negative ? -result : result;
    }

    // digits ← sign·source with every digit in [0, 2^32), and the carry out of the last, which is negative for a negative total.
    private static long Carry(ReadOnlySpan<long> source, long sign, Span<long> digits)
    {
        long carry = 0;
        for (int i = 0; i < DigitCount; i++)
        {
            long value = sign * source[i] + carry;
            digits[i] = value & uint.MaxValue;
            carry = value >> DigitBits;
        }

        return carry;
    }
}
