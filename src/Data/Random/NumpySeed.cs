using System.Collections.Immutable;

namespace FedPure.Data.Random;

/// <summary>A seed of <see cref="NumpyRandomState"/>: a number from 0 to 2^32 - 1, or a list of such, which is another seed than its only number.</summary>
public readonly struct NumpySeed
{
    private readonly uint _number;
    private readonly ImmutableArray<uint> _list;

    private NumpySeed(uint number, ImmutableArray<uint> list) => (_number, _list) = (number, list);

    /// <summary>RandomState(number).</summary>
    public static implicit operator NumpySeed(uint number) => FromNumber(number);

    /// <summary>RandomState([a, b, ...]).</summary>
    public static implicit operator NumpySeed(uint[] list) => FromList(list);

    /// <summary>RandomState(number).</summary>
    public static NumpySeed FromNumber(uint number) => new(number, default);

    /// <summary>RandomState([a, b, ...]).</summary>
    /// <exception cref="ArgumentException">The list is empty.</exception>
    public static NumpySeed FromList(ReadOnlySpan<uint> list) =>
        list.IsEmpty ? throw new ArgumentException("A seed that is a list needs at least one number.", nameof(list)) : new(0, [.. list]);

    /// <summary>A generator that starts from this seed.</summary>
    public NumpyRandomState CreateState() => _list.IsDefault ? new NumpyRandomState(_number) : new NumpyRandomState(_list.AsSpan());
}
