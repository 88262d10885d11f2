using System.Text;

namespace FedPure.Learning.Types;

/// <summary>Any number of elements one after the other, such as the batches of a client.</summary>
/// <param name="Element">The type of each.</param>
public sealed record SequenceType(TypeSignature Element) : TypeSignature
{
    internal override void Print(StringBuilder text, int? indent)
    {
        Element.Print(text, indent);
        text.Append('*');
    }
}
