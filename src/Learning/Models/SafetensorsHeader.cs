using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;
using FedPure.Data;

namespace FedPure.Learning.Models;

/// <summary>A tensor's entry in a safetensors header; Begin and End are its bytes' place in the file.</summary>
internal sealed record SafetensorsTensor(string Name, string Type, ImmutableArray<long> Shape, long Begin, long End);

/// <summary>The JSON header of a safetensors file.</summary>
internal static class SafetensorsHeader
{
    public const string Float32 = "F32";

    private const string Metadata = "__metadata__";
    private const int LengthBytes = 8;

    // Of the format's own reference implementation.
    private const long MaxLength = 100_000_000;

    // Values start at a multiple of their size, so that a reader can map them.
    private const int Alignment = 8;

    /// <summary>Reads the header; its tensors lie in the file one after the other, without gaps or overlaps, to its end.</summary>
    /// <exception cref="DataFormatException">It is damaged.</exception>
    public static List<SafetensorsTensor> Read(FileStream file, string path)
    {
        Span<byte> lengthBytes = stackalloc byte[LengthBytes];
        int read = file.ReadAtLeast(lengthBytes, LengthBytes, throwOnEndOfStream: false);
        if (read < LengthBytes)
            throw new DataFormatException(path, $"it ends after {read} bytes; a safetensors file starts with the {LengthBytes} bytes of its header's length.");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        if (length > (ulong)Math.Min(MaxLength, file.Length - LengthBytes))
            throw new DataFormatException(
                path,
                $"its first {LengthBytes} bytes promise a header of {length} bytes, but the file has {file.Length} bytes and no header may have more than "
                    + $"{MaxLength}.");
        var json = new byte[(int)length];
        file.ReadExactly(json);
        try
        {
            var tensors = Parse(json, LengthBytes + (long)length, path);
            CheckPlaces(tensors, LengthBytes + (long)length, file.Length, path);
            return tensors;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // InvalidOperationException and FormatException are the reader's words for a value of another kind and for text that is no UTF-8.
            throw new DataFormatException(
                path, $"its header, the {length} bytes from byte {LengthBytes}, is not the JSON of a safetensors file: {e.Message}", e);
        }
    }

    /// <summary>Header length and header for a layout, padded with spaces.</summary>
    public static byte[] Write(ParameterLayout layout)
    {
        using var buffer = new MemoryStream();
        buffer.Write(stackalloc byte[LengthBytes]);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var slice in layout.Slices)
            {
                json.WriteStartObject(slice.Name);
                json.WriteString("dtype", Float32);
                json.WriteStartArray("shape");
                foreach (int size in slice.Shape) json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(4L * slice.Offset);
                json.WriteNumberValue(4L * (slice.Offset + slice.Length));
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (buffer.Length % Alignment != 0) buffer.WriteByte((byte)' ');
        var bytes = buffer.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - LengthBytes);
        return bytes;
    }

    private static List<SafetensorsTensor> Parse(byte[] header, long dataStart, string path)
    {
        var json = new Utf8JsonReader(header);
        var tensors = new List<SafetensorsTensor>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        Expect(ref json, JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = json.GetString()!;
            if (!names.Add(name)) throw new DataFormatException(path, $"its header names '{name}' twice.");
            if (name == Metadata)
            {
                json.Read();
                json.Skip();
            }
            else
            {
                tensors.Add(ParseTensor(ref json, name, dataStart, path));
            }
        }

        // Only spaces may follow; reading on says so.
        json.Read();
        return tensors;
    }

    private static SafetensorsTensor ParseTensor(ref Utf8JsonReader json, string name, long dataStart, string path)
    {
        string? type = null;
        ImmutableArray<long>? shape = null, offsets = null;
        Expect(ref json, JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string key = json.GetString()!;
            json.Read();
            switch (key)
            {
                case "dtype": type = json.GetString(); break;
                case "shape": shape = Numbers(ref json); break;
                case "data_offsets": offsets = Numbers(ref json); break;
                default: throw new DataFormatException(path, $"its header gives tensor '{name}' an unknown property '{key}'.");
            }
        }

        if (type is null || shape is null || offsets is not [var begin, var end])
            throw new DataFormatException(path, $"its header does not give tensor '{name}' a dtype, a shape and two data_offsets.");
        return begin >= 0 && end >= begin && end <= long.MaxValue - dataStart
            ? new SafetensorsTensor(name, type, shape.Value, dataStart + begin, dataStart + end)
            : throw new DataFormatException(path, $"its header places tensor '{name}' from {begin} to {end}.");
    }

    private static ImmutableArray<long> Numbers(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray) throw new JsonException("a list of numbers is missing.");
        var numbers = ImmutableArray.CreateBuilder<long>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray) numbers.Add(json.GetInt64());
        return numbers.ToImmutable();
    }

    private static void Expect(ref Utf8JsonReader json, JsonTokenType type)
    {
        if (!json.Read() || json.TokenType != type) throw new JsonException($"{type} is missing where {json.TokenType} stands.");
    }

    private static void CheckPlaces(List<SafetensorsTensor> tensors, long dataStart, long fileLength, string path)
    {
        long place = dataStart;
        foreach (var tensor in tensors.OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End))
        {
            if (tensor.Begin != place)
            {
                throw new DataFormatException(
                    path, $"tensor '{tensor.Name}' starts at byte {tensor.Begin}, but should at {place}, where the one before it ends.");
            }

            place = tensor.End;
        }

        if (place != fileLength) throw new DataFormatException(path, $"its tensors end at byte {place}, but the file has {fileLength} bytes.");
    }
}
