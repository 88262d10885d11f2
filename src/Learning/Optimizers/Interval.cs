using System.Numerics;

namespace FedPure.Learning.Optimizers;

/// <summary>Where a number may lie. A NaN lies nowhere.</summary>
internal sealed record Interval(string Text, Predicate<double> Contains)
{
    /// <summary>Learning rates, epsilons, decay rates.</summary>
    public static Interval NonNegative { get; } = new("finite and at least 0", value => double.IsFinite(value) && value >= 0);

    /// <summary>Thresholds and factors that divide or multiply.</summary>
    public static Interval Positive { get; } = new("finite and above 0", value => double.IsFinite(value) && value > 0);

    /// <summary>The weight of the past in a running mean; at 1 it would never learn anything.</summary>
    public static Interval BelowOne { get; } = new("at least 0 and below 1", value => value is >= 0 and < 1);

    /// <summary>What is cut at each of two ends.</summary>
    public static Interval BelowHalf { get; } = new("at least 0 and below 0.5", value => value is >= 0 and < 0.5);

    /// <summary>What is kept of a whole.</summary>
    public static Interval Fraction { get; } = new("above 0 and at most 1", value => value is > 0 and <= 1);

    /// <summary>Exponents of a decay to nothing, no faster than 1/t.</summary>
    public static Interval Decaying { get; } = new("at least -1 and below 0", value => value is >= -1 and < 0);

    /// <summary>No or yes.</summary>
    public static Interval Flag { get; } = new("0 or 1", value => value is 0 or 1);

    /// <summary>Counts of rounds.</summary>
    public static Interval AtLeastOne { get; } = new("at least 1", value => value >= 1);

    /// <summary>The value, if it lies here.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It does not.</exception>
    public T Check<T>(T value, string name) where T : INumber<T> =>
        Contains(double.CreateChecked(value)) ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be {Text}.");
}
