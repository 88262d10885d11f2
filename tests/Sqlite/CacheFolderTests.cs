namespace FedPure.Sqlite;

public sealed class CacheFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fedpure-cache").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void WhatWasUsedLongestAgoGoesFirst()
    {
        for (int i = 0; i < 4; i++) Write($"{i:D32}.x", i);
        Assert.True(CacheFolder.Touch(Path.Combine(_folder, $"{0:D32}.x")));
        Assert.False(CacheFolder.Touch(Path.Combine(_folder, "none")));
        new CacheFolder(_folder, Limit: 40).MakeRoom(15);
        Assert.Equal([$"{0:D32}.x", $"{3:D32}.x"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void FilesOfOthersAreNeitherCountedNorDeleted()
    {
        string[] others = ["thesis.tex", $"{0:D31}.x", $"{0:D32}", $"{0:D31}g.x"];
        foreach (string name in others) Write(name, day: 0);
        Write($"{1:D32}.x", 1);
        new CacheFolder(_folder, Limit: 20).MakeRoom(10);
        Assert.Equal(5, Directory.GetFiles(_folder).Length);
        new CacheFolder(_folder, Limit: 1).MakeRoom(1);
        Assert.Equal(others.Order(), Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
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
        Environment.SetEnvironmentVariable(CacheFolder.LimitVariable, "10 GB");
        Assert.Contains(
            "FEDPURE_CACHE_LIMIT takes a number of bytes, such as 21474836480, not '10 GB'", Assert.Throws<IOException>(() => CacheFolder.Default).Message,
            StringComparison.Ordinal);
    }

    private void Write(string name, int day)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, new byte[10]);
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddDays(day));
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
