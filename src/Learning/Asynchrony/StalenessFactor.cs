using FedPure.Data.Random;
using FedPure.Learning.Optimizers;

namespace FedPure.Learning.Asynchrony;

/// <summary>
/// What a result counts by its staleness s, the number of server updates since the model that it was trained from (Xie, Koyejo, Gupta: Asynchronous federated
/// optimization. 2019, section 5.2).
/// </summary>
public abstract record StalenessFactor
{
    /// <summary>The factor, above 0 and at most 1; 1 for s = 0.</summary>
    /// <param name="staleness">s, at least 0.</param>
    public abstract double At(int staleness);
}

/// <summary>1, however stale.</summary>
public sealed record ConstantStaleness : StalenessFactor
{
    /// <inheritdoc/>
    public override double At(int staleness) => 1;
}

/// <summary>(s + 1)^-a; a = 0.5 is 1/√(1 + s), with which FedBuff was published.</summary>
/// <param name="A">Finite, at least 0; 0 is constant.</param>
public sealed record PolynomialStaleness(double A = 0.5) : StalenessFactor
{
    /// <inheritdoc cref="PolynomialStaleness" path="/param[@name='A']"/>
    public double A { get; } = Interval.NonNegative.Check(A, nameof(A));

    /// <inheritdoc/>
    public override double At(int staleness) => PortableMath.Power(staleness + 1.0, -A);
}

/// <summary>1 up to s = b, then 1/(a·(s - b) + 1).</summary>
/// <param name="A">How fast it falls: finite, at least 0.</param>
/// <param name="B">Up to where it does not: finite, at least 0.</param>
public sealed record HingeStaleness(double A = 10, double B = 4) : StalenessFactor
{
    /// <inheritdoc cref="HingeStaleness" path="/param[@name='A']"/>
    public double A { get; } = Interval.NonNegative.Check(A, nameof(A));

    /// <inheritdoc cref="HingeStaleness" path="/param[@name='B']"/>
    public double B { get; } = Interval.NonNegative.Check(B, nameof(B));

    /// <inheritdoc/>
    public override double At(int staleness) => staleness <= B ? 1 : 1 / (A * (staleness - B) + 1);
}
