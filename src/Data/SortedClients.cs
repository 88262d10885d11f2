using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace FedPure.Data;

/// <summary>
/// Something for each client, by id: two arrays in the ordinal order of the ids, since there may be a million clients and a dictionary of them would take more
/// than the ids themselves.
/// </summary>
internal sealed class SortedClients<T>
{
    private T[] _values;

    /// <summary>Takes what it is given in any order.</summary>
    /// <exception cref="ArgumentException">An id occurs twice.</exception>
    public SortedClients(IEnumerable<KeyValuePair<string, T>> clients)
    {
        ArgumentNullException.ThrowIfNull(clients);

        // Room for just as many where the number is known.
        int room = clients.TryGetNonEnumeratedCount(out int known) ? known : 0, count = 0;
        string[] ids = new string[room];
        _values = new T[room];
        bool inOrder = true;
        foreach (var (id, value) in clients)
        {
            if (count == ids.Length) Resize(Math.Max(16, 2 * count));
            inOrder = inOrder && (count == 0 || string.CompareOrdinal(ids[count - 1], id) < 0);
            (ids[count], _values[count]) = (id, value);
            count++;
        }

        Resize(count);
        if (!inOrder) Array.Sort(ids, _values, StringComparer.Ordinal);
        for (int i = 1; i < ids.Length && !inOrder; i++)
        {
            if (ids[i] == ids[i - 1]) throw new ArgumentException($"The client '{ids[i]}' is given twice.", nameof(clients));
        }

        Ids = ImmutableCollectionsMarshal.AsImmutableArray(ids);

        void Resize(int length)
        {
            Array.Resize(ref ids, length);
            Array.Resize(ref _values, length);
        }
    }

    /// <summary>The ids in ordinal order.</summary>
    public ImmutableArray<string> Ids { get; }

    /// <summary>What is known of each, in the order of the ids.</summary>
    public ReadOnlySpan<T> Values => _values;

    /// <summary>The client's place in that order, negative if there is none.</summary>
    public int IndexOf(string clientId) => Ids.AsSpan().BinarySearch(clientId, StringComparer.Ordinal);

    /// <summary>What is known of a client.</summary>
    /// <exception cref="UnknownClientException">No client has that id.</exception>
    public T this[string clientId]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(clientId);
            int index = IndexOf(clientId);
            return index >= 0 ? _values[index] : throw new UnknownClientException(clientId, Ids);
        }
    }
}
