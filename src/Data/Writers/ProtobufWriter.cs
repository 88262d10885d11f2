using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace FedPure.Data.Writers;

/// <summary>Builds a message in Protocol Buffers' wire format, field after field in the order of the calls.</summary>
internal sealed class ProtobufWriter
{
    private const int VarintType = 0, Fixed64Type = 1, LengthType = 2;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>The message so far; valid until the next call.</summary>
    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    /// <summary>Starts a new message in the same memory.</summary>
    public void Clear() => _bytes.ResetWrittenCount();

    /// <summary>A whole number or an enum's.</summary>
    public void Varint(int field, ulong value)
    {
        Tag(field, VarintType);
        Varint(value);
    }

    /// <summary>A double.</summary>
    public void Double(int field, double value)
    {
        Tag(field, Fixed64Type);
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.GetSpan(8), value);
        _bytes.Advance(8);
    }

    /// <summary>Text, as UTF-8.</summary>
    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Bytes, packed numbers, or a message serialized before.</summary>
    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, LengthType);
        Varint((ulong)value.Length);
        _bytes.Write(value);
    }

    /// <summary>A message that <paramref name="write"/> fills.</summary>
    public void Message(int field, Action<ProtobufWriter> write)
    {
        var message = new ProtobufWriter();
        write(message);
        Bytes(field, message.Written);
    }

    /// <summary>float32 numbers without a field, as packed ones are.</summary>
    public void Packed(ReadOnlySpan<float> values)
    {
        var bytes = _bytes.GetSpan(4 * values.Length);
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes[(4 * i)..], values[i]);
        _bytes.Advance(4 * values.Length);
    }

    /// <summary>A whole number without a field, as packed ones are: seven bits a byte, the lowest first.</summary>
    public void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7) Byte((byte)(value | 0x80));
        Byte((byte)value);
    }

    private void Tag(int field, int type) => Varint((ulong)(field << 3 | type));

    private void Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }
}
