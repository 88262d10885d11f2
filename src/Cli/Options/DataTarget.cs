using FedPure.Data;
using FedPure.Data.Writers;
using FedPure.Sqlite;

namespace FedPure.Cli.Options;

/// <summary>--to: where data convert writes, and in which form.</summary>
internal sealed record DataTarget(string Text, string Path, Action<string, FederatedSplits, CancellationToken> Writer, bool IsFolder)
{
    public static DataTarget? Parse(string option, string text)
    {
        var spec = Spec.Parse(option, text, "idx:DIR", "leaf:DIR", "tff:FILE", "npz:FILE");
        return new DataTarget(text, spec.Rest, spec.Name switch
        {
            "idx" => IdxWriter.Write,
            "leaf" => LeafWriter.Write,
            "tff" => TffWriter.Write,
            _ => NpzWriter.Write,
        }, IsFolder: spec.Name is "idx" or "leaf");
    }

    /// <summary>Writes all splits; nothing that is there already is written over.</summary>
    /// <exception cref="IOException">There is something already, or it cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, and nothing is there.</exception>
    public void Write(FederatedSplits splits, CancellationToken cancellationToken)
    {
        if (File.Exists(Path) || Directory.Exists(Path) && Directory.EnumerateFileSystemEntries(Path).Any())
            throw new IOException($"--to {Text}: {Path} is there already; give another name, or remove it.");
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"--to {Text}: there is no folder {folder}; make it first.");
        if (IsFolder) WriteFolder(splits, cancellationToken);
        else Writer(Path, splits, cancellationToken);
    }

    // A folder of several files appears whole or not at all, as a file does.
    private void WriteFolder(FederatedSplits splits, CancellationToken cancellationToken)
    {
        string partial = System.IO.Path.TrimEndingDirectorySeparator(Path) + ".partial";
        if (Directory.Exists(partial) || File.Exists(partial))
            throw new IOException($"--to {Text}: {partial} is there already, perhaps from a run that was stopped; remove it.");
        try
        {
            Writer(partial, splits, cancellationToken);
            if (Directory.Exists(Path)) Directory.Delete(Path);
            Directory.Move(partial, Path);
        }
        catch (DataFormatException e)
        {
            throw new IOException(e.Message.Replace(partial, Path, StringComparison.Ordinal), e);
        }
        finally
        {
            if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        }
    }
}
