using FedPure.Data.Random;

namespace FedPure.Learning.Models;

/// <summary>How a kernel's first values are drawn; biases start at zero.</summary>
public enum Initializer
{
    /// <summary>Uniform in ±√(6/(in + out)) (Glorot and Bengio, 2010, eq. 16): Keras' default.</summary>
    GlorotUniform,

    /// <summary>All zero, as in the tutorial's softmax regression.</summary>
    Zeros,
}

/// <summary>Draws what an <see cref="Initializer"/> names.</summary>
internal static class Initializers
{
    /// <summary>Fills a kernel of a layer of that many inputs and outputs; values are drawn in the canonical order [in×out] and stored as [out×in].</summary>
    public static void Fill(this Initializer initializer, RandomKey key, Span<float> kernel, int inputs, int outputs)
    {
        kernel.Clear();
        if (initializer == Initializer.Zeros) return;
        float limit = MathF.Sqrt(6f / (inputs + outputs));
        var stream = key.Stream();
        for (int i = 0; i < inputs; i++)
        {
            for (int j = 0; j < outputs; j++) kernel[j * inputs + i] = (2f * stream.NextSingle() - 1f) * limit;
        }
    }
}
