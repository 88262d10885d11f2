namespace FedPure.Sqlite;

/// <summary>Fields of a message in Protocol Buffers' wire format, one after the other; unknown ones are passed over by their users.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private const int VarintType = 0, Fixed64Type = 1, LengthType = 2, Fixed32Type = 5;

    private ReadOnlySpan<byte> _rest = message;
    private int _type;

    /// <summary>Number of the field read last.</summary>
    public int Field { get; private set; }

    /// <summary>Its bytes, if it is a message, text or number of fixed width.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Its value, if it is a varint.</summary>
    public ulong Value { get; private set; }

    public readonly bool HasMore => !_rest.IsEmpty;

    /// <summary>Reads the next field; false at the end.</summary>
    /// <exception cref="TfExampleException">The message is damaged.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty) return false;
        ulong tag = Varint();
        if (tag >> 3 is 0 or > 0x1FFFFFFF) throw new TfExampleException($"has the field number {tag >> 3}");
        (Field, _type) = ((int)(tag >> 3), (int)(tag & 7));
        switch (_type)
        {
            case VarintType: Value = Varint(); break;
            case Fixed64Type: Bytes = Take(8); break;
            case LengthType: Bytes = Take(Varint()); break;
            case Fixed32Type: Bytes = Take(4); break;
            default: throw new TfExampleException($"has a field of the unknown wire type {_type}");
        }

        return true;
    }

    /// <summary>Whether the field read last is that one, and has a length: a message, text, bytes or packed numbers.</summary>
    public readonly bool IsMessage(int field) => Field == field && _type == LengthType;

    public readonly bool IsVarint(int field) => Field == field && _type == VarintType;

    public readonly bool IsFixed32(int field) => Field == field && _type == Fixed32Type;

    /// <summary>Seven bits a byte, the lowest first, at most ten bytes.</summary>
    public ulong Varint()
    {
        ulong value = 0;
        for (int i = 0; i < 10 && i < _rest.Length; i++)
        {
            value |= (ulong)(_rest[i] & 0x7F) << (7 * i);
            if (_rest[i] >= 0x80) continue;
            _rest = _rest[(i + 1)..];
            return value;
        }

        throw new TfExampleException("has a number that does not end");
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length) throw new TfExampleException($"has a field of {length} bytes where {_rest.Length} are left");
        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
