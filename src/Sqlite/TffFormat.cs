using System.Collections.Immutable;
using System.Text;
using FedPure.Data;

namespace FedPure.Sqlite;

/// <summary>Which features of an example are read, and as what.</summary>
internal sealed class TffFormat
{
    private readonly byte[] _feature, _label;
    private readonly TfListKind _kind;

    private TffFormat(string feature, TfListKind kind, ImmutableArray<int> shape, TffOptions options)
    {
        (_feature, _label, _kind) = (Encoding.UTF8.GetBytes(feature), Encoding.UTF8.GetBytes(options.Label), kind);
        ClassLimit = Math.Min(options.ClassCount ?? int.MaxValue, LabelCounts.MaxClassCount);
        Element = ElementSpec.ForExamples(shape, feature, options.Label);
    }

    /// <summary>What one example is.</summary>
    public ElementSpec Element { get; }

    /// <summary>Labels are below this.</summary>
    public int ClassLimit { get; }

    /// <summary>What distinguishes label counts that were kept.</summary>
    public string LabelName => Encoding.UTF8.GetString(_label);

    /// <summary>Finds the features in the file's first example.</summary>
    public static TffFormat Recover(TffDatabase database, TffOptions options)
    {
        byte[] example = database.FirstExample() ?? throw new DataFormatException(database.Path, "its table examples has no examples.");
        try
        {
            return Recover(database.Path, example, options);
        }
        catch (TfExampleException e)
        {
            throw new DataFormatException(database.Path, $"its first example is no tf.train.Example: it {e.Message}.", e);
        }
    }

    /// <summary>Reads a client.</summary>
    public ExampleTable Read(TffDatabase database, TffClient client)
    {
        int width = Element.FeatureCount, count = 0;

        // num_examples is a promise of the file: rows take memory as they come.
        float[] features = [];
        int[] labels = [];
        database.ReadClient(client, (rowId, _, example) =>
        {
            if (count++ >= client.Count) return;
            if (count > labels.Length)
            {
                int capacity = Math.Min(client.Count, Math.Max(128, 2 * labels.Length));
                Array.Resize(ref features, checked(capacity * width));
                Array.Resize(ref labels, capacity);
            }

            string place = $"row {rowId} of examples, of the client '{client.Id}',";
            ReadFeatures(database.Path, place, example, features.AsSpan((count - 1) * width, width));
            labels[count - 1] = ReadLabel(database.Path, place, example);
        });
        if (count != client.Count)
            throw new DataFormatException(database.Path, $"client_metadata gives the client '{client.Id}' {client.Count} examples, but {count} were read.");
        return new ExampleTable(features.AsMemory(0, count * width), labels.AsMemory(0, count), Element.Shape);
    }

    /// <summary>The label of an example.</summary>
    public int ReadLabel(string path, string place, ReadOnlySpan<byte> example)
    {
        try
        {
            Span<long> value = stackalloc long[1];
            for (var reader = new TfExampleReader(example); reader.Read(out var feature);)
            {
                if (!feature.Name.SequenceEqual(_label)) continue;
                if (feature.Kind != TfListKind.Int64 || TfExampleReader.Int64s(feature.List, value) != 1)
                    throw new DataFormatException(path, $"{place} has a feature '{LabelName}' that is not one int64.");
                return value[0] >= 0 && value[0] < ClassLimit
                    ? (int)value[0] : throw new DataFormatException(path, $"{place} has the label {value[0]}; class numbers go from 0 to {ClassLimit - 1}.");
            }

            throw new DataFormatException(path, $"{place} has no feature '{LabelName}'.");
        }
        catch (TfExampleException e)
        {
            throw NoExample(path, place, e);
        }
    }

    private void ReadFeatures(string path, string place, ReadOnlySpan<byte> example, Span<float> features)
    {
        try
        {
            for (var reader = new TfExampleReader(example); reader.Read(out var feature);)
            {
                if (!feature.Name.SequenceEqual(_feature)) continue;
                if (feature.Kind != _kind)
                {
                    throw new DataFormatException(
                        path, $"{place} has a {feature.Kind} list as '{Element.Feature.Name}', but the first example a {_kind} list.");
                }

                int count = _kind == TfListKind.Float ? TfExampleReader.Floats(feature.List, features) : Int64s(feature.List, features);
                if (count != features.Length)
                    throw new DataFormatException(path, $"{place} has {count} values in '{Element.Feature.Name}', but the first example {features.Length}.");
                for (int i = 0; i < features.Length; i++)
                {
                    if (!float.IsFinite(features[i]))
                        throw new DataFormatException(path, $"{place} has {features[i]} as value {i} of '{Element.Feature.Name}'; features must be finite.");
                }

                return;
            }

            throw new DataFormatException(path, $"{place} has no feature '{Element.Feature.Name}'.");
        }
        catch (TfExampleException e)
        {
            throw NoExample(path, place, e);
        }
    }

    private static int Int64s(ReadOnlySpan<byte> list, Span<float> features)
    {
        var values = new long[features.Length];
        int count = TfExampleReader.Int64s(list, values);
        for (int i = 0; i < Math.Min(count, values.Length); i++) features[i] = values[i];
        return count;
    }

    private static TffFormat Recover(string path, byte[] example, TffOptions options)
    {
        var found = new List<(string Name, TfListKind Kind, int Length)>();
        for (var reader = new TfExampleReader(example); reader.Read(out var feature);)
        {
            int length = feature.Kind switch
            {
                TfListKind.Float => TfExampleReader.Floats(feature.List, []),
                TfListKind.Int64 => TfExampleReader.Int64s(feature.List, []),
                _ => 0,
            };
            found.Add((Encoding.UTF8.GetString(feature.Name), feature.Kind, length));
        }

        string features = found.Count == 0
            ? "no features" : "the features " + string.Join(", ", found.Select(feature => $"{feature.Name} ({feature.Kind} list)"));
        if (!found.Any(feature => feature.Name == options.Label && feature.Kind == TfListKind.Int64))
            throw new DataFormatException(
                path, $"its examples have {features}, but no int64 feature '{options.Label}' to be the class number; name another with label=NAME.");
        var candidates = found.Where(feature => feature.Name != options.Label && feature.Kind is TfListKind.Float or TfListKind.Int64 && feature.Length > 0
            && (options.Feature is null ? feature.Kind == TfListKind.Float : feature.Name == options.Feature)).ToList();
        if (candidates is not [var chosen])
        {
            throw new DataFormatException(
                path,
                $"its examples have {features}, but "
                + (options.Feature is null ? "not just one float feature beside the label" : $"no feature '{options.Feature}' of numbers")
                + "; name one with x=NAME.");
        }

        return new TffFormat(chosen.Name, chosen.Kind, Shape(path, chosen.Name, chosen.Length, options.Shape), options);
    }

    private static ImmutableArray<int> Shape(string path, string name, int length, ImmutableArray<int> given)
    {
        int side = (int)Math.Sqrt(length);
        if (given.IsDefault) return name == "pixels" && side * side == length ? [side, side] : [length];
        return given.Aggregate(1L, (product, size) => product * size) == length
            ? given
            : throw new DataFormatException(path, $"its feature '{name}' has {length} values, and cannot have the shape {string.Join('×', given)}.");
    }

    private static DataFormatException NoExample(string path, string place, TfExampleException e) =>
        new(path, $"{place} is no tf.train.Example: it {e.Message}.", e);
}
