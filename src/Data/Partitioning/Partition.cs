using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace FedPure.Data.Partitioning;

/// <summary>Which rows each client has: one array of rows, cut into clients, so that a client costs four bytes beside its rows.</summary>
public sealed class Partition
{
    private readonly int[] _rows;

    // Client i has the rows from place _ends[i - 1] up to place _ends[i].
    private readonly int[] _ends;

    /// <summary>The rows of all clients one after the other, and how many each client has.</summary>
    /// <exception cref="ArgumentException">The sizes do not sum to the number of rows.</exception>
    internal Partition(int[] rows, ReadOnlySpan<int> sizes)
    {
        _rows = rows;
        _ends = new int[sizes.Length];
        int end = 0;
        for (int i = 0; i < sizes.Length; i++) _ends[i] = end += sizes[i];
        if (end != rows.Length) throw new ArgumentException($"The sizes sum to {end}, but there are {rows.Length} rows.", nameof(sizes));
    }

    /// <summary>Number of clients.</summary>
    public int ClientCount => _ends.Length;

    /// <summary>The rows of client <paramref name="client"/>, counted from 0.</summary>
    public ReadOnlyMemory<int> Rows(int client)
    {
        int start = client == 0 ? 0 : _ends[client - 1];
        return _rows.AsMemory(start, _ends[client] - start);
    }

    /// <summary>The clients as views of a table, with ids client_0, client_1, ... padded with zeros so that their ordinal order is their number's.</summary>
    /// <exception cref="ArgumentException">A row lies outside the table.</exception>
    public FederatedDataset Of(ExampleTable examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        return new FederatedDataset(
            examples, Enumerable.Range(0, ClientCount).Select(i => KeyValuePair.Create(ClientNames.Of(i, ClientCount), new RowSet(Rows(i)))));
    }

    /// <summary>SHA-256 in lower-case hexadecimal of, for each client, its number of rows and its rows, each a little-endian int32.</summary>
    public string Sha256()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int client = 0; client < ClientCount; client++)
        {
            var rows = Rows(client).Span;
            Append(hash, [rows.Length]);
            Append(hash, rows);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Lists of rows by client, each put into the order of the table.</summary>
    internal static Partition FromLists(IReadOnlyList<List<int>> clients)
    {
        foreach (var rows in clients) rows.Sort();
        return new Partition([.. clients.SelectMany(rows => rows)], [.. clients.Select(rows => rows.Count)]);
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<int> numbers)
    {
        if (BitConverter.IsLittleEndian)
        {
            hash.AppendData(MemoryMarshal.AsBytes(numbers));
            return;
        }

        Span<byte> bytes = stackalloc byte[4];
        foreach (int number in numbers)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
            hash.AppendData(bytes);
        }
    }
}
