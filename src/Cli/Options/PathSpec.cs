using System.Collections.Immutable;

namespace FedPure.Cli.Options;

/// <summary>
/// A path with particulars after it: PATH or PATH,key=value,key=value. Only known keys end a path, so it may have commas and equals signs of its own.
/// </summary>
internal sealed record PathSpec(Spec Spec, string Path, ImmutableDictionary<string, string> Values)
{
    /// <summary>The key of the shape of one example.</summary>
    public const string Shape = "shape";

    /// <summary>The keys of the names of features, label, client and split.</summary>
    public const string Feature = "x", Label = "label", Client = "client", Split = "split";

    /// <summary>The key that says that images lie column by column.</summary>
    public const string Transposed = "transposed";

    public static PathSpec Parse(Spec spec, params ReadOnlySpan<string> keys)
    {
        string path = spec.Rest;
        var values = ImmutableDictionary.CreateBuilder<string, string>();
        for (int comma; (comma = path.LastIndexOf(',')) > 0; path = path[..comma])
        {
            if (path[(comma + 1)..].Split('=', 2) is not [var key, var value] || !keys.Contains(key)) break;
            if (value.Length == 0) throw spec.Error($"{key} has no value");
            if (!values.TryAdd(key, value)) throw spec.Error($"{key} is given twice");
        }

        var parsed = new PathSpec(spec, path, values.ToImmutable());
        parsed.ShapeOrDefault();
        parsed.Is(Transposed);
        return parsed;
    }

    /// <summary>The value of a key, or null.</summary>
    public string? this[string key] => Values.GetValueOrDefault(key);

    /// <summary>The shape given, such as 28x28; default if none is.</summary>
    public ImmutableArray<int> ShapeOrDefault() =>
        this[Shape] is { } text ? [.. text.Split('x', '×').Select(size => Number.AtLeastOne($"{Spec.Option} {Spec.Name} {Shape}", size))] : default;

    /// <summary>Whether a key has the value true; it may be absent.</summary>
    public bool Is(string key) =>
        this[key] is { } text && (bool.TryParse(text, out bool value) ? value : throw Spec.Error($"{key} is true or false, not '{text}'"));
}
