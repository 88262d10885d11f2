using System.Collections.Immutable;

namespace FedPure.Data.Readers.Leaf;

/// <summary>Finds the shape of nested lists of numbers as they go by, or checks that they have a known one: 28 lists of 28 numbers are 28×28.</summary>
internal sealed class ShapeOfLists
{
    private readonly List<int> _sizes = [], _counts = [];
    private int _innermost = -1;

    /// <summary>Starts on an example that must have the shape, or may have any if it is default.</summary>
    public void Begin(ImmutableArray<int> shape)
    {
        _sizes.Clear();
        _counts.Clear();
        if (!shape.IsDefault) _sizes.AddRange(shape);
        _innermost = shape.IsDefault ? -1 : shape.Length - 1;
    }

    /// <summary>Number of lists that are open.</summary>
    public int Depth => _counts.Count;

    /// <summary>The shape of the example that has just ended.</summary>
    public ImmutableArray<int> Shape => [.. _sizes];

    /// <summary>A list begins; false if it stands where a number should.</summary>
    public bool Open()
    {
        if (Depth > 0) _counts[^1]++;
        _counts.Add(0);
        return _innermost < 0 || Depth - 1 <= _innermost;
    }

    /// <summary>A number; false if it stands where a list should.</summary>
    public bool Number()
    {
        if (_innermost < 0) _innermost = Depth - 1;
        _counts[^1]++;
        return Depth - 1 == _innermost;
    }

    /// <summary>A list ends; false if it is empty or has another length than those before it.</summary>
    public bool Close()
    {
        int depth = Depth - 1, count = _counts[depth];
        _counts.RemoveAt(depth);
        while (_sizes.Count <= depth) _sizes.Add(0);
        if (_sizes[depth] == 0) _sizes[depth] = count;
        return count > 0 && _sizes[depth] == count;
    }
}
