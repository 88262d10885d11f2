namespace FedPure.Learning.Models;

/// <summary>What follows a dense layer's product and bias, element-wise.</summary>
public enum ActivationFunction
{
    /// <summary>Nothing.</summary>
    Linear,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>tanh x.</summary>
    Tanh,

    /// <summary>1/(1 + e^-x).</summary>
    Sigmoid,
}
