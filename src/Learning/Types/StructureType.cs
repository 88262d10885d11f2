using System.Collections.Immutable;
using System.Text;

namespace FedPure.Learning.Types;

/// <summary>Values side by side, each with a name or (null) none.</summary>
public sealed record StructureType : TypeSignature
{
    /// <summary>A structure of these fields in order.</summary>
    public StructureType(IEnumerable<(string? Name, TypeSignature Type)> fields) => Fields = [.. fields];

    /// <summary>A structure of these fields in order.</summary>
    public StructureType(params ReadOnlySpan<(string? Name, TypeSignature Type)> fields) => Fields = [.. fields];

    /// <summary>A structure without fields.</summary>
    public static StructureType Empty { get; } = new(ImmutableArray<(string?, TypeSignature)>.Empty);

    /// <summary>The fields in order.</summary>
    public ImmutableArray<(string? Name, TypeSignature Type)> Fields { get; }

    /// <inheritdoc/>
    public bool Equals(StructureType? other) => other is not null && Fields.AsSpan().SequenceEqual(other.Fields.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Fields.Aggregate(Fields.Length, HashCode.Combine);

    internal override void Print(StringBuilder text, int? indent)
    {
        text.Append('<');
        for (int i = 0; i < Fields.Length; i++)
        {
            if (i > 0) text.Append(',');
            NewLine(text, indent + 2);
            if (Fields[i].Name is { } name) text.Append(name).Append('=');
            Fields[i].Type.Print(text, indent + 2);
        }

        if (!Fields.IsEmpty) NewLine(text, indent);
        text.Append('>');
    }

    private static void NewLine(StringBuilder text, int? indent)
    {
        if (indent is { } spaces) text.Append('\n').Append(' ', spaces);
    }
}
