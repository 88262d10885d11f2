using FedPure.Reporting.Report;

namespace FedPure.Cli.Options;

/// <summary>A page that an option names.</summary>
internal sealed record ReportPath(string Option, string Path)
{
    /// <summary>--report, with what the page shows of the command.</summary>
    public static Setting<ReportPath?> Setting(string shows) => new("--report", "FILE", $"One self-contained page, .html, with {shows}.", Parse, absent: null);

    public static ReportPath? Parse(string option, string text) =>
        System.IO.Path.GetExtension(text) is ".html" or ".htm" && System.IO.Path.GetFileNameWithoutExtension(text).Length > 0
            ? new ReportPath(option, text)
            : throw new UsageException($"{option}: '{text}' is no name of a page; give one that ends in .html, such as run.html.");

    /// <summary>Fails now if the page could not be written later; what is there already stays as it is.</summary>
    public void CheckWritable() => WritableFolder.CheckFile(Option, Path);

    /// <summary>Writes the page; it appears whole or not at all.</summary>
    public void Write(ReportPage page) => page.Write(Path);
}
