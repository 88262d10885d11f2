using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using FedPure.Data;

namespace FedPure.Reporting.Exploration;

/// <summary>
/// SHA-256 over clients as they are read: of each the length of its id and its number of examples, its id in UTF-8, then of each example its label and its
/// features; all little-endian.
/// </summary>
internal sealed class DataHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Add(ClientDataset client)
    {
        byte[] id = Encoding.UTF8.GetBytes(client.ClientId), head = new byte[2 * sizeof(int)], example = new byte[(1 + client.FeatureCount) * sizeof(float)];
        BinaryPrimitives.WriteInt32LittleEndian(head, id.Length);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(sizeof(int)), client.Count);
        _hash.AppendData(head);
        _hash.AppendData(id);
        for (int i = 0; i < client.Count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(example, client.Label(i));
            var features = client.Features(i);
            for (int j = 0; j < features.Length; j++) BinaryPrimitives.WriteSingleLittleEndian(example.AsSpan((1 + j) * sizeof(float)), features[j]);
            _hash.AppendData(example);
        }
    }

    /// <summary>In lower-case hexadecimal; begins anew.</summary>
    public string Complete() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}
