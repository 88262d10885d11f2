using System.Globalization;

namespace FedPure.TestData;

/// <summary>
/// Reads damaged copies of a good file, many of them: flipped bits, bytes of special values, pieces cut off, doubled or left out. Case i of a seed is always
/// the same, so that a failure can be run again. FEDPURE_MUTATIONS sets their number.
/// </summary>
internal static class Mutations
{
    private const int DefaultCount = 100_000;

    // No case takes a second; one that takes this long never ends.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Cases to run.</summary>
    public static int Count { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("FEDPURE_MUTATIONS"), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            ? count : DefaultCount;

    /// <summary>Runs all cases on files, each in memory where the system offers that.</summary>
    /// <typeparam name="TError">The only exception that <paramref name="read"/> may throw.</typeparam>
    /// <param name="good">The file whole.</param>
    /// <param name="name">The name of its damaged copies.</param>
    /// <param name="read">Reads a copy by its path.</param>
    public static void RunOnFiles<TError>(byte[] good, string name, Action<string> read)
        where TError : Exception
    {
        string folder = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"fedpure-{Guid.NewGuid():N}"),
            path = Path.Combine(folder, name);
        Directory.CreateDirectory(folder);
        try
        {
            Run<TError>(good, name, bytes =>
            {
                File.WriteAllBytes(path, bytes);
                read(path);
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Runs all cases.</summary>
    public static void Run<TError>(byte[] good, string name, Action<byte[]> read)
        where TError : Exception
    {
        read(good);
        int current = 0, seen = -1, refused = 0;
        using var watchdog = new Timer(
            _ =>
            {
                if (seen == current) Environment.FailFast($"{name}: case {current} has been running for {Patience}.");
                seen = current;
            },
            null,
            Patience,
            Patience);
        for (; current < Count; current++)
        {
            try
            {
                read(Mutate(good, new Random(current)));
            }
            catch (TError)
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"{name}: case {current} throws {e}");
            }
        }

        // A reader that refuses nothing, or that was given nothing to read, has shown nothing.
        Assert.InRange(refused, Count / 10, Count);
    }

    /// <summary>Reads the start of a good file with other bytes behind it, which may only throw <typeparamref name="TError"/>.</summary>
    /// <typeparam name="TError">The only exception that <paramref name="read"/> may throw.</typeparam>
    /// <param name="good">The file whole.</param>
    /// <param name="kept">How much of it stays, taken modulo its length and one more.</param>
    /// <param name="tail">What follows.</param>
    /// <param name="read">Reads bytes.</param>
    public static void WithTail<TError>(byte[] good, int kept, byte[] tail, Action<byte[]> read)
        where TError : Exception
    {
        if (Record.Exception(() => read([.. good[..(int)((uint)kept % (good.Length + 1))], .. tail])) is { } error and not TError)
            Assert.Fail($"It throws {error}");
    }

    private static byte[] Mutate(byte[] good, Random random)
    {
        byte[] bytes = good;
        for (int changes = random.Next(1, 5); changes > 0 && bytes.Length > 0; changes--)
        {
            int at = random.Next(bytes.Length), length = random.Next(1, Math.Min(16, bytes.Length - at) + 1);
            bytes = random.Next(10) switch
            {
                < 4 => With(bytes, at, (byte)(bytes[at] ^ 1 << random.Next(8))),
                4 => With(bytes, at, (byte)random.Next(256)),
                5 or 6 => With(bytes, at, new byte[] { 0, 1, 0x7F, 0x80, 0xFE, 0xFF, (byte)'-', (byte)'9' }[random.Next(8)]),
                7 => bytes[..at],
                8 => [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]],
                _ => [.. bytes[..at], .. bytes[(at + length)..]],
            };
        }

        return bytes;
    }

    private static byte[] With(byte[] bytes, int at, byte value)
    {
        byte[] changed = [.. bytes];
        changed[at] = value;
        return changed;
    }
}
