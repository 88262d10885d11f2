using System.Collections.Immutable;
using System.Text;
using System.Xml;

namespace FedPure.Reporting.Exploration;

/// <summary>What a look at one client's examples found.</summary>
/// <param name="ClientId">The client.</param>
/// <param name="LabelCounts">[classes]: how often each label occurs.</param>
public sealed record ClientSurvey(string ClientId, ImmutableArray<int> LabelCounts)
{
    // Of a longer id both ends are shown: those of one source often begin alike.
    private const int ShownLength = 40, ShownStart = 25;

    /// <summary>The id as pictures show it: shortened where it is long, with U+FFFD for what no XML file can hold, such as a control character.</summary>
    internal string ShownName
    {
        get
        {
            Rune[] id = [.. ClientId.EnumerateRunes().Select(rune => rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? Rune.ReplacementChar : rune)];
            return id.Length <= ShownLength ? string.Concat(id) : $"{string.Concat(id[..ShownStart])}…{string.Concat(id[^(ShownLength - 1 - ShownStart)..])}";
        }
    }

    /// <summary>Number of examples.</summary>
    public int ExampleCount { get; } = LabelCounts.Sum();

    /// <summary>[classes]: the share of each label; all 0 for a client without examples.</summary>
    public ImmutableArray<double> LabelShares => [.. LabelCounts.Select(count => count / Math.Max(1.0, ExampleCount))];

    /// <summary>
    /// Jensen-Shannon divergence in bits of the client's labels from those of all clients together, 0 (the same) to 1 (no label in common); 0 for a client
    /// without examples.
    /// </summary>
    public double Divergence { get; init; }

    /// <summary>[classes]: the mean image of each class as features, empty where a class has no example; default where it was not asked for.</summary>
    public ImmutableArray<ImmutableArray<float>> MeanImages { get; init; }
}

/// <summary>An example as it is shown.</summary>
/// <param name="Features">Its features.</param>
/// <param name="Label">Its class.</param>
public sealed record ShownExample(ImmutableArray<float> Features, int Label);
