using System.Runtime.CompilerServices;

namespace FedPure.Tensors;

public class AlignedMemoryTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(784)]
    [InlineData(100_003)]
    public void MemoryStartsAtACacheLineAndIsZero(int length)
    {
        for (int i = 0; i < 20; i++)
        {
            var memory = AlignedMemory.Allocate(length);
            Assert.Equal(length, memory.Length);
            Assert.False(memory.Span.ContainsAnyExcept(0f));

            // The last bits of the address, from the distance to a reference at address 0.
            if (length > 0) Assert.Equal(0, Unsafe.ByteOffset(ref Unsafe.NullRef<float>(), ref memory.Span[0]) % 64);
        }
    }

    [Fact]
    public void NegativeLengthsAreRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => AlignedMemory.Allocate(-1));
}
