using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace FedPure.Data.Readers.Numpy;

/// <summary>The values of a .npy file as what they are wanted for. Memory grows with the bytes that come, and not with what the header promises.</summary>
internal sealed class NpyArray(Stream stream, string name)
{
    private const int FirstLength = 1 << 14;

    private readonly byte[] _buffer = new byte[1 << 16];

    /// <summary>Type and shape.</summary>
    public NpyHeader Header { get; } = NpyHeader.Read(stream, name);

    /// <summary>Numbers as float32; bytes become pixels, as those of IDX files.</summary>
    /// <exception cref="DataFormatException">The array is cut short, not of numbers, or has a value that float32 cannot hold.</exception>
    public float[] ReadFeatures()
    {
        RequireNumbers();
        if (Header is { Kind: 'u', ItemSize: 1 }) return ReadAll((value, _) => IdxImages.ToPixel(value[0]));
        return ReadAll((value, index) =>
        {
            double number = Number(value);
            float rounded = (float)number;
            return float.IsFinite(rounded)
                ? rounded
                : throw new DataFormatException(name, $"value {index} is {number.ToString(CultureInfo.InvariantCulture)}; features must be finite in float32.");
        });
    }

    /// <summary>Class numbers.</summary>
    /// <exception cref="DataFormatException">The array is cut short, not of whole numbers, or has a value that is no class number.</exception>
    public int[] ReadLabels()
    {
        RequireNumbers();
        return ReadAll((value, index) => Number(value) is var number && number >= 0 && number < LabelCounts.MaxClassCount && number == Math.Floor(number)
            ? (int)number
            : throw new DataFormatException(
                name,
                $"value {index} is {number.ToString(CultureInfo.InvariantCulture)}; a label is a whole number from 0 to {LabelCounts.MaxClassCount - 1}."));
    }

    /// <summary>Texts, or whole numbers as texts.</summary>
    /// <exception cref="DataFormatException">The array is cut short, or has a value that is no text.</exception>
    public string[] ReadIds() => Header.Kind switch
    {
        'U' => ReadAll(Utf32),
        'S' => ReadAll(Utf8),
        'i' or 'u' => ReadAll(
            (value, _) => Header.Kind == 'i'
                ? Int64(value).ToString(CultureInfo.InvariantCulture) : ((ulong)Int64(value)).ToString(CultureInfo.InvariantCulture)),
        _ => throw new DataFormatException(name, $"it holds values of the type {Header}; client ids are texts or whole numbers."),
    };

    private delegate T Convert<out T>(ReadOnlySpan<byte> value, int index);

    private T[] ReadAll<T>(Convert<T> convert)
    {
        int count = Header.Length, size = Header.ItemSize, filled = 0;
        var values = new T[Math.Min(count, FirstLength)];
        byte[] buffer = size <= _buffer.Length ? _buffer : new byte[size];
        int perRead = Math.Max(1, buffer.Length / Math.Max(1, size));
        while (filled < count)
        {
            int wanted = Math.Min(perRead, count - filled);
            int read = stream.ReadAtLeast(buffer.AsSpan(0, wanted * size), wanted * size, throwOnEndOfStream: false);
            if (read < wanted * size)
                throw new DataFormatException(
                    name, $"its header promises {(long)count * size} bytes of values, but it ends after {(long)filled * size + read}; the file is cut short.");
            if (filled + wanted > values.Length) Array.Resize(ref values, (int)Math.Min(count, Math.Max(filled + wanted, 2L * values.Length)));
            for (int i = 0; i < wanted; i++, filled++) values[filled] = convert(buffer.AsSpan(i * size, size), filled);
        }

        return stream.ReadByte() < 0
            ? values : throw new DataFormatException(name, $"bytes are left over after the {(long)count * size} that its header promises.");
    }

    private void RequireNumbers()
    {
        if (Header.Kind is 'U' or 'S') throw new DataFormatException(name, $"it holds texts ({Header}); numbers are needed.");
    }

    private double Number(ReadOnlySpan<byte> value) => Header.Kind switch
    {
        'i' => Int64(value),
        'u' or 'b' => (ulong)Int64(value),
        _ => Header.ItemSize switch
        {
            2 => (double)(Header.BigEndian ? BinaryPrimitives.ReadHalfBigEndian(value) : BinaryPrimitives.ReadHalfLittleEndian(value)),
            4 => Header.BigEndian ? BinaryPrimitives.ReadSingleBigEndian(value) : BinaryPrimitives.ReadSingleLittleEndian(value),
            _ => Header.BigEndian ? BinaryPrimitives.ReadDoubleBigEndian(value) : BinaryPrimitives.ReadDoubleLittleEndian(value),
        },
    };

    // Of any width, the sign extended if there is one.
    private long Int64(ReadOnlySpan<byte> value)
    {
        ulong bits = 0;
        for (int i = 0; i < value.Length; i++) bits = bits << 8 | value[Header.BigEndian ? i : value.Length - 1 - i];
        int unused = 64 - 8 * value.Length;
        return Header.Kind == 'i' ? (long)(bits << unused) >> unused : (long)bits;
    }

    private string Utf32(ReadOnlySpan<byte> value, int index)
    {
        var text = new StringBuilder();
        for (; !value.IsEmpty; value = value[4..])
        {
            int code = Header.BigEndian ? BinaryPrimitives.ReadInt32BigEndian(value) : BinaryPrimitives.ReadInt32LittleEndian(value);
            if (code == 0 && value.IndexOfAnyExcept((byte)0) < 0) break;
            if (!Rune.IsValid(code)) throw new DataFormatException(name, $"value {index} has {code:X}, which is no Unicode character.");
            text.Append(new Rune(code).ToString());
        }

        return text.ToString();
    }

    private string Utf8(ReadOnlySpan<byte> value, int index)
    {
        var text = value.TrimEnd((byte)0);
        return System.Text.Unicode.Utf8.IsValid(text)
            ? Encoding.UTF8.GetString(text) : throw new DataFormatException(name, $"value {index} is not valid UTF-8.");
    }
}
