using FedPure.Data.Random;

namespace FedPure.Learning.Optimizers;

/// <summary>
/// A learning rate that changes from round to round. Round r = 0, 1, ... has the initial rate times <see cref="Factor"/>, computed in double precision out of
/// portable operations and rounded once.
/// </summary>
public abstract record LearningRateSchedule
{
    /// <summary>What the initial rate is multiplied by in round r = 0, 1, ...; at least 0.</summary>
    public abstract double Factor(int round);

    /// <summary>The rate of round r = 0, 1, ...; at most the largest float32.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The round is negative, or the initial rate negative or not finite.</exception>
    public float RateAt(float initial, int round)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(round);
        double rate = Interval.NonNegative.Check(initial, nameof(initial)) * Factor(round);
        return rate < float.MaxValue ? (float)rate : initial == 0f ? 0f : float.MaxValue;
    }

    /// <summary>The rule with the learning rate of round r = 0, 1, ..., its own being the initial one.</summary>
    public IOptimizer Apply(IOptimizer rule, int round)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return rule.WithLearningRate(RateAt(rule.LearningRate, round));
    }
}

/// <summary>The initial rate in every round.</summary>
public sealed record ConstantSchedule : LearningRateSchedule
{
    /// <inheritdoc/>
    public override double Factor(int round) => 1;
}

/// <summary>lr·rate^r.</summary>
/// <param name="Rate">Finite, above 0.</param>
public sealed record ExponentialSchedule(double Rate) : LearningRateSchedule
{
    /// <summary>What each round multiplies the rate by.</summary>
    public double Rate { get; init => field = Interval.Positive.Check(value, nameof(Rate)); } = Interval.Positive.Check(Rate, nameof(Rate));

    /// <inheritdoc/>
    public override double Factor(int round) => PortableMath.IntegerPower(Rate, round);
}

/// <summary>lr/(1 + rate·r).</summary>
/// <param name="Rate">Finite, at least 0.</param>
public sealed record InverseSchedule(double Rate) : LearningRateSchedule
{
    /// <summary>How much each round adds to the divisor.</summary>
    public double Rate { get; init => field = Interval.NonNegative.Check(value, nameof(Rate)); } = Interval.NonNegative.Check(Rate, nameof(Rate));

    /// <inheritdoc/>
    public override double Factor(int round) => 1 / (1 + Rate * round);
}

/// <summary>
/// lr·½(1 + cos(π·min(r, rounds)/rounds)): from the initial rate to 0 in that many rounds (Loshchilov, Hutter: SGDR. ICLR 2017), the cosine within 1e-15.
/// </summary>
/// <param name="Rounds">At least 1.</param>
public sealed record CosineSchedule(int Rounds) : LearningRateSchedule
{
    /// <summary>The round whose rate is 0.</summary>
    public int Rounds { get; init => field = Interval.AtLeastOne.Check(value, nameof(Rounds)); } = Interval.AtLeastOne.Check(Rounds, nameof(Rounds));

    /// <inheritdoc/>
    public override double Factor(int round) => 0.5 * (1 + PortableMath.SinCosDegrees(180 * (Math.Min(round, Rounds) / (double)Rounds)).Cos);
}

/// <summary>lr·rate^⌊r/every⌋.</summary>
/// <param name="Every">At least 1.</param>
/// <param name="Rate">Finite, above 0.</param>
public sealed record StepSchedule(int Every, double Rate) : LearningRateSchedule
{
    /// <summary>Rounds from one change to the next.</summary>
    public int Every { get; init => field = Interval.AtLeastOne.Check(value, nameof(Every)); } = Interval.AtLeastOne.Check(Every, nameof(Every));

    /// <summary>What each change multiplies the rate by.</summary>
    public double Rate { get; init => field = Interval.Positive.Check(value, nameof(Rate)); } = Interval.Positive.Check(Rate, nameof(Rate));

    /// <inheritdoc/>
    public override double Factor(int round) => PortableMath.IntegerPower(Rate, round / Every);
}

/// <summary>lr·(1 - min(r, rounds)/rounds)^power: from the initial rate to 0 in that many rounds; a straight line at power 1.</summary>
/// <param name="Rounds">At least 1.</param>
/// <param name="Power">Finite, above 0.</param>
public sealed record PolynomialSchedule(int Rounds, double Power = 1) : LearningRateSchedule
{
    /// <summary>The round whose rate is 0.</summary>
    public int Rounds { get; init => field = Interval.AtLeastOne.Check(value, nameof(Rounds)); } = Interval.AtLeastOne.Check(Rounds, nameof(Rounds));

    /// <summary>The exponent.</summary>
    public double Power { get; init => field = Interval.Positive.Check(value, nameof(Power)); } = Interval.Positive.Check(Power, nameof(Power));

    /// <inheritdoc/>
    public override double Factor(int round)
    {
        double left = 1 - Math.Min(round, Rounds) / (double)Rounds;
        return Power == 1 || left == 0 ? left : PortableMath.Power(left, Power);
    }
}

/// <summary>lr·min(1, (r + 1)/rounds): a rise in equal steps to the initial rate, which stays from then on.</summary>
/// <param name="Rounds">At least 1.</param>
public sealed record WarmupSchedule(int Rounds) : LearningRateSchedule
{
    /// <summary>Rounds of the rise; the last of them has the full rate.</summary>
    public int Rounds { get; init => field = Interval.AtLeastOne.Check(value, nameof(Rounds)); } = Interval.AtLeastOne.Check(Rounds, nameof(Rounds));

    /// <inheritdoc/>
    public override double Factor(int round) => Math.Min(1, (round + 1.0) / Rounds);
}
