using System.Collections.Immutable;

namespace FedPure.Cli.Output;

/// <summary>
/// The course of a quantity over any number of steps in a bounded number of values: when they are full, neighbours become their mean, and later values stand
/// for twice as many steps.
/// </summary>
internal sealed class CurveHistory
{
    /// <summary>The most values kept, an even number; more than any window shows.</summary>
    public const int Capacity = 64;

    private readonly List<double> _values = new(Capacity);
    private double _sum;
    private int _count, _stepsPerValue = 1;

    /// <summary>Adds a step.</summary>
    public void Add(double value)
    {
        _sum += value;
        if (++_count < _stepsPerValue) return;
        _values.Add(_sum / _count);
        (_sum, _count) = (0, 0);
        if (_values.Count < Capacity) return;
        for (int i = 0; i < Capacity / 2; i++) _values[i] = (_values[2 * i] + _values[2 * i + 1]) / 2;
        _values.RemoveRange(Capacity / 2, Capacity / 2);
        _stepsPerValue *= 2;
    }

    /// <summary>The values so far; the last one may stand for fewer steps than the others.</summary>
    public ImmutableArray<double> Values => _count == 0 ? [.. _values] : [.. _values, _sum / _count];
}
