using System.Buffers.Binary;
using FedPure.Data;
using FedPure.Data.Writers;

namespace FedPure.Learning.Models;

/// <summary>Weights in a file of raw little-endian float32 (.f32): layer by layer, kernel [in×out] row-major before bias, nothing else.</summary>
public static class RawWeights
{
    /// <summary>Reads weights for a layout.</summary>
    /// <exception cref="DataFormatException">The size is not the layout's, or a value is not finite.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ModelWeights Read(string path, ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (file.Length != 4L * layout.Length)
        {
            throw new DataFormatException(
                path,
                $"it has {file.Length} bytes, but the model's {layout.Length} float32 parameters take {4L * layout.Length}; give the weights of this model, "
                    + "or the model of these weights.");
        }

        var bytes = new byte[4 * layout.Length];
        file.ReadExactly(bytes);
        var canonical = new float[layout.Length];
        for (int i = 0; i < canonical.Length; i++)
        {
            canonical[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(4 * i));
            if (!float.IsFinite(canonical[i])) throw new DataFormatException(path, $"weight {i} at byte {4L * i} is {canonical[i]}; weights must be finite.");
        }

        return ModelWeights.FromCanonical(layout, canonical);
    }

    /// <summary>Writes weights; the file appears whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, ModelWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        WholeFile.Write(path, stream => stream.Write(weights.ToBytes()));
    }
}
