using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using FedPure.Learning.Types;

namespace FedPure.Learning.Metrics;

/// <summary>A node of the measurements that a round returns: a <see cref="MetricValue"/>, a <see cref="MetricArray"/> or a <see cref="MetricTree"/>.</summary>
public abstract record MetricNode
{
    /// <summary>Its type, such as float32.</summary>
    public abstract TypeSignature Signature { get; }
}

/// <summary>A measured number of a type.</summary>
public sealed record MetricValue : MetricNode
{
    /// <summary>Rounds the number to the type. A count that is NaN, since a client's sum was not finite, is reported as such in float32.</summary>
    public MetricValue(MetricType type, double value)
    {
        Type = double.IsNaN(value) ? MetricType.Float32 : type;
        Value = Type switch { MetricType.Float32 => (float)value, _ => Math.Round(value) };
    }

    /// <summary>The number type.</summary>
    public MetricType Type { get; }

    /// <inheritdoc/>
    public override TypeSignature Signature => Type.ToTensorType();

    /// <summary>The number; exact for each type up to 2^53.</summary>
    public double Value { get; }

    /// <summary>As short as it can be read back to the same value of its type.</summary>
    public override string ToString() =>
        Type == MetricType.Float32 ? ((float)Value).ToString(CultureInfo.InvariantCulture) : ((long)Value).ToString(CultureInfo.InvariantCulture);
}

/// <summary>Measurements by name, in TensorFlow Federated's names, order and nesting: distributor, client_work, aggregator, finalizer.</summary>
public sealed record MetricTree : MetricNode, IEnumerable<KeyValuePair<string, MetricNode>>
{
    /// <summary>Entries in the order of their report.</summary>
    public MetricTree(ImmutableArray<KeyValuePair<string, MetricNode>> entries) => Entries = entries;

    /// <summary>Entries in the order of their report.</summary>
    public MetricTree(params ReadOnlySpan<(string Name, MetricNode Node)> entries)
    {
        var builder = ImmutableArray.CreateBuilder<KeyValuePair<string, MetricNode>>(entries.Length);
        foreach (var (name, node) in entries) builder.Add(new(name, node));
        Entries = builder.MoveToImmutable();
    }

    /// <summary>A tree without entries.</summary>
    public static MetricTree Empty { get; } = new(ImmutableArray<KeyValuePair<string, MetricNode>>.Empty);

    /// <summary>The entries in order.</summary>
    public ImmutableArray<KeyValuePair<string, MetricNode>> Entries { get; }

    /// <inheritdoc/>
    public override TypeSignature Signature => new StructureType(Entries.Select(entry => ((string?)entry.Key, entry.Value.Signature)));

    /// <summary>The number at a path such as client_work/train/loss.</summary>
    /// <exception cref="KeyNotFoundException">There is no number at that path.</exception>
    public double this[string path] =>
        Find(path) is MetricValue number ? number.Value : throw new KeyNotFoundException($"There is no metric at '{path}' in {this}.");

    /// <summary>The array at a path such as client_work/eval/current_round_metrics/confusion_matrix.</summary>
    /// <exception cref="KeyNotFoundException">There is no array at that path.</exception>
    public MetricArray Array(string path) => Find(path) as MetricArray ?? throw new KeyNotFoundException($"There is no array at '{path}' in {this}.");

    /// <summary>The tree at a path such as client_work/train.</summary>
    /// <exception cref="KeyNotFoundException">There is no tree at that path.</exception>
    public MetricTree Tree(string path) => Find(path) as MetricTree ?? throw new KeyNotFoundException($"There are no metrics at '{path}' in {this}.");

    /// <summary>Such as {train: {loss: 2.45, num_examples: 4860}}.</summary>
    public override string ToString() => "{" + string.Join(", ", Entries.Select(entry => $"{entry.Key}: {entry.Value}")) + "}";

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, MetricNode>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, MetricNode>>)Entries).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private MetricNode? Find(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        MetricNode? node = this;
        foreach (string name in path.Split('/')) node = (node as MetricTree)?.Entries.FirstOrDefault(entry => entry.Key == name).Value;
        return node;
    }
}
