using System.Collections.Immutable;
using System.Text;
using FedPure.Data.Writers;
using FedPure.Reporting.Exploration;

namespace FedPure.Reporting.Report;

/// <summary>
/// One self-contained HTML page: settings, curves, clients and pictures of one run; several runs laid over each other; or the data alone. It loads nothing from
/// anywhere, and <see cref="ReportFile"/> reads the runs back from it.
/// </summary>
/// <param name="Description">What the page is of: its title, and for a page without runs the settings shown.</param>
public sealed record ReportPage(RunDescription Description)
{
    /// <summary>The runs; none for a page of the data.</summary>
    public ImmutableArray<RunRecord> Runs { get; init; } = [];

    /// <summary>The data, shown by the pictures of <see cref="ExplorationPictures"/>; null for none.</summary>
    public DataSurvey? Survey { get; init; }

    /// <summary>The page as a document.</summary>
    public string ToHtml() => PageTemplate.Fill(Description.Name, ReportJson.Write(this));

    /// <summary>Writes the page; the file appears whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] html = Encoding.UTF8.GetBytes(ToHtml());
        WholeFile.Write(path, stream => stream.Write(html));
    }
}
