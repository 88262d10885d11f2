using System.Text;

namespace FedPure.Learning.Types;

/// <summary>A value at the server, T@SERVER, or one at each client, {T}@CLIENTS.</summary>
/// <param name="Member">The type of the value.</param>
/// <param name="AtClients">Whether each client has one of its own.</param>
public sealed record PlacedType(TypeSignature Member, bool AtClients) : TypeSignature
{
    internal override void Print(StringBuilder text, int? indent)
    {
        if (AtClients) text.Append('{');
        Member.Print(text, indent);
        text.Append(AtClients ? "}@CLIENTS" : "@SERVER");
    }
}
