using System.Globalization;
using System.Text;
using FedPure.Data.Writers;

namespace FedPure.Reporting.TensorBoard;

/// <summary>tensorflow.TensorProto messages, in the forms that the summary API gives them.</summary>
internal static class TensorProto
{
    /// <summary>DT_FLOAT, DT_DOUBLE.</summary>
    public const int Float32 = 1, Float64 = 2;

    private const int String = 7, TypeField = 1, ShapeField = 2, ContentField = 4, FloatValueField = 5, StringValueField = 8;

    /// <summary>What stands where a value has to but there is none: one float32 of 0.</summary>
    public static ProtobufWriter Null
    {
        get
        {
            var tensor = Begin(Float32, [1]);
            tensor.Bytes(FloatValueField, new byte[4]);
            return tensor;
        }
    }

    /// <summary>Numbers by their little-endian bytes.</summary>
    public static ProtobufWriter OfContent(int type, ReadOnlySpan<int> shape, ReadOnlySpan<byte> content)
    {
        var tensor = Begin(type, shape);
        tensor.Bytes(ContentField, content);
        return tensor;
    }

    /// <summary>Strings of bytes.</summary>
    public static ProtobufWriter OfStrings(ReadOnlySpan<int> shape, IEnumerable<byte[]> values)
    {
        var tensor = Begin(String, shape);
        foreach (byte[] value in values) tensor.Bytes(StringValueField, value);
        return tensor;
    }

    /// <summary>A number as decimal text.</summary>
    public static byte[] Decimal(int value) => Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture));

    private static ProtobufWriter Begin(int type, ReadOnlySpan<int> shape)
    {
        var tensor = new ProtobufWriter();
        tensor.Varint(TypeField, (ulong)type);
        int[] sizes = shape.ToArray();
        tensor.Message(ShapeField, message =>
        {
            foreach (int size in sizes) message.Message(2, dimension => dimension.Varint(1, (ulong)size));
        });
        return tensor;
    }
}
