using System.Globalization;

namespace FedPure.Data;

/// <summary>Ids of clients that have none of their own: client_0, client_1, ... padded with zeros so that their ordinal order is their number's.</summary>
internal static class ClientNames
{
    /// <summary>The id of client <paramref name="client"/> of <paramref name="count"/>.</summary>
    public static string Of(int client, int count)
    {
        int digits = (count - 1).ToString(CultureInfo.InvariantCulture).Length;
        return "client_" + client.ToString("D" + digits, CultureInfo.InvariantCulture);
    }
}
