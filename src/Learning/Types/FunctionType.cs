using System.Text;

namespace FedPure.Learning.Types;

/// <summary>A function, (parameter -> result).</summary>
/// <param name="Parameter">Null for none.</param>
/// <param name="Result">The type of what it returns.</param>
public sealed record FunctionType(TypeSignature? Parameter, TypeSignature Result) : TypeSignature
{
    internal override void Print(StringBuilder text, int? indent)
    {
        text.Append('(');
        Parameter?.Print(text, indent);
        text.Append(" -> ");
        Result.Print(text, indent);
        text.Append(')');
    }
}
