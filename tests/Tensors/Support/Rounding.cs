namespace FedPure.Tensors;

/// <summary>The constants of rounding-error analysis in float32 (Higham, Accuracy and Stability of Numerical Algorithms, chapter 3).</summary>
internal static class Rounding
{
    /// <summary>u: the relative error of one rounding. One ulp is between u and 2u of a value.</summary>
    public const double Unit = 1.0 / (1 << 24);

    /// <summary>2^-149. A rounding to a subnormal errs by at most half of it.</summary>
    public const double Smallest = 1.401298464324817e-45;

    private const double DoubleUnit = 1.1102230246251565e-16;

    /// <summary>γ_n = n·u/(1 - n·u): the relative error of a product of n factors (1 + δ), |δ| ≤ u, or of their reciprocals.</summary>
    public static double Gamma(double n) => n * Unit / (1 - n * Unit);

    /// <summary>
    /// Bound for a sum of <paramref name="terms"/> products of which each goes through at most <paramref name="roundings"/> roundings, its own included:
    /// γ·Σ|x·y|, half an ulp of a subnormal for each product and each sum, and what the double-precision reference itself may be off by.
    /// </summary>
    public static double SumBound(int roundings, int terms, double magnitude) =>
        Gamma(roundings) * magnitude + terms * Smallest + terms * magnitude * DoubleUnit;
}
