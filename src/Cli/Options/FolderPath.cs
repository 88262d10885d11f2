namespace FedPure.Cli.Options;

/// <summary>A folder for output, which is made if it does not exist.</summary>
internal sealed record FolderPath(string Option, string Path)
{
    public static FolderPath? Parse(string option, string text) =>
        text.Length > 0 ? new FolderPath(option, text) : throw new UsageException($"{option} takes a folder, such as {option} logs, but its name is empty.");

    /// <summary>Makes the folder and fails now if nothing could be written into it later.</summary>
    /// <exception cref="IOException">It cannot be made or written to.</exception>
    public void Prepare()
    {
        if (File.Exists(Path)) throw new IOException($"{Option}: {Path} is a file; give a folder.");
        try
        {
            Directory.CreateDirectory(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{Option}: the folder {Path} cannot be made ({e.Message}); choose another.", e);
        }

        WritableFolder.Check(Option, Path);
    }
}
