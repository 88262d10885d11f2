namespace FedPure.Tensors;

/// <summary>Errors in units of the last place of float32.</summary>
internal static class Ulps
{
    // Halfway between the largest float32 and 2^128: from here on a correct rounding gives ∞.
    private const double RoundsToInfinity = 3.4028235677973366e38;

    /// <summary>|actual - exact| over the ulp of exact's binade, which is 2^-149 for subnormals. Beyond float32 only the infinity itself will do.</summary>
    public static double Error(double exact, float actual)
    {
        if (double.IsNaN(exact)) return float.IsNaN(actual) ? 0 : double.PositiveInfinity;
        if (Math.Abs(exact) >= RoundsToInfinity || exact == 0) return actual == (float)exact ? 0 : double.PositiveInfinity;
        double error = Math.Abs(actual - exact) / Math.ScaleB(1, Math.Max(Math.ILogB(exact) - 23, -149));
        return double.IsNaN(error) ? double.PositiveInfinity : error;
    }
}
