using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using FedPure.Data;

namespace FedPure.Sqlite;

/// <summary>
/// Serializes examples as TensorFlow Federated does: features in the order of their names, float32 as a packed FloatList, class numbers as a packed Int64List.
/// </summary>
internal sealed class TfExampleWriter(ElementSpec element)
{
    private const byte LengthType = 2;

    private readonly ArrayBufferWriter<byte> _values = new(), _list = new(), _feature = new(), _entry = new(), _entries = new(), _example = new();

    /// <summary>The bytes of one example; valid until the next.</summary>
    public ReadOnlySpan<byte> Write(ReadOnlySpan<float> features, int label)
    {
        _entries.ResetWrittenCount();
        foreach (var field in element.Fields)
        {
            _values.ResetWrittenCount();
            if (field.Type == ElementType.Float32) AddFloats(features);
            else AddVarint(_values, (ulong)label);
            AddEntry(field.Name, field.Type == ElementType.Float32 ? TfListKind.Float : TfListKind.Int64);
        }

        _example.ResetWrittenCount();
        AddMessage(_example, 1, _entries.WrittenSpan);
        return _example.WrittenSpan;
    }

    private void AddFloats(ReadOnlySpan<float> values)
    {
        var bytes = _values.GetSpan(4 * values.Length);
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes[(4 * i)..], values[i]);
        _values.Advance(4 * values.Length);
    }

    // Entry { string key = 1; Feature value = 2 }, and inside the feature the list, and inside the list its values.
    private void AddEntry(string name, TfListKind kind)
    {
        foreach (var buffer in (ReadOnlySpan<ArrayBufferWriter<byte>>)[_list, _feature, _entry]) buffer.ResetWrittenCount();
        AddMessage(_list, 1, _values.WrittenSpan);
        AddMessage(_feature, (int)kind, _list.WrittenSpan);
        AddMessage(_entry, 1, Encoding.UTF8.GetBytes(name));
        AddMessage(_entry, 2, _feature.WrittenSpan);
        AddMessage(_entries, 1, _entry.WrittenSpan);
    }

    private static void AddMessage(ArrayBufferWriter<byte> target, int field, ReadOnlySpan<byte> bytes)
    {
        AddByte(target, (byte)(field << 3 | LengthType));
        AddVarint(target, (ulong)bytes.Length);
        target.Write(bytes);
    }

    private static void AddVarint(ArrayBufferWriter<byte> target, ulong value)
    {
        for (; value >= 0x80; value >>= 7) AddByte(target, (byte)(value | 0x80));
        AddByte(target, (byte)value);
    }

    private static void AddByte(ArrayBufferWriter<byte> target, byte value)
    {
        target.GetSpan(1)[0] = value;
        target.Advance(1);
    }
}
