using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;

namespace FedPure.Learning.Models;

/// <summary>A model's parameters as an immutable value.</summary>
public sealed class ModelWeights
{
    /// <summary>Parameters in the stored order of <paramref name="layout"/>.</summary>
    /// <exception cref="ArgumentException">Their number is not the layout's.</exception>
    public ModelWeights(ParameterLayout layout, ImmutableArray<float> parameters)
    {
        ArgumentNullException.ThrowIfNull(layout);
        if (parameters.Length != layout.Length)
            throw new ArgumentException($"The model has {layout.Length} parameters, but {parameters.Length} were given.", nameof(parameters));
        Layout = layout;
        Parameters = parameters;
    }

    /// <summary>What the parameters mean.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>[Layout.Length] in the stored order.</summary>
    public ImmutableArray<float> Parameters { get; }

    /// <summary>[Layout.TrainableLength] in the stored order: what training changes.</summary>
    public ReadOnlySpan<float> Trainable => Parameters.AsSpan()[..Layout.TrainableLength];

    /// <summary>The rest in the stored order: what every process carries unchanged.</summary>
    public ReadOnlySpan<float> NonTrainable => Parameters.AsSpan()[Layout.TrainableLength..];

    /// <summary>Weights from the canonical order: layer by layer, kernel [in×out] row-major before bias.</summary>
    /// <exception cref="ArgumentException">Their number is not the layout's.</exception>
    public static ModelWeights FromCanonical(ParameterLayout layout, ReadOnlySpan<float> canonical)
    {
        ArgumentNullException.ThrowIfNull(layout);
        if (canonical.Length != layout.Length)
            throw new ArgumentException($"The model has {layout.Length} parameters, but {canonical.Length} were given.", nameof(canonical));
        var parameters = new float[layout.Length];
        layout.FromCanonical(canonical, parameters);
        return new ModelWeights(layout, [.. parameters]);
    }

    /// <summary>The parameters in the canonical order.</summary>
    public float[] ToCanonical()
    {
        var canonical = new float[Layout.Length];
        Layout.ToCanonical(Parameters.AsSpan(), canonical);
        return canonical;
    }

    /// <summary>The parameters in the canonical order as little-endian float32 bytes.</summary>
    public byte[] ToBytes()
    {
        var canonical = ToCanonical();
        var bytes = new byte[4 * canonical.Length];
        for (int i = 0; i < canonical.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), canonical[i]);
        return bytes;
    }

    /// <summary>SHA-256 of <see cref="ToBytes"/> in lower-case hexadecimal: equal hashes are equal bits.</summary>
    public string Sha256() => Convert.ToHexStringLower(SHA256.HashData(ToBytes()));
}
