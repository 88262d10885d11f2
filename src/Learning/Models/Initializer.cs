using FedPure.Data.Random;

namespace FedPure.Learning.Models;

/// <summary>
/// How a kernel's first values are drawn; biases start at zero. The named ones are Keras'; a record of one's own may derive from this class. Values are a
/// function of the model's seed, the same on every system, unless <see cref="WithKerasSeed"/> takes those that Keras draws.
/// </summary>
public abstract record Initializer
{
    /// <summary>All zero, as in the tutorial's softmax regression.</summary>
    public static Initializer Zeros { get; } = new ConstantInitializer(0f);

    /// <summary>Uniform in ±√(6/(in + out)) (Glorot and Bengio, 2010, eq. 16): Keras' default.</summary>
    public static Initializer GlorotUniform { get; } = new VarianceScaling(1f, Fan.Average, IsNormal: false);

    /// <summary>Truncated normal of variance 2/(in + out) (Glorot and Bengio, 2010, eq. 12).</summary>
    public static Initializer GlorotNormal { get; } = new VarianceScaling(1f, Fan.Average, IsNormal: true);

    /// <summary>Uniform in ±√(6/in) (He et al., Delving deep into rectifiers, 2015).</summary>
    public static Initializer HeUniform { get; } = new VarianceScaling(2f, Fan.In, IsNormal: false);

    /// <summary>Truncated normal of variance 2/in (He et al., 2015, eq. 10).</summary>
    public static Initializer HeNormal { get; } = new VarianceScaling(2f, Fan.In, IsNormal: true);

    /// <summary>One value everywhere.</summary>
    public static Initializer Constant(float value) => new ConstantInitializer(value);

    /// <summary>Uniform in [low, high).</summary>
    public static Initializer Uniform(float low = -0.05f, float high = 0.05f) => new UniformInitializer(low, high);

    /// <summary>Normal.</summary>
    public static Initializer Normal(float mean = 0f, float standardDeviation = 0.05f) => new NormalInitializer(mean, standardDeviation, Truncated: false);

    /// <summary>Normal; values further than two standard deviations from the mean are drawn again.</summary>
    public static Initializer TruncatedNormal(float mean = 0f, float standardDeviation = 0.05f) =>
        new NormalInitializer(mean, standardDeviation, Truncated: true);

    /// <summary>
    /// This distribution with the values that Keras 2.14 draws from a fresh initializer of that seed, whatever the model's seed. Uniform ones and constants.
    /// </summary>
    /// <exception cref="NotSupportedException">
    /// Normal values: TensorFlow makes them of sines and cosines of the platform's mathematical library, which have no portable bits.
    /// </exception>
    public virtual Initializer WithKerasSeed(long seed) =>
        throw new NotSupportedException("Only uniform and constant initializers can repeat Keras' values; load the initial weights from a file instead.");

    /// <summary>Fills the kernel [inputs×outputs], row-major, with values that are a function of the key.</summary>
    public abstract void Fill(RandomKey key, Span<float> kernel, int inputs, int outputs);
}
