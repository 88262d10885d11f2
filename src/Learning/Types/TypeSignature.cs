using System.Text;

namespace FedPure.Learning.Types;

/// <summary>
/// The type of a value as TensorFlow Federated prints it: tensors, structures, sequences, placements and functions. Signatures of the same shape are equal and
/// print alike.
/// </summary>
public abstract record TypeSignature
{
    /// <summary>On one line, such as &lt;learning_rate=float32&gt;.</summary>
    public string ToCompactString() => Print(indent: null);

    /// <summary>Over several lines: each field of a structure on its own, two more spaces a level.</summary>
    public sealed override string ToString() => Print(indent: 0);

    // With an indent, the line that the text starts on is indented by that much; without one, everything stays on one line.
    internal abstract void Print(StringBuilder text, int? indent);

    private string Print(int? indent)
    {
        var text = new StringBuilder();
        Print(text, indent);
        return text.ToString();
    }
}
