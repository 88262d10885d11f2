using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace FedPure.Data.Readers.Numpy;

/// <summary>
/// The header of a .npy file (NumPy Enhancement Proposal 1): the magic, a version, a length, and a Python dictionary with the keys descr, fortran_order and
/// shape.
/// </summary>
/// <param name="Kind">f, i, u, b, U or S.</param>
/// <param name="ItemSize">Bytes of one value.</param>
/// <param name="BigEndian">Whether the bytes of a value come the other way round.</param>
/// <param name="Shape">Empty for a single value.</param>
internal sealed record NpyHeader(char Kind, int ItemSize, bool BigEndian, ImmutableArray<int> Shape)
{
    private const int Preamble = 8;

    // A plain array's is below 200 bytes.
    private const int LongestText = 1 << 16;

    private const int LongestString = 1 << 16;

    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Number of values.</summary>
    public int Length => Shape.Aggregate(1, (product, size) => product * size);

    public override string ToString() => $"{(BigEndian ? ">" : "<")}{Kind}{ItemSize}[{string.Join(',', Shape)}]";

    /// <summary>Reads a header; the values follow in the stream.</summary>
    /// <exception cref="DataFormatException">It is damaged, or of an array that is not read.</exception>
    public static NpyHeader Read(Stream stream, string name)
    {
        Span<byte> start = stackalloc byte[Preamble];
        if (stream.ReadAtLeast(start, Preamble, throwOnEndOfStream: false) < Preamble || !start.StartsWith(Magic))
            throw new DataFormatException(name, "it does not start with the magic of a .npy file, 93 4E 55 4D 50 59.");
        int lengthBytes =
            start[6] switch { 1 => 2, 2 or 3 => 4, var version => throw new DataFormatException(name, $"its version {version} at byte 6 is unknown.") };
        Span<byte> lengthField = stackalloc byte[4];
        lengthField.Clear();
        if (stream.ReadAtLeast(lengthField[..lengthBytes], lengthBytes, throwOnEndOfStream: false) < lengthBytes)
            throw new DataFormatException(name, "it ends inside its header.");
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(lengthField);
        if (length > LongestText)
            throw new DataFormatException(name, $"its header at byte 8 claims {length} bytes; an array of numbers or texts has fewer than {LongestText}.");
        byte[] text = new byte[length];
        if (stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false) < text.Length)
            throw new DataFormatException(name, $"it ends inside the {length} bytes of its header.");
        return Parse(name, Encoding.Latin1.GetString(text));
    }

    /// <summary>A header of version 1.0, padded so that values start at a multiple of 64.</summary>
    public byte[] ToBytes()
    {
        string shape = Shape.Length == 1 ? $"{Shape[0]}," : string.Join(", ", Shape);
        string size = (Kind == 'U' ? ItemSize / 4 : ItemSize).ToString(CultureInfo.InvariantCulture);
        string text = $"{{'descr': '{(Kind == 'u' && ItemSize == 1 ? '|' : '<')}{Kind}{size}', 'fortran_order': False, 'shape': ({shape}), }}";
        int length = (Preamble + 2 + text.Length + 1 + 63) / 64 * 64;
        byte[] bytes = new byte[length];
        Magic.CopyTo(bytes);
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)(length - Preamble - 2));
        Encoding.ASCII.GetBytes(text.PadRight(length - Preamble - 3) + "\n", bytes.AsSpan(Preamble + 2));
        return bytes;
    }

    private static NpyHeader Parse(string name, string text)
    {
        var literal = new PythonLiteral(text, name);
        string? descr = null;
        bool? fortran = null;
        ImmutableArray<long>? shape = null;
        literal.Expect('{');
        while (!literal.Accept('}'))
        {
            string key = literal.String();
            literal.Expect(':');
            switch (key)
            {
                case "descr": descr = literal.String(); break;
                case "fortran_order": fortran = literal.Boolean(); break;
                case "shape": shape = literal.Tuple(); break;
                default: throw literal.Error($"the key '{key}' is unknown");
            }

            if (!literal.Accept(',')) literal.RequireNext('}');
        }

        if (descr is null || fortran is null || shape is null) throw new DataFormatException(name, "its header lacks one of descr, fortran_order and shape.");
        var (kind, itemSize, bigEndian) = ParseType(name, descr);
        var header = new NpyHeader(kind, itemSize, bigEndian, ParseShape(name, shape.Value, itemSize));
        return !fortran.Value || header.Shape.Length < 2
            ? header
            : throw new DataFormatException(name, "its array lies column by column (fortran_order); save numpy.ascontiguousarray of it.");
    }

    private static (char Kind, int ItemSize, bool BigEndian) ParseType(string name, string descr)
    {
        bool known = descr is ['<' or '>' or '|' or '=', 'f' or 'i' or 'u' or 'b' or 'U' or 'S', ..];
        if (!known || !int.TryParse(descr.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out int size)
            || !(descr[1] switch { 'f' => size is 2 or 4 or 8, 'i' or 'u' => size is 1 or 2 or 4 or 8, 'b' => size == 1, _ => size <= LongestString }))
        {
            throw new DataFormatException(
                name, $"its values are of the type '{descr}'; numbers (f2, f4, f8, i1 to i8, u1 to u8, b1) and texts (U, S) are read, objects never.");
        }

        return (descr[1], descr[1] == 'U' ? 4 * size : size, descr[0] == '>');
    }

    private static ImmutableArray<int> ParseShape(string name, ImmutableArray<long> shape, int itemSize)
    {
        long length = Math.Max(1, itemSize);
        foreach (long size in shape)
        {
            if (size < 0) throw new DataFormatException(name, $"its shape has the size {size}.");
            if (size > Array.MaxLength || (length *= Math.Max(1, size)) > Array.MaxLength)
                throw new DataFormatException(name, $"its shape ({string.Join(", ", shape)}) comes to more than {Array.MaxLength} bytes.");
        }

        return [.. shape.Select(size => (int)size)];
    }
}
