using FedPure.Learning.Models;
using FedPure.Tensors;

namespace FedPure.Learning.Optimizers;

/// <summary>
/// Stochastic gradient descent, w -= lr·g; with momentum m a = m·a + g and w -= lr·a (Polyak, 1964), or w -= lr·(g + m·a) in Nesterov's form (Sutskever et al.,
/// 2013). TensorFlow Federated's sgdm.
/// </summary>
public sealed record Sgd : IOptimizer
{
    /// <summary>The rule with these numbers.</summary>
    /// <param name="learningRate">Finite, at least 0.</param>
    /// <param name="momentum">In [0, 1); 0 keeps no state.</param>
    /// <param name="nesterov">Nesterov's form; needs a momentum.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException">Nesterov without momentum.</exception>
    public Sgd(float learningRate, float momentum = 0f, bool nesterov = false)
    {
        if (nesterov && momentum == 0f) throw new ArgumentException("Nesterov's form needs a momentum above 0.", nameof(nesterov));
        LearningRate = learningRate;
        Momentum = momentum;
        Nesterov = nesterov;
    }

    /// <summary>lr: finite, at least 0.</summary>
    public float LearningRate
    {
        get;
        init => field = float.IsFinite(value) && value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(LearningRate), value, "A learning rate is finite and at least 0.");
    }

    /// <summary>m: in [0, 1).</summary>
    public float Momentum
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Momentum), value, "Momentum lies in [0, 1).");
    }

    /// <summary>Whether the step looks ahead along the momentum.</summary>
    public bool Nesterov { get; }

    /// <summary>Whether a step is w -= lr·g and nothing else, which models can fuse with the gradient.</summary>
    public bool IsPlain => Momentum == 0f;

    /// <inheritdoc/>
    public int StateLength(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return IsPlain ? 0 : layout.Length;
    }

    /// <inheritdoc/>
    public void Step(ParameterLayout layout, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> state)
    {
        if (IsPlain)
        {
            Vectors.AddScaled(gradient, -LearningRate, parameters);
            return;
        }

        Vectors.Scale(Momentum, state);
        Vectors.AddScaled(gradient, 1f, state);
        if (Nesterov) Vectors.AddScaled(gradient, -LearningRate, parameters);
        Vectors.AddScaled(state, Nesterov ? -LearningRate * Momentum : -LearningRate, parameters);
    }
}
