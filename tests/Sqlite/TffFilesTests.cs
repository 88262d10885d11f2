using FedPure.Data;

namespace FedPure.Sqlite;

public sealed class TffFilesTests : IDisposable
{
    private const string OneClient = TestFolder.Tables
        + "INSERT INTO examples VALUES ('train', 'a', $e); INSERT INTO client_metadata VALUES ('a', 'train', 1);";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void RowsOfAClientMayLieAnywhereAndKeepTheirOrder()
    {
        string path = _folder.Execute(TestFolder.Tables + "INSERT INTO client_metadata VALUES ('b', 's', 3), ('a', 's', 1), ('c', 's', 0), ('a', 't', 0);");
        foreach (var (client, value) in new[] { ("b", 1f), ("a", 2f), ("b", 3f), ("b", 4f) })
            _folder.Execute($"INSERT INTO examples VALUES ('s', '{client}', $e)", example: TestFolder.Example(value, (int)value));
        var splits = TffFiles.Open(path, _folder.Options);
        Assert.Equal(["s", "t"], splits.Names.ToArray());
        var data = splits["s"];
        Assert.Equal(["a", "b", "c"], data.ClientIds.ToArray());
        Assert.Equal([1f, 3f, 4f], data.GetClient("b").Examples.Features.ToArray());
        Assert.Equal([1, 3, 4], data.GetClient("b").Examples.Labels.ToArray());
        Assert.Equal(0, data.GetClient("c").Examples.Count);
        Assert.Equal([0, 1, 1, 1, 1], data.CountLabels().ToArray());
        Assert.Equal(["a"], splits["t"].ClientIds.ToArray());
        Assert.Empty(splits["t"].CountLabels());
    }

    [Fact]
    public void PlacesAndCountsAreKeptInTheCacheFolderUntilTheFileChanges()
    {
        string path = _folder.Execute(OneClient);
        var data = TffFiles.Open(path, _folder.Options)["train"];
        Assert.Empty(_folder.CacheFiles);
        Assert.Equal(1, data.GetClient("a").Label(0));
        Assert.Equal([".rows2"], _folder.CacheFiles.Select(Path.GetExtension));
        Assert.Equal([0, 1], data.CountLabels().ToArray());
        Assert.Equal(2, _folder.CacheFiles.Length);

        // Kept: the pass would fail on a file whose rows a client does not own, but the places say only where to look.
        var before = _folder.CacheFiles;
        Assert.Equal(1, TffFiles.Open(path, _folder.Options)["train"].GetClient("a").Label(0));
        Assert.Equal(before, _folder.CacheFiles);

        _folder.Execute("INSERT INTO examples VALUES ('train', 'a', $e); UPDATE client_metadata SET num_examples = 2", example: TestFolder.Example(0.5f, 3));
        var changed = TffFiles.Open(path, _folder.Options)["train"];
        Assert.Equal([1, 3], changed.GetClient("a").Examples.Labels.ToArray());
        Assert.Equal([0, 1, 0, 1], changed.CountLabels().ToArray());
    }

    [Fact]
    public void ADamagedSidecarIsMadeAnew()
    {
        string path = _folder.Execute(OneClient);
        TffFiles.Open(path, _folder.Options)["train"].GetClient("a").Label(0);
        string sidecar = Assert.Single(_folder.CacheFiles);
        byte[] good = File.ReadAllBytes(sidecar);
        foreach (byte[] bad in (byte[][])[[], good[1..], [.. good[..^1], (byte)(good[^1] ^ 1)]])
        {
            File.WriteAllBytes(sidecar, bad);
            Assert.Equal(1, TffFiles.Open(path, _folder.Options)["train"].GetClient("a").Label(0));
            Assert.Equal(good, File.ReadAllBytes(sidecar));
        }
    }

    [Fact]
    public void ACacheFolderThatCannotBeMadeIsNoError()
    {
        string path = _folder.Execute(OneClient), file = _folder.File("file");
        File.WriteAllText(file, "");
        var options = _folder.Options with { CacheFolder = new CacheFolder(Path.Combine(file, "cache")) };
        Assert.Equal(1, TffFiles.Open(path, options)["train"].GetClient("a").Label(0));
    }

    [Fact]
    public void AnIndexInTheFileNeedsNoPass()
    {
        string path = _folder.Execute(OneClient + "CREATE INDEX i ON examples (split_name, client_id)");
        Assert.Equal(1, TffFiles.Open(path, _folder.Options)["train"].GetClient("a").Label(0));
        Assert.Empty(_folder.CacheFiles);
    }

    [Fact]
    public void IdsAreValuesAndNeverStatements()
    {
        const string Id = "x'; DROP TABLE examples; --";
        string sql = TestFolder.Tables
            + $"INSERT INTO examples VALUES ('train', '{Id.Replace("'", "''", StringComparison.Ordinal)}', $e); "
            + "INSERT INTO client_metadata SELECT client_id, split_name, 1 FROM examples;";
        foreach (string index in (string[])["", "CREATE INDEX i ON examples (client_id)"])
        {
            string path = _folder.Execute(sql + index, index.Length == 0 ? "plain.sqlite" : "indexed.sqlite");
            var data = TffFiles.Open(path, _folder.Options)["train"];
            Assert.Equal([Id], data.ClientIds.ToArray());
            Assert.Equal(1, data.GetClient(Id).Label(0));
        }

        string written = _folder.File("written.sqlite");
        TffWriter.Write(written, TffFiles.Open(_folder.File("plain.sqlite"), _folder.Options));
        Assert.Equal(1, TffFiles.Open(written, _folder.Options)["train"].GetClient(Id).Label(0));
    }

    [Fact]
    public void FeaturesAndShapeCanBeGiven()
    {
        // Features: id = 7 (int64), image = [1, 2, 3, 4] (int64, not packed), y = 2 (int64).
        byte[] example = Convert.FromHexString("0A2E0A0B0A02696412051A030A01070A130A05696D616765120A1A0808010802080308040A0A0A017912051A030A0102");
        string path = _folder.Execute(OneClient, example: example);
        Assert.Contains(
            "id (Int64 list), image (Int64 list), y (Int64 list), but not just one float feature beside the label; name one with x=NAME",
            Assert.Throws<DataFormatException>(() => TffFiles.Open(path, _folder.Options with { Label = "y" })).Message, StringComparison.Ordinal);
        Assert.Contains(
            "no int64 feature 'label'", Assert.Throws<DataFormatException>(() => TffFiles.Open(path, _folder.Options)).Message, StringComparison.Ordinal);
        var data = TffFiles.Open(path, _folder.Options with { Label = "y", Feature = "image", Shape = [2, 2] })["train"];
        Assert.Equal("<image=float32[2,2],y=int32>", data.Element.ToString());
        Assert.Equal([1f, 2f, 3f, 4f], data.GetClient("a").Features(0).ToArray());
        Assert.Equal(2, data.GetClient("a").Label(0));
        Assert.Throws<DataFormatException>(() => TffFiles.Open(path, _folder.Options with { Label = "y", Feature = "image", Shape = [3] }));
    }

    [Theory]
    [InlineData("", "no table examples")]
    [InlineData("CREATE TABLE examples (split_name, client_id, serialized_example_proto)", "no table client_metadata")]
    [InlineData("CREATE TABLE examples (split_name, client_id); CREATE TABLE client_metadata (client_id, split_name, num_examples)", "no column serialized_example_proto")]
    [InlineData(TestFolder.Tables, "lists no clients")]
    [InlineData(TestFolder.Tables + "INSERT INTO client_metadata VALUES ('a', 'train', 0)", "no examples")]
    [InlineData(OneClient + "INSERT INTO client_metadata VALUES ('a', 'train', 2)", "client_metadata names the client 'a' in the split 'train' a second time")]
    [InlineData(OneClient + "INSERT INTO client_metadata VALUES ('b', 'train', -1)", "-1 as num_examples")]
    [InlineData(OneClient + "INSERT INTO client_metadata VALUES ('b', 'train', 9999999999)", "9999999999 as num_examples")]
    [InlineData(OneClient + "INSERT INTO client_metadata VALUES ('b', 'train', 'many')", "many as num_examples")]
    [InlineData(OneClient + "INSERT INTO client_metadata VALUES ('b', 'train', NULL)", "no num_examples")]
    [InlineData(OneClient + "INSERT INTO client_metadata VALUES (NULL, 'train', 1)", "client_id that is not text")]
    [InlineData(OneClient + "INSERT INTO client_metadata VALUES (x'6162', 'train', 1)", "client_id that is not text")]
    [InlineData(OneClient + "INSERT INTO client_metadata VALUES (CAST(x'C328' AS TEXT), 'train', 1)", "not valid UTF-8")]
    [InlineData(OneClient + "UPDATE examples SET serialized_example_proto = x'0A'", "first example is no tf.train.Example: it has a number that does not end")]
    [InlineData(OneClient + "UPDATE examples SET serialized_example_proto = x''", "no features")]
    [InlineData(TestFolder.Tables + "DROP TABLE examples; CREATE VIEW examples AS SELECT 1 AS split_name, 2 AS client_id, 3 AS serialized_example_proto; INSERT INTO client_metadata VALUES ('a', 'train', 1)", "SQLite cannot read it")]
    public void FilesThatAreNotWhatTheyShouldBe(string sql, string reason)
    {
        string path = _folder.Execute(sql + (sql.Length == 0 ? "CREATE TABLE t (x)" : ""));
        AssertRefused(path, reason, () => TffFiles.Open(path, _folder.Options));
    }

    [Theory]
    [InlineData("INSERT INTO examples VALUES ('train', 'b', $e)", "row 2 of examples is of the client 'b' in the split 'train', which client_metadata does not list")]
    [InlineData("INSERT INTO examples VALUES ('train', 'a', $e)", "gives the client 'a' 1 examples, but 2 were read")]
    [InlineData("UPDATE client_metadata SET num_examples = 2147483647", "gives the client 'a' 2147483647 examples, but 1 were read")]
    [InlineData("UPDATE examples SET client_id = 3.5", "which client_metadata does not list")]
    public void RowsThatDoNotGoWithTheClients(string sql, string reason)
    {
        string path = _folder.Execute(OneClient + sql);
        AssertRefused(path, reason, () => TffFiles.Open(path, _folder.Options)["train"].GetClient("a").Examples.ToString());
    }

    [Theory]
    [InlineData(float.NaN, 1, "row 2 of examples, of the client 'a', has NaN as value 0 of 'x'")]
    [InlineData(float.PositiveInfinity, 1, "must be finite")]
    [InlineData(1f, -1, "has the label -1; class numbers go from 0 to 1")]
    [InlineData(1f, 2, "has the label 2; class numbers go from 0 to 1")]
    public void ValuesThatNoModelTakes(float feature, int label, string reason)
    {
        string path = _folder.Execute(OneClient);
        _folder.Execute(
            "INSERT INTO examples VALUES ('train', 'a', $e); UPDATE client_metadata SET num_examples = 2", example: TestFolder.Example(feature, label));
        AssertRefused(path, reason, () => TffFiles.Open(path, _folder.Options with { ClassCount = 2 })["train"].GetClient("a").Examples.ToString());
    }

    [Theory]
    [InlineData("has no feature 'x'", "0A100A0E0A056C6162656C12051A030A0101")]
    [InlineData("has no feature 'x'", "")]
    [InlineData("is no tf.train.Example: it has a field of 100 bytes where 1 are left", "0A6401")]
    [InlineData("is no tf.train.Example: it has a field of the unknown wire type 3", "0B")]
    [InlineData("is no tf.train.Example: it has the field number 0", "00")]
    [InlineData("has 2 values in 'x', but the first example 1", "0A230A110A0178120C120A0A080000003F0000003F0A0E0A056C6162656C12051A030A0101")]
    [InlineData("no multiple of four bytes", "0A1E0A0C0A0178120712050A030000000A0E0A056C6162656C12051A030A0101")]
    [InlineData("has a Int64 list as 'x'", "0A1C0A0A0A017812051A030A01010A0E0A056C6162656C12051A030A0101")]
    public void ExamplesThatAreNotLikeTheFirst(string reason, string hex)
    {
        string path = _folder.Execute(OneClient);
        _folder.Execute("INSERT INTO examples VALUES ('train', 'a', $e); UPDATE client_metadata SET num_examples = 2", example: Convert.FromHexString(hex));
        AssertRefused(path, reason, () => TffFiles.Open(path, _folder.Options)["train"].GetClient("a").Examples.ToString());
    }

    [Fact]
    public void FilesOfOtherKindsAndTruncatedOnes()
    {
        string path = _folder.File("x.sqlite");
        File.WriteAllText(path, "");
        AssertRefused(path, "it is empty", () => TffFiles.Open(path, _folder.Options));
        File.WriteAllText(path, "hello world, hello");
        AssertRefused(path, "starts with the bytes", () => TffFiles.Open(path, _folder.Options));
        byte[] whole = File.ReadAllBytes(_folder.Execute(OneClient));
        for (int length = 0; length < whole.Length; length += 509)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Throws<DataFormatException>(() => TffFiles.Open(path, _folder.Options)["train"].GetClient("a").Examples.ToString());
        }
    }

    [Fact]
    public void AFailedWriteLeavesTheOldFile()
    {
        string path = _folder.Execute(OneClient);
        byte[] before = File.ReadAllBytes(path);
        Directory.CreateDirectory(path + ".partial");
        Assert.ThrowsAny<Exception>(() => TffWriter.Write(path, TffFiles.Open(path, _folder.Options)));
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    private static void AssertRefused(string path, string reason, Action open)
    {
        var error = Assert.Throws<DataFormatException>(open);
        Assert.StartsWith(path + ": ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
