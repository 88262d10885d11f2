using System.Security.Cryptography;
using System.Text;

namespace FedPure.Sqlite;

/// <summary>
/// A file in the cache folder with something that a pass over another file found. It ends with its own SHA-256; one that is damaged, or of another version, is
/// as good as none, and so is a folder that cannot be written.
/// </summary>
internal static class Sidecar
{
    private const int HashLength = 32;

    /// <summary>What the file holds, or what <paramref name="make"/> makes, which is then kept.</summary>
    public static T LoadOrMake<T>(CacheFolder folder, string source, string extension, Func<BinaryReader, T> load, Func<T> make, Action<BinaryWriter, T> save)
        where T : class
    {
        string path = folder.Entry(source, extension);
        if (TryLoad(path, load) is { } loaded) return loaded;
        var made = make();
        TrySave(folder, path, writer => save(writer, made));
        return made;
    }

    private static T? TryLoad<T>(string path, Func<BinaryReader, T> load)
        where T : class
    {
        try
        {
            if (!CacheFolder.Touch(path)) return null;
            byte[] bytes = File.ReadAllBytes(path);
            if (bytes.Length < HashLength || !SHA256.HashData(bytes.AsSpan(..^HashLength)).AsSpan().SequenceEqual(bytes.AsSpan(^HashLength..))) return null;
            using var reader = new BinaryReader(new MemoryStream(bytes, 0, bytes.Length - HashLength), Encoding.UTF8);
            return load(reader);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void TrySave(CacheFolder folder, string path, Action<BinaryWriter> save)
    {
        try
        {
            using var memory = new MemoryStream();
            using var writer = new BinaryWriter(memory, Encoding.UTF8);
            save(writer);
            writer.Flush();
            writer.Write(SHA256.HashData(memory.GetBuffer().AsSpan(0, (int)memory.Length)));
            folder.MakeRoom(memory.Length);
            string partial = $"{path}.{Guid.NewGuid():N}.partial";
            File.WriteAllBytes(partial, memory.ToArray());
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next one to open the file makes the pass again.
        }
    }
}
