using System.Buffers.Binary;
using System.Text;

namespace FedPure.Reporting.TensorBoard;

/// <summary>A record of an event file, whose checksums are right.</summary>
internal sealed record ReadRecord(long Offset, uint LengthCrc, uint DataCrc, byte[] Data);

/// <summary>
/// Reads event files from the description of their format (tests/golden/README.md) alone: nothing here is shared with the writer. A record that is cut short
/// ends the file; one whose checksum is wrong throws.
/// </summary>
internal static class EventFileReader
{
    public static List<ReadRecord> Records(ReadOnlySpan<byte> file)
    {
        var records = new List<ReadRecord>();
        int offset = 0;
        while (file.Length - offset >= 12)
        {
            long length = BinaryPrimitives.ReadInt64LittleEndian(file[offset..]);
            uint lengthCrc = BinaryPrimitives.ReadUInt32LittleEndian(file[(offset + 8)..]);
            if (Masked(file.Slice(offset, 8)) != lengthCrc) throw new InvalidDataException($"The length at {offset} has a wrong checksum.");
            if (file.Length - offset < 12 + length + 4) break;
            byte[] data = file.Slice(offset + 12, (int)length).ToArray();
            uint dataCrc = BinaryPrimitives.ReadUInt32LittleEndian(file[(offset + 12 + (int)length)..]);
            if (Masked(data) != dataCrc) throw new InvalidDataException($"The data at {offset} have a wrong checksum.");
            records.Add(new ReadRecord(offset, lengthCrc, dataCrc, data));
            offset += 16 + (int)length;
        }

        return records;
    }

    public static List<ReadEvent> Events(string path)
    {
        // Shared, since the writer may have it open.
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return [.. Records(bytes).Select(record => ReadEvent.Parse(record.Data))];
    }

    // Bit by bit, as CRC-32C is defined: reflected polynomial 0x82F63B78, initial value and final exclusive-or all ones.
    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }

        crc ^= 0xFFFFFFFF;
        return ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
    }
}

/// <summary>An event with at most one value, as tf.summary writes it.</summary>
internal sealed record ReadEvent(
    double WallTime, long Step, string? FileVersion, string? Writer, string? Tag, string? Plugin, byte[] PluginContent, string? Description, int DataClass,
    ReadTensor? Tensor)
{
    public static ReadEvent Parse(byte[] data)
    {
        var message = Fields(data);
        byte[]? value = Bytes(message, 5) is { } summary ? Fields(summary).Single().Bytes : null;
        var fields = value is null ? [] : Fields(value);
        var metadata = Bytes(fields, 9) is { } bytes ? Fields(bytes) : [];
        var plugin = Bytes(metadata, 1) is { } pluginBytes ? Fields(pluginBytes) : [];
        return new ReadEvent(
            BitConverter.Int64BitsToDouble((long)message.Single(field => field.Number == 1).Value),
            (long)message.SingleOrDefault(field => field.Number == 2).Value,
            Text(message, 3), Bytes(message, 10) is { } source ? Text(Fields(source), 1) : null,
            Text(fields, 1), Text(plugin, 1), Bytes(plugin, 2) ?? [], Text(metadata, 3), (int)metadata.SingleOrDefault(field => field.Number == 4).Value,
            Bytes(fields, 8) is { } tensor ? ReadTensor.Parse(tensor) : null);
    }

    internal static List<(int Number, ulong Value, byte[]? Bytes)> Fields(byte[] message)
    {
        var fields = new List<(int, ulong, byte[]?)>();
        int at = 0;
        while (at < message.Length)
        {
            ulong tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    fields.Add(((int)(tag >> 3), Varint(message, ref at), null));
                    break;
                case 1:
                    fields.Add(((int)(tag >> 3), BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at)), null));
                    at += 8;
                    break;
                case 2:
                    int length = (int)Varint(message, ref at);
                    fields.Add(((int)(tag >> 3), 0, message[at..(at + length)]));
                    at += length;
                    break;
                default:
                    throw new InvalidDataException($"Wire type {tag & 7}.");
            }
        }

        return fields;
    }

    internal static byte[]? Bytes(List<(int Number, ulong Value, byte[]? Bytes)> fields, int number) =>
        fields.SingleOrDefault(field => field.Number == number).Bytes;

    internal static string? Text(List<(int Number, ulong Value, byte[]? Bytes)> fields, int number) =>
        Bytes(fields, number) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = message[at++];
            value |= (ulong)(next & 127) << shift;
            if (next < 128) return value;
        }
    }
}

/// <summary>A tensor: its numbers, or its strings.</summary>
internal sealed record ReadTensor(int Type, int[] Shape, double[] Numbers, byte[][] Strings)
{
    public static ReadTensor Parse(byte[] data)
    {
        var fields = ReadEvent.Fields(data);
        int type = (int)fields.Single(field => field.Number == 1).Value;
        int[] shape = [.. ReadEvent.Fields(ReadEvent.Bytes(fields, 2)!).Select(dimension => (int)ReadEvent.Fields(dimension.Bytes!).Single().Value)];
        byte[] content = ReadEvent.Bytes(fields, 4) ?? ReadEvent.Bytes(fields, 5) ?? [];
        double[] numbers = type switch
        {
            1 => [.. Enumerable.Range(0, content.Length / 4).Select(i => (double)BitConverter.ToSingle(content, 4 * i))],
            2 => [.. Enumerable.Range(0, content.Length / 8).Select(i => BitConverter.ToDouble(content, 8 * i))],
            _ => [],
        };
        return new ReadTensor(type, shape, numbers, [.. fields.Where(field => field.Number == 8).Select(field => field.Bytes!)]);
    }
}
