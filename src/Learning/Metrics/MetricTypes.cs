using FedPure.Learning.Types;

namespace FedPure.Learning.Metrics;

/// <summary>Metrics' number types among the types of tensors.</summary>
internal static class MetricTypes
{
    public static TensorType ToTensorType(this MetricType type, params ReadOnlySpan<int?> shape) => new(
        type switch { MetricType.Float32 => "float32", MetricType.Int64 => "int64", _ => "int32" }, shape);
}
