using FsCheck;
using FsCheck.Fluent;

namespace FedPure.Tensors;

/// <summary>Updates of equal length with their weights, and how the sum of them is asked for.</summary>
public sealed record Cohort(float[][] Updates, double[] Weights)
{
    public int Length => Updates.Length == 0 ? 0 : Updates[0].Length;

    public override string ToString() => string.Join("; ", Weights.Zip(Updates, (w, u) => $"{w:R} × [{string.Join(", ", u.Select(x => $"{x:R}"))}]"));
}

/// <summary>Cohorts for FsCheck, in which any finite values may stand as long as no product reaches the limit of 2^31.</summary>
public static class AnyCohort
{
    public static Arbitrary<Cohort> Cohort() => CohortShrinker.With(
        from bits in Gen.Choose(int.MinValue, int.MaxValue)
        let value = BitConverter.Int32BitsToSingle(bits)
        select Math.Abs(value) < 512f ? value : 1f / value is var inverse && float.IsFinite(inverse) ? inverse : 0f,
        from numerator in Gen.Choose(1, int.MaxValue)
        from scale in Gen.Choose(-40, -9)
        select Math.ScaleB(numerator, scale));
}

/// <summary>Cohorts whose products are exact: v in {0} ∪ ±[2^-36, 2^8] and integer weights up to 2^12.</summary>
public static class ExactCohort
{
    public static Arbitrary<Cohort> Cohort() => CohortShrinker.With(
        from zero in Gen.Choose(0, 9)
        from negative in Gen.Choose(0, 1)
        from mantissa in Gen.Choose(1 << 23, (1 << 24) - 1)
        from exponent in Gen.Choose(-36 - 23, 7 - 23)
        select zero == 0 ? 0f : MathF.ScaleB(negative == 0 ? mantissa : -mantissa, exponent),
        from weight in Gen.Choose(1, 1 << 12)
        select (double)weight);
}

/// <summary>Makes a failing cohort smaller: fewer clients, fewer coordinates, then zeros and small integers.</summary>
internal static class CohortShrinker
{
    private const int MaxClients = 12, MaxLength = 37;

    public static Arbitrary<Cohort> With(Gen<float> value, Gen<double> weight) => Arb.From(
        from clients in Gen.Choose(1, MaxClients)
        from length in Gen.Choose(1, MaxLength)
        from updates in Gen.ArrayOf(Gen.ArrayOf(value, length), clients)
        from weights in Gen.ArrayOf(weight, clients)
        select new Cohort(updates, weights),
        Shrink);

    private static IEnumerable<Cohort> Shrink(Cohort cohort)
    {
        for (int i = 0; i < cohort.Updates.Length && cohort.Updates.Length > 1; i++)
            yield return new(Without(cohort.Updates, i), Without(cohort.Weights, i));
        for (int j = 0; j < cohort.Length && cohort.Length > 1; j++)
            yield return cohort with { Updates = [.. cohort.Updates.Select(update => Without(update, j))] };
        for (int i = 0; i < cohort.Updates.Length; i++)
        {
            if (cohort.Weights[i] != 1) yield return cohort with { Weights = With(cohort.Weights, i, 1) };
            for (int j = 0; j < cohort.Length; j++)
            {
                float x = cohort.Updates[i][j];
                if (x != 0f) yield return cohort with { Updates = With(cohort.Updates, i, With(cohort.Updates[i], j, 0f)) };
                if (x is not (0f or 1f)) yield return cohort with { Updates = With(cohort.Updates, i, With(cohort.Updates[i], j, 1f)) };
            }
        }
    }

    private static T[] Without<T>(T[] items, int index) => [.. items[..index], .. items[(index + 1)..]];

    private static T[] With<T>(T[] items, int index, T item) => [.. items[..index], item, .. items[(index + 1)..]];
}
