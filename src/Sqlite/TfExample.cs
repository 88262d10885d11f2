using System.Buffers.Binary;

namespace FedPure.Sqlite;

/// <summary>What the list of a feature holds.</summary>
internal enum TfListKind
{
    Empty = 0,
    Bytes = 1,
    Float = 2,
    Int64 = 3,
}

/// <summary>A feature of a tf.train.Example: its name, and its list as serialized.</summary>
internal readonly ref struct TfFeature(ReadOnlySpan<byte> name, TfListKind kind, ReadOnlySpan<byte> list)
{
    public ReadOnlySpan<byte> Name { get; } = name;

    public TfListKind Kind { get; } = kind;

    /// <summary>The message BytesList, FloatList or Int64List.</summary>
    public ReadOnlySpan<byte> List { get; } = list;
}

/// <summary>A message that is no tf.train.Example; the text is a clause without a subject, such as "ends inside a field".</summary>
internal sealed class TfExampleException(string reason) : Exception(reason);

/// <summary>
/// Reads a serialized tf.train.Example without an object for any of its parts. Example { Features features = 1 }, Features { map&lt;string, Feature&gt; feature
/// = 1 }, Feature { one of BytesList = 1, FloatList = 2, Int64List = 3 }, each list { repeated value = 1 }, numbers packed or not.
/// </summary>
internal ref struct TfExampleReader(ReadOnlySpan<byte> example)
{
    private ProtobufReader _example = new(example), _features;

    public bool Read(out TfFeature feature)
    {
        while (true)
        {
            while (_features.Next())
            {
                if (_features.IsMessage(1))
                {
                    feature = Entry(_features.Bytes);
                    return true;
                }
            }

            if (!_example.Next())
            {
                feature = default;
                return false;
            }

            if (_example.IsMessage(1)) _features = new ProtobufReader(_example.Bytes);
        }
    }

    /// <summary>Writes the values of a FloatList, and returns how many there are; those beyond the end of <paramref name="values"/> are counted only.</summary>
    public static int Floats(ReadOnlySpan<byte> list, Span<float> values)
    {
        int count = 0;
        for (var reader = new ProtobufReader(list); reader.Next();)
        {
            if (reader.IsMessage(1))
            {
                if (reader.Bytes.Length % 4 != 0) throw new TfExampleException("has a list of float32 values that is no multiple of four bytes long");
                for (var packed = reader.Bytes; !packed.IsEmpty; packed = packed[4..], count++)
                {
                    if (count < values.Length) values[count] = BinaryPrimitives.ReadSingleLittleEndian(packed);
                }
            }
            else if (reader.IsFixed32(1))
            {
                if (count < values.Length) values[count] = BinaryPrimitives.ReadSingleLittleEndian(reader.Bytes);
                count++;
            }
        }

        return count;
    }

    /// <summary>The same for an Int64List.</summary>
    public static int Int64s(ReadOnlySpan<byte> list, Span<long> values)
    {
        int count = 0;
        for (var reader = new ProtobufReader(list); reader.Next();)
        {
            if (reader.IsMessage(1))
            {
                for (var packed = new ProtobufReader(reader.Bytes); packed.HasMore; count++)
                {
                    long value = (long)packed.Varint();
                    if (count < values.Length) values[count] = value;
                }
            }
            else if (reader.IsVarint(1))
            {
                if (count < values.Length) values[count] = (long)reader.Value;
                count++;
            }
        }

        return count;
    }

    private static TfFeature Entry(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> name = [], list = [];
        var kind = TfListKind.Empty;
        for (var entry = new ProtobufReader(bytes); entry.Next();)
        {
            if (entry.IsMessage(1)) name = entry.Bytes;
            if (!entry.IsMessage(2)) continue;
            for (var value = new ProtobufReader(entry.Bytes); value.Next();)
            {
                if (!value.IsMessage(1) && !value.IsMessage(2) && !value.IsMessage(3)) continue;
                kind = (TfListKind)value.Field;
                list = value.Bytes;
            }
        }

        return new TfFeature(name, kind, list);
    }
}
