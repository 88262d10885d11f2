using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FedPure.Sqlite;

/// <summary>
/// The folder for what can be made again: unpacked files and the places of clients in files without an index. Entries carry a hash of their source's path, size
/// and time, so that a changed source is a new entry; those used longest ago are deleted when there is no room. Nothing is ever written beside a user's file.
/// </summary>
/// <param name="Path">The folder; made when it is first needed.</param>
/// <param name="Limit">The most bytes that it may hold.</param>
public sealed record CacheFolder(string Path, long Limit = CacheFolder.DefaultLimit)
{
    /// <summary>20 GiB.</summary>
    public const long DefaultLimit = 20L << 30;

    /// <summary>The environment variable that names another folder.</summary>
    public const string PathVariable = "FEDPURE_CACHE";

    /// <summary>The environment variable that sets another limit, in bytes.</summary>
    public const string LimitVariable = "FEDPURE_CACHE_LIMIT";

    // Entries are named by so many hexadecimal digits, a dot and what they are.
    private const int NameLength = 32;

    /// <summary>
    /// The folder that <see cref="PathVariable"/> names; without it fedpure in the user's cache folder: $XDG_CACHE_HOME or ~/.cache, ~/Library/Caches on macOS,
    /// the local application data on Windows.
    /// </summary>
    /// <exception cref="IOException"><see cref="LimitVariable"/> is set to what is no number of bytes.</exception>
    public static CacheFolder Default =>
        new(Variable(PathVariable) ?? System.IO.Path.Combine(UserCache(), "fedpure"), Variable(LimitVariable) is { } text ? ParseLimit(text) : DefaultLimit);

    /// <summary>Where the entry lies, or would lie, that is made of a source file as it is now.</summary>
    /// <param name="source">The file.</param>
    /// <param name="extension">What is made of it, such as .sqlite.</param>
    internal string Entry(string source, string extension)
    {
        var file = new FileInfo(source);
        string identity = string.Create(CultureInfo.InvariantCulture, $"{file.FullName}\n{file.Length}\n{file.LastWriteTimeUtc.Ticks}");
        return System.IO.Path.Combine(Path, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..NameLength] + extension);
    }

    /// <summary>Marks an entry as used now; false if there is none.</summary>
    internal static bool Touch(string entry)
    {
        if (!File.Exists(entry)) return false;
        try
        {
            File.SetLastWriteTimeUtc(entry, DateTime.UtcNow);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A cache that may only be read keeps its order of use.
        }

        return true;
    }

    /// <summary>
    /// Deletes the entries used longest ago until as many bytes fit in. Other files, if the folder has some, are neither counted nor touched.
    /// </summary>
    internal void MakeRoom(long bytes)
    {
        Directory.CreateDirectory(Path);
        var files = new DirectoryInfo(Path).EnumerateFiles()
            .Where(file => IsEntry(file.Name))
            .OrderBy(file => file.LastWriteTimeUtc)
            .Select(file => (file.FullName, file.Length))
            .ToList();
        long size = files.Sum(file => file.Length);
        foreach (var (name, length) in files)
        {
            if (size + bytes <= Limit) return;
            File.Delete(name);
            size -= length;
        }
    }

    private static bool IsEntry(string name) => name.Length > NameLength && name[NameLength] == '.' && name[..NameLength].All(char.IsAsciiHexDigitLower);

    private static long ParseLimit(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long limit)
            ? limit
            : throw new IOException($"The environment variable {LimitVariable} takes a number of bytes, such as {DefaultLimit}, not '{text}'.");

    private static string UserCache()
    {
        if (Variable("XDG_CACHE_HOME") is { } folder) return folder;
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : OperatingSystem.IsMacOS() ? System.IO.Path.Combine(home, "Library", "Caches")
            : System.IO.Path.Combine(home, ".cache");
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
