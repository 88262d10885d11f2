namespace FedPure.Sqlite;

public sealed class CacheFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fedpure-cache").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void WhatWasUsedLongestAgoGoesFirst()
    {
        for (int i = 0; i < 4; i++)
        {
            string path = Path.Combine(_folder, $"{i}");
            File.WriteAllBytes(path, new byte[10]);
            File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddDays(i));
        }

        Assert.True(CacheFolder.Touch(Path.Combine(_folder, "0")));
        Assert.False(CacheFolder.Touch(Path.Combine(_folder, "none")));
        new CacheFolder(_folder, Limit: 40).MakeRoom(15);
        Assert.Equal(["0", "3"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void AnEntryBelongsToAFileAsItIs()
    {
        string source = Path.Combine(_folder, "source");
        File.WriteAllText(source, "a");
        var cache = new CacheFolder(_folder);
        string entry = cache.Entry(source, ".x");
        Assert.Equal(entry, cache.Entry(source, ".x"));
        File.WriteAllText(source, "ab");
        Assert.NotEqual(entry, cache.Entry(source, ".x"));
    }

    [Fact]
    public void TheDefaultFollowsTheEnvironment()
    {
        using var process = new RestoredVariables(CacheFolder.PathVariable, CacheFolder.LimitVariable, "XDG_CACHE_HOME");
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", "/some/xdg");
        Environment.SetEnvironmentVariable(CacheFolder.PathVariable, null);
        Environment.SetEnvironmentVariable(CacheFolder.LimitVariable, null);
        Assert.Equal(new CacheFolder(Path.Combine("/some/xdg", "fedpure"), CacheFolder.DefaultLimit), CacheFolder.Default);
        Environment.SetEnvironmentVariable(CacheFolder.PathVariable, "/elsewhere");
        Environment.SetEnvironmentVariable(CacheFolder.LimitVariable, "1000");
        Assert.Equal(new CacheFolder("/elsewhere", 1000), CacheFolder.Default);
    }

    private sealed class RestoredVariables(params string[] names) : IDisposable
    {
        private readonly string?[] _values = [.. names.Select(Environment.GetEnvironmentVariable)];

        public void Dispose()
        {
            for (int i = 0; i < names.Length; i++) Environment.SetEnvironmentVariable(names[i], _values[i]);
        }
    }
}
