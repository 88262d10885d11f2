using FedPure.Data.Writers;

namespace FedPure.Cli.Options;

/// <summary>A folder that an option writes into.</summary>
internal static class WritableFolder
{
    /// <summary>Fails if a file could not be written; what is there already stays as it is.</summary>
    /// <exception cref="IOException">It could not.</exception>
    public static void CheckFile(string option, string file)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        if (Directory.Exists(file)) throw new IOException($"{option}: {file} is a folder; give a file.");
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"{option}: there is no folder {folder}; make it first.");

        // The very file that WholeFile will fill: its name may be too long although that of the file is not.
        Probe(option, $"{file} cannot be written", file + WholeFile.PartialSuffix, FileMode.OpenOrCreate);
    }

    /// <summary>Fails if a file could not be made in an existing folder; leaves nothing there.</summary>
    /// <exception cref="IOException">It could not.</exception>
    public static void Check(string option, string folder) =>
        Probe(option, $"nothing can be written to the folder {folder}", Path.Combine(folder, $"{Guid.NewGuid():N}.probe"), FileMode.CreateNew);

    private static void Probe(string option, string trouble, string path, FileMode mode)
    {
        try
        {
            using var probe = new FileStream(path, mode, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{option}: {trouble} ({e.Message.TrimEnd('.')}); choose another.", e);
        }
    }
}
