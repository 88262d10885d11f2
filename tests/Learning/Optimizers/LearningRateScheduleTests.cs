namespace FedPure.Learning.Optimizers;

/// <summary>Schedules against System.Math in double precision, rounded once.</summary>
public class LearningRateScheduleTests
{
    public static TheoryData<LearningRateSchedule, Func<int, double>> Schedules => new()
    {
        { new ConstantSchedule(), _ => 1 },
        { new ExponentialSchedule(0.7), r => Math.Pow(0.7, r) },
        { new ExponentialSchedule(1.01), r => Math.Pow(1.01, r) },
        { new InverseSchedule(0.3), r => 1 / (1 + 0.3 * r) },
        { new InverseSchedule(0), _ => 1 },
        { new CosineSchedule(17), r => 0.5 * (1 + Math.Cos(Math.PI * Math.Min(r, 17) / 17)) },
        { new CosineSchedule(1), r => r == 0 ? 1 : 0 },
        { new StepSchedule(10, 0.5), r => Math.Pow(0.5, r / 10) },
        { new PolynomialSchedule(20), r => 1 - Math.Min(r, 20) / 20.0 },
        { new PolynomialSchedule(20, 1.5), r => Math.Pow(1 - Math.Min(r, 20) / 20.0, 1.5) },
        { new WarmupSchedule(5), r => Math.Min(1, (r + 1) / 5.0) },
    };

    [Theory, MemberData(nameof(Schedules))]
    public void RatesAreTheFormulaRoundedOnce(LearningRateSchedule schedule, Func<int, double> factor)
    {
        foreach (float initial in (float[])[0f, 0.02f, 1f])
        {
            for (int round = 0; round < 60; round++)
            {
                double exact = initial * factor(round);
                Assert.True(Math.Abs(schedule.RateAt(initial, round) - exact) <= Math.ScaleB(exact, -24) + 1e-17, $"{schedule} in round {round}");
            }
        }
    }

    [Fact]
    public void AGrowingRateEndsAtTheLargestFloat()
    {
        Assert.Equal(float.MaxValue, new ExponentialSchedule(10).RateAt(1f, 100));
        Assert.Equal(float.MaxValue, new ExponentialSchedule(10).RateAt(1f, int.MaxValue));
        Assert.Equal(0f, new ExponentialSchedule(10).RateAt(0f, int.MaxValue));
        Assert.Equal(0f, new ExponentialSchedule(0.9).RateAt(1f, int.MaxValue));
    }

    [Fact]
    public void NumbersOutsideTheirRangeAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExponentialSchedule(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExponentialSchedule(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new InverseSchedule(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CosineSchedule(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepSchedule(0, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepSchedule(1, -0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PolynomialSchedule(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WarmupSchedule(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConstantSchedule().RateAt(0.1f, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConstantSchedule().RateAt(-0.1f, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CosineSchedule(10) with { Rounds = -1 });
    }
}
