using System.Runtime.CompilerServices;

namespace FedPure.Data.Partitioning;

/// <summary>What every partitioner asks of its numbers.</summary>
internal static class ClientCounts
{
    /// <summary>That each client can have at least <paramref name="least"/> examples.</summary>
    public static void Check(int clients, int examples, int least = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(clients);
        ArgumentOutOfRangeException.ThrowIfNegative(least);
        if ((long)clients * least <= examples) return;
        string each = least == 1 ? "one" : $"{least}";
        throw new ArgumentException($"{examples} examples cannot be spread over {clients} clients with at least {each} each.", nameof(examples));
    }

    /// <summary>That a parameter of a distribution is positive and finite.</summary>
    public static void CheckPositive(double value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (!(value > 0) || double.IsPositiveInfinity(value)) throw new ArgumentOutOfRangeException(name, value, "It must be positive and finite.");
    }

    /// <summary>Sizes that differ by at most one, the larger first.</summary>
    public static int[] Equal(int parts, int total) => [.. Enumerable.Range(0, parts).Select(part => total / parts + (part < total % parts ? 1 : 0))];
}
