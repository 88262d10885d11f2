using System.Buffers.Binary;
using FedPure.Data;
using FedPure.Data.Writers;

namespace FedPure.Learning.Models;

/// <summary>
/// Weights in the safetensors format, which PyTorch, JAX, Keras and Rust programs read: an 8-byte little-endian header length, a JSON header that gives each
/// tensor's type, shape and place, then the tensors as little-endian values. Tensors have the layout's names, such as dense/kernel, float32 values and kernels
/// [in×out].
/// </summary>
public static class SafetensorsWeights
{
    /// <summary>Reads weights for a layout; the file may hold its tensors in any order, and no others.</summary>
    /// <exception cref="DataFormatException">The file is damaged, or its tensors are not the layout's, or a value is not finite.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ModelWeights Read(string path, ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        var tensors = SafetensorsHeader.Read(file, path);
        var canonical = new float[layout.Length];
        foreach (var slice in layout.Slices)
        {
            var tensor = tensors.Find(tensor => tensor.Name == slice.Name)
                ?? throw new DataFormatException(
                    path, $"it has no tensor '{slice.Name}', but {Names(tensors)}; give the weights of this model, or the model of these weights.");
            Check(path, tensor, slice);
            ReadValues(file, path, tensor, canonical.AsSpan(slice.Offset, slice.Length));
        }

        if (tensors.Find(tensor => layout.Slices.All(slice => slice.Name != tensor.Name)) is { } extra)
            throw new DataFormatException(
                path, $"its tensor '{extra.Name}' is none of the model's; give the weights of this model, or the model of these weights.");
        return ModelWeights.FromCanonical(layout, canonical);
    }

    /// <summary>Writes weights; the file appears whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, ModelWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var header = SafetensorsHeader.Write(weights.Layout);
        WholeFile.Write(path, stream =>
        {
            stream.Write(header);
            stream.Write(weights.ToBytes());
        });
    }

    private static void Check(string path, SafetensorsTensor tensor, ParameterSlice slice)
    {
        if (tensor.Type != SafetensorsHeader.Float32)
            throw new DataFormatException(
                path, $"tensor '{tensor.Name}' holds {tensor.Type} values; only {SafetensorsHeader.Float32} is read, so convert it first.");
        if (!tensor.Shape.SequenceEqual(slice.Shape.Select(size => (long)size)))
            throw new DataFormatException(
                path, $"tensor '{tensor.Name}' has the shape [{string.Join('×', tensor.Shape)}], but the model's has [{string.Join('×', slice.Shape)}].");
        if (tensor.End - tensor.Begin != 4L * slice.Length)
            throw new DataFormatException(
                path,
                $"tensor '{tensor.Name}' takes the {tensor.End - tensor.Begin} bytes from {tensor.Begin} to {tensor.End}, but its shape {4L * slice.Length}.");
    }

    private static void ReadValues(FileStream file, string path, SafetensorsTensor tensor, Span<float> values)
    {
        var bytes = new byte[4 * values.Length];
        file.Position = tensor.Begin;
        file.ReadExactly(bytes);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(4 * i));
            if (!float.IsFinite(values[i]))
                throw new DataFormatException(path, $"value {i} of '{tensor.Name}' at byte {tensor.Begin + 4L * i} is {values[i]}; weights must be finite.");
        }
    }

    private static string Names(List<SafetensorsTensor> tensors) =>
        tensors.Count == 0 ? "none at all" : string.Join(", ", tensors.Select(tensor => tensor.Name).Take(10));
}
