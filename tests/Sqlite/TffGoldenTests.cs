using System.Security.Cryptography;
using FedPure.Data;
using FedPure.Digits;
using FedPure.TestData;
using Microsoft.Data.Sqlite;

namespace FedPure.Sqlite;

/// <summary>Files that TensorFlow Federated wrote give the embedded clients bit for bit, and what we write are its bytes.</summary>
public sealed class TffGoldenTests : IDisposable
{
    // Of the file that both containers hold, from the description of the golden data.
    private const string UnpackedSha256 = "141e945c6863750775f1c326658b39659587af36d3774a0bf1b147928a3d39c9";

    private static readonly FederatedSplits Digits = DigitsDataset.Load();

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("digits10.sqlite.xz")]
    [InlineData("digits10.sqlite.lzma")]
    public void BothContainersGiveTheEmbeddedClients(string name)
    {
        AssertFirstTen(TffFiles.Open(Repository.Golden($"digits/{name}"), _folder.Options));
        string unpacked = Assert.Single(_folder.CacheFiles, file => file.EndsWith(".sqlite", StringComparison.Ordinal));
        Assert.Equal(UnpackedSha256, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(unpacked))));
    }

    [Fact]
    public void WhatIsWrittenHasUpstreamsRowsAndBytes()
    {
        string golden = Unpack(), written = _folder.File("written.sqlite");
        TffWriter.Write(written, TffFiles.Open(golden, _folder.Options));
        foreach (
            string table in (string[])["SELECT rowid, * FROM examples ORDER BY rowid", "SELECT rowid, * FROM client_metadata ORDER BY rowid", "SELECT name, type, \"notnull\", pk FROM pragma_table_info('examples')", "SELECT name, type, \"notnull\", pk FROM pragma_table_info('client_metadata')"])
            Assert.Equal(Rows(golden, table), Rows(written, table));
        AssertFirstTen(TffFiles.Open(written, _folder.Options));
    }

    [Fact]
    public void TheEmbeddedClientsAreWrittenAsUpstreamWouldWriteThem()
    {
        // Rows of the first ten clients, each split: the golden file holds just these.
        string golden = Unpack(), written = _folder.File("written.sqlite");
        TffWriter.Write(written, Digits);
        const string FirstTen = "SELECT split_name, client_id, serialized_example_proto FROM examples WHERE client_id < 'f0010' ORDER BY rowid";
        Assert.Equal(Rows(golden, FirstTen), Rows(written, FirstTen));
    }

    [Fact]
    public void AReaderThatSharesNothingWithOursFindsEveryClientAndBit()
    {
        // In the file that we write, and in the one that upstream wrote, so that the reader is checked too.
        string written = _folder.File("written.sqlite");
        TffWriter.Write(written, Digits);
        foreach (var (path, clients) in new[] { (written, 100), (Unpack(), 10) })
        {
            using var reader = new UpstreamReader(path);
            Assert.Equal(["ok"], reader.Column("PRAGMA integrity_check"));
            Assert.Equal(["UTF-8"], reader.Column("PRAGMA encoding"));
            foreach (string split in Digits.Names)
            {
                var data = Digits[split];
                Assert.Equal(data.ClientIds[..clients].ToArray(), reader.ClientIds(split));
                foreach (string id in data.ClientIds[..clients])
                {
                    var client = data.GetClient(id);
                    var examples = reader.Examples(id, split);
                    Assert.Equal(
                        [(long)client.Count], reader.Column($"SELECT num_examples FROM client_metadata WHERE client_id = '{id}' AND split_name = '{split}'"));
                    Assert.Equal(client.Count, examples.Count);
                    for (int i = 0; i < examples.Count; i++)
                    {
                        Assert.Equal(["label", "pixels"], examples[i].Keys);
                        Assert.Equal(new long[] { client.Label(i) }, Assert.IsType<long[]>(examples[i]["label"]));
                        Assert.True(client.Features(i).SequenceEqual(Assert.IsType<float[]>(examples[i]["pixels"])), $"{split} {id} {i}");
                    }
                }
            }
        }
    }

    [Fact]
    public void TheUsersFileIsLeftAlone()
    {
        string golden = Unpack(), hash = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(golden)));
        string[] beside = Directory.GetFiles(Path.GetDirectoryName(golden)!);
        AssertFirstTen(TffFiles.Open(golden, _folder.Options));
        Assert.Equal(hash, Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(golden))));
        Assert.Equal(beside, Directory.GetFiles(Path.GetDirectoryName(golden)!));
    }

    private static void AssertFirstTen(FederatedSplits data)
    {
        Assert.Equal(["train", "test"], data.Names.ToArray());
        foreach (string split in data.Names)
        {
            var (expected, actual) = (Digits[split], data[split]);
            Assert.Equal("<label=int32,pixels=float32[28,28]>", actual.Element.ToString());
            Assert.Equal(expected.ClientIds[..10].ToArray(), actual.ClientIds.ToArray());
            foreach (string id in actual.ClientIds)
            {
                var (one, other) = (expected.GetClient(id), actual.GetClient(id));
                Assert.Equal(one.Count, other.Count);
                for (int i = 0; i < one.Count; i++)
                {
                    Assert.Equal(one.Features(i), other.Features(i));
                    Assert.Equal(one.Label(i), other.Label(i));
                }
            }

            Assert.Equal(actual.ClientIds.Sum(id => actual.GetClient(id).Count), actual.CountLabels().Sum());
        }
    }

    private string Unpack()
    {
        string path = _folder.File("golden.sqlite");
        using var input = File.OpenRead(Repository.Golden("digits/digits10.sqlite.xz"));
        using var output = File.Create(path);
        Compression.Unpacker.Unpack(input, "golden", output, long.MaxValue);
        return path;
    }

    private static List<string> Rows(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(
                string.Join(
                    '|',
                    Enumerable.Range(0, reader.FieldCount).Select(
                        i => reader.GetValue(i) is byte[] bytes ? Convert.ToHexString(SHA256.HashData(bytes)) : reader.GetValue(i).ToString())));
        }

        return rows;
    }
}
