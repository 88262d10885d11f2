namespace FedPure.Tensors;

/// <summary>
/// A copy of an operand between NaN guards, which starts <c>offset</c> floats after an array's own alignment. A kernel that writes outside its operand breaks
/// a guard; one that reads outside brings a NaN into its result.
/// <code>
/// | guard: offset + 32 NaN | the operand | guard: 32 NaN |
/// </code>
/// </summary>
internal sealed class GuardedBuffer
{
    // Two vectors of the widest kind: further than any loop that overshoots by one step.
    private const int GuardLength = 32;

    private const uint GuardBits = 0x7FC0A5A5;

    private readonly float[] _memory;

    private readonly int _start, _length;

    public GuardedBuffer(ReadOnlySpan<float> values, int offset)
    {
        (_start, _length) = (GuardLength + offset, values.Length);
        _memory = new float[_start + _length + GuardLength];
        _memory.AsSpan().Fill(BitConverter.UInt32BitsToSingle(GuardBits));
        values.CopyTo(Span);
    }

    public Span<float> Span => _memory.AsSpan(_start, _length);

    /// <summary>The contents, after a look at the guards.</summary>
    public float[] Values(string what)
    {
        for (int i = 0; i < _memory.Length; i++)
        {
            bool guard = i < _start || i >= _start + _length;
            if (guard && BitConverter.SingleToUInt32Bits(_memory[i]) != GuardBits)
                Assert.Fail($"{what}: wrote to index {i - _start} of a buffer of {_length}.");
        }

        return Span.ToArray();
    }

    /// <summary>Fails if an operand that a kernel may only read was changed, or its guards were.</summary>
    public void AssertUnchanged(ReadOnlySpan<float> values, string what) => Bits.AssertSame(values, Values(what), $"{what}: an input changed");
}
