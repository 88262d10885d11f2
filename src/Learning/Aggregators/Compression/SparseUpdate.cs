using System.Buffers.Binary;

namespace FedPure.Learning.Aggregators;

/// <summary>Some elements of an update, by their places.</summary>
internal static class SparseUpdate
{
    /// <summary>
    /// ⌈fraction·length⌉ to 15 decimal digits of the fraction, as it is written: in binary 0.07·100 is above 7. At least 1 where there is something.
    /// </summary>
    public static int Count(double fraction, int length) => Math.Max((int)decimal.Ceiling((decimal)fraction * length), Math.Min(1, length));

    /// <summary>Values at places, in float32 one after the other.</summary>
    public static void Write(ReadOnlySpan<float> update, ReadOnlySpan<int> places, Span<byte> values)
    {
        for (int i = 0; i < places.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(values[(sizeof(float) * i)..], update[places[i]]);
    }

    /// <summary>The update that has such values, times a scale, at these places and 0 elsewhere.</summary>
    public static void Read(ReadOnlySpan<byte> values, ReadOnlySpan<int> places, double scale, Span<float> update)
    {
        update.Clear();
        for (int i = 0; i < places.Length; i++) update[places[i]] = (float)(scale * BinaryPrimitives.ReadSingleLittleEndian(values[(sizeof(float) * i)..]));
    }
}
