namespace FedPure.Learning.Aggregators;

/// <summary>The updates of a round in the ordinal order of their client ids: at least one, all finite and of one length.</summary>
public sealed class GatheredUpdates
{
    private readonly GatheredUpdate[] _updates;

    internal GatheredUpdates(GatheredUpdate[] updates) => _updates = updates;

    /// <summary>How many there are, n.</summary>
    public int Count => _updates.Length;

    /// <summary>Parameters of each.</summary>
    public int Length => _updates[0].Update.Length;

    /// <summary>An update, by its place from 0 to n - 1.</summary>
    public ReadOnlySpan<float> this[int client] => _updates[client].Update;

    /// <summary>Whose update it is.</summary>
    public string ClientId(int client) => _updates[client].ClientId;

    /// <summary>What it weighs: above 0 and finite; 1 for a rule to which all count alike.</summary>
    public double Weight(int client) => _updates[client].Weight;

    /// <summary>Σ weight·update / Σ weight of some of them, added in double in the order of the list and rounded once.</summary>
    internal void Mean(ReadOnlySpan<int> clients, Span<float> mean)
    {
        var sum = new double[Length];
        double total = 0;
        foreach (int client in clients)
        {
            double weight = Weight(client);
            DoubleSums.AddScaled(this[client], weight, sum);
            total += weight;
        }

        for (int i = 0; i < mean.Length; i++) mean[i] = (float)(sum[i] / total);
    }
}

/// <summary>A client's update with its weight.</summary>
internal sealed record GatheredUpdate(string ClientId, float[] Update, double Weight)
{
    /// <summary>By client id; should one client have sent several, then by weight and by content: what compares equal is equal.</summary>
    public static int Compare(GatheredUpdate x, GatheredUpdate y)
    {
        int order = string.CompareOrdinal(x.ClientId, y.ClientId);
        if (order == 0) order = x.Weight.CompareTo(y.Weight);
        return order != 0 ? order : x.Update.AsSpan().SequenceCompareTo(y.Update);
    }
}
