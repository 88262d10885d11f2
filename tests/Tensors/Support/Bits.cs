namespace FedPure.Tensors;

/// <summary>Comparison bit for bit. A NaN equals any other: which payload survives an operation differs between instruction sets and means nothing.</summary>
internal static class Bits
{
    public static bool Same(float x, float y) => BitConverter.SingleToInt32Bits(x) == BitConverter.SingleToInt32Bits(y) || (float.IsNaN(x) && float.IsNaN(y));

    public static bool Same(double x, double y) =>
        BitConverter.DoubleToInt64Bits(x) == BitConverter.DoubleToInt64Bits(y) || (double.IsNaN(x) && double.IsNaN(y));

    public static void AssertSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        if (expected.Length != actual.Length) Assert.Fail($"{what}: {expected.Length} elements expected, {actual.Length} found.");
        for (int i = 0; i < expected.Length; i++)
        {
            if (!Same(expected[i], actual[i])) Assert.Fail($"{what}: element {i} is {Show(actual[i])}, expected {Show(expected[i])}.");
        }
    }

    public static void AssertSame(double expected, double actual, string what)
    {
        if (!Same(expected, actual)) Assert.Fail($"{what}: {actual:R}, expected {expected:R}.");
    }

    private static string Show(float x) => $"{x:R} (0x{BitConverter.SingleToUInt32Bits(x):x8})";
}
