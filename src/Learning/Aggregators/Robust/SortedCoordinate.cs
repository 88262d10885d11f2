namespace FedPure.Learning.Aggregators;

/// <summary>
/// One coordinate's values over the clients by value, equal ones by client: what weights go with needs to be known, so rows cannot be sorted whole.
/// </summary>
internal sealed class SortedCoordinate(GatheredUpdates updates)
{
    private readonly ulong[] _keys = new ulong[updates.Count];

    /// <summary>The clients in order, for the coordinate sorted last.</summary>
    public int Client(int k) => (int)(uint)_keys[k];

    public void Sort(int coordinate)
    {
        for (int client = 0; client < _keys.Length; client++)
        {
            // Adding 0 makes -0 the 0 that it equals. The bits of floats order as they do once the negative ones are inverted and the others get a top bit.
            uint bits = BitConverter.SingleToUInt32Bits(updates[client][coordinate] + 0f);
            uint ordered = (bits & 0x80000000) != 0 ? ~bits : bits | 0x80000000;
            _keys[client] = ((ulong)ordered << 32) | (uint)client;
        }

        Array.Sort(_keys);
    }
}
