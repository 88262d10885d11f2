using System.Buffers.Binary;
using System.Text;
using Microsoft.Data.Sqlite;

namespace FedPure.Sqlite;

/// <summary>
/// A second reader, which shares nothing with src/Sqlite: the statements that TensorFlow Federated's SqlClientData makes, ids put into the text and no order
/// asked for, and tf.train.Example decoded into objects straight from the wire format's description (protobuf.dev, Encoding).
/// </summary>
internal sealed class UpstreamReader : IDisposable
{
    private readonly SqliteConnection _connection;

    public UpstreamReader(string path)
    {
        _connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=false");
        _connection.Open();
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>The first column of a query's rows.</summary>
    public List<object> Column(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var values = new List<object>();
        while (reader.Read()) values.Add(reader.GetValue(0));
        return values;
    }

    /// <summary>The ids of a split, sorted as Python sorts texts.</summary>
    public string[] ClientIds(string split) =>
        [.. Column($"SELECT DISTINCT client_id FROM client_metadata WHERE split_name = '{split}'").Cast<string>().Order(StringComparer.Ordinal)];

    /// <summary>A client's examples: for each feature its float32 or int64 values.</summary>
    public List<Dictionary<string, Array>> Examples(string clientId, string split) =>
        [.. Column($"SELECT serialized_example_proto FROM examples WHERE client_id = '{clientId}' AND split_name = '{split}'").Select(row => Example((byte[])row))];

    // Example.features = 1, Features.feature = 1 (a map: entries of key = 1 and value = 2).
    private static Dictionary<string, Array> Example(byte[] bytes)
    {
        var features = new Dictionary<string, Array>();
        foreach (byte[] entry in Fields(Single(bytes, 1)).Select(field => Assert.IsType<byte[]>(field.Value)))
            features.Add(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Single(entry, 1)), Values(Single(entry, 2)));
        return features;
    }

    // Feature.float_list = 2 or int64_list = 3, each with repeated value = 1, which proto3 packs.
    private static Array Values(byte[] feature)
    {
        var (number, list) = Assert.Single(Fields(feature));
        byte[] packed = Single(Assert.IsType<byte[]>(list), 1);
        if (number == 2) return packed.Chunk(4).Select(four => BinaryPrimitives.ReadSingleLittleEndian(four)).ToArray();
        Assert.Equal(3, number);
        var values = new List<long>();
        for (int at = 0; at < packed.Length;) values.Add((long)Varint(packed, ref at));
        return values.ToArray();
    }

    private static byte[] Single(byte[] message, int number)
    {
        var field = Assert.Single(Fields(message), field => field.Number == number);
        return Assert.IsType<byte[]>(field.Value);
    }

    private static List<(int Number, object Value)> Fields(byte[] message)
    {
        var fields = new List<(int, object)>();
        for (int at = 0; at < message.Length;)
        {
            ulong tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    fields.Add(((int)(tag >> 3), Varint(message, ref at)));
                    break;
                case 2:
                    int length = (int)Varint(message, ref at);
                    fields.Add(((int)(tag >> 3), message[at..(at + length)]));
                    at += length;
                    break;
                default:
                    Assert.Fail($"An Example has no field of the wire type {tag & 7}.");
                    break;
            }
        }

        return fields;
    }

    private static ulong Varint(byte[] bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[at++];
            value |= (ulong)(next & 127) << shift;
            if (next < 128) return value;
        }
    }
}
