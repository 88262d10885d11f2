using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace FedPure.Reporting.Report;

/// <summary>
/// The files of the page, put together: markup, style, the chart library and our scripts, and the data. The page's own policy allows these very scripts and
/// nothing from the network, so that even markup that found a way in could neither run nor tell anyone.
/// </summary>
internal static class PageTemplate
{
    /// <summary>The id of the element that holds the data.</summary>
    public const string DataId = "fedpure-report";

    private static readonly string Markup = Resource("page.html"), Style = Resource("uPlot.min.css") + Resource("page.css"),
    Licence = Resource("LICENSE").Trim();
    private static readonly string Charts = Resource("uPlot.iife.min.js");
    private static readonly string Scripts = string.Concat(
        from name in (string[])["format.js", "curves.js", "table.js", "sections.js", "page.js"] select Resource(name));

    /// <summary>The document.</summary>
    /// <param name="title">Its title, as text.</param>
    /// <param name="json">The data, without any &lt;.</param>
    public static string Fill(string title, string json)
    {
        string charts = $"/* uPlot 1.6.32\n{Licence}\n*/\n{Charts}", scripts = $"\"use strict\";\n(() => {{\n{Scripts}}})();\n";
        var parts = new Dictionary<string, string>
        {
            ["title"] = WebUtility.HtmlEncode(title),
            ["policy"] = $"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src {Hash(charts)} {Hash(scripts)}",
            ["style"] = Style,
            ["charts"] = charts,
            ["data"] = json,
            ["scripts"] = scripts,
        };
        var page = new StringBuilder(Markup.Length + Style.Length + charts.Length + scripts.Length + json.Length);
        string[] pieces = Markup.Split("{{");
        page.Append(pieces[0]);
        foreach (string piece in pieces.AsSpan(1))
        {
            int end = piece.IndexOf("}}", StringComparison.Ordinal);
            page.Append(parts[piece[..end]]).Append(piece.AsSpan(end + 2));
        }

        return page.ToString();
    }

    private static string Hash(string script) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'";

    private static string Resource(string name)
    {
        using var stream = typeof(PageTemplate).Assembly.GetManifestResourceStream($"FedPure.Reporting.Report.{name}")
            ?? throw new InvalidOperationException($"The resource {name} is missing.");
        return new StreamReader(stream, Encoding.UTF8).ReadToEnd().ReplaceLineEndings("\n");
    }
}
