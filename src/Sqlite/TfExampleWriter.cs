using FedPure.Data;
using FedPure.Data.Writers;

namespace FedPure.Sqlite;

/// <summary>
/// Serializes examples as TensorFlow Federated does: features in the order of their names, float32 as a packed FloatList, class numbers as a packed Int64List.
/// </summary>
internal sealed class TfExampleWriter(ElementSpec element)
{
    private readonly ProtobufWriter _values = new(), _list = new(), _feature = new(), _entry = new(), _entries = new(), _example = new();

    /// <summary>The bytes of one example; valid until the next.</summary>
    public ReadOnlySpan<byte> Write(ReadOnlySpan<float> features, int label)
    {
        _entries.Clear();
        foreach (var field in element.Fields)
        {
            _values.Clear();
            if (field.Type == ElementType.Float32) _values.Packed(features);
            else _values.Varint((ulong)label);
            AddEntry(field.Name, field.Type == ElementType.Float32 ? TfListKind.Float : TfListKind.Int64);
        }

        _example.Clear();
        _example.Bytes(1, _entries.Written);
        return _example.Written;
    }

    // Entry { string key = 1; Feature value = 2 }, and inside the feature the list, and inside the list its values.
    private void AddEntry(string name, TfListKind kind)
    {
        foreach (var buffer in (ReadOnlySpan<ProtobufWriter>)[_list, _feature, _entry]) buffer.Clear();
        _list.Bytes(1, _values.Written);
        _feature.Bytes((int)kind, _list.Written);
        _entry.Text(1, name);
        _entry.Bytes(2, _feature.Written);
        _entries.Bytes(1, _entry.Written);
    }
}
