using System.Numerics.Tensors;

namespace FedPure.Tensors;

/// <summary>Mean squared error: a row's loss is the mean over its values of (prediction - target)².</summary>
public static class SquaredError
{
    /// <summary>
    /// Returns the sum of the rows' losses and replaces the predictions by the gradient of their mean, 2·(prediction - target)/(rows·columns). predictions,
    /// targets [rows×columns].
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ or are no whole number of rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">columns is not positive.</exception>
    public static double Backward(Span<float> predictions, ReadOnlySpan<float> targets, int columns)
    {
        double loss = Evaluate(predictions, targets, columns);
        if (!predictions.IsEmpty) Vectors.Scale(2f / predictions.Length, predictions);
        return loss;
    }

    /// <summary>The loss of <see cref="Backward"/> alone; the predictions serve as scratch and hold their differences from the targets afterwards.</summary>
    /// <exception cref="ArgumentException">The lengths differ or are no whole number of rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">columns is not positive.</exception>
    public static double Evaluate(Span<float> predictions, ReadOnlySpan<float> targets, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        Shape.Rows(predictions.Length, columns, nameof(predictions), nameof(columns));
        Shape.CheckSame(targets.Length, predictions.Length, nameof(targets), nameof(predictions));
        TensorPrimitives.Subtract(predictions, targets, predictions);
        return (double)Vectors.Dot(predictions, predictions) / columns;
    }
}
