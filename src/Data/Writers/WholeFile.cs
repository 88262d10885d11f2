namespace FedPure.Data.Writers;

/// <summary>Writes files that appear whole or not at all: what fails half-way leaves an older file as it was.</summary>
public static class WholeFile
{
    /// <summary>What the name of the file beside has behind that of the file.</summary>
    public const string PartialSuffix = ".partial";

    /// <summary>Lets <paramref name="write"/> fill a file beside <paramref name="path"/>, which then takes its place.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        Create(path, partial =>
        {
            using var stream = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
            write(stream);
        });
    }

    /// <summary>The same for a file that <paramref name="create"/> makes by the name that it is given.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Create(string path, Action<string> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        string partial = path + PartialSuffix;
        try
        {
            create(partial);
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }
}
