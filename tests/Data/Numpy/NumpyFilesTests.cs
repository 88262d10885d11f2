using System.IO.Compression;
using System.Text;
using FedPure.Data.Readers.Numpy;
using FedPure.Data.Writers;
using FedPure.TestData;

namespace FedPure.Data.Numpy;

public sealed class NumpyFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fedpure-npz").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("tiny.npz")]
    [InlineData("tiny-stored.npz")]
    public void ArraysAreReadWithTheirClients(string name)
    {
        var split = Assert.Single(NumpyFiles.Read(Repository.Golden($"seeds/{name}")));
        Assert.Equal("train", split.Name);
        Assert.Equal([0f, 0.25f, 0.5f, 1f, 1f, 1f, 0f, 0f, 0.5f, 0.5f, 0.5f, 0.5f], split.Examples.Features.ToArray());
        Assert.Equal([1, 0, 2], split.Examples.Labels.ToArray());
        Assert.Equal(["a", "b"], split.Clients!.ClientIds.ToArray());
        Assert.Equal([1, 0], split.Clients.GetClient("a").Examples.Labels.ToArray()[..2]);
    }

    [Fact]
    public void WhatIsWrittenIsReadBackAndLooksAsNumPyWantsIt()
    {
        var table = new ExampleTable(new float[] { 1, float.Epsilon, -0f, 3.25f, 5, 6 }, new[] { 4, 0, 2 }, [2]);
        var data = new FederatedDataset(table, new Dictionary<string, RowSet> { ["𝄞é"] = new(1, 2), ["b"] = new(0, 1) });
        string path = Path.Combine(_folder, "x.npz");
        NpzWriter.Write(path, new FederatedSplits([new("train", data), new("more_than_train", data)]));
        var splits = NumpyFiles.Read(path);
        Assert.Equal(["train", "more_than_train"], splits.Select(split => split.Name));
        foreach (string id in data.ClientIds)
        {
            var (one, other) = (data.GetClient(id), splits[1].Clients!.GetClient(id));
            for (int i = 0; i < one.Count; i++)
            {
                Assert.Equal(
                    one.Features(i).ToArray().Select(BitConverter.SingleToInt32Bits), other.Features(i).ToArray().Select(BitConverter.SingleToInt32Bits));
            }
        }

        using var zip = ZipFile.OpenRead(path);
        using var entry = zip.GetEntry("client_train.npy")!.Open();
        var bytes = new byte[128];
        entry.ReadExactly(bytes);
        Assert.Equal("\u0093NUMPY\u0001\0v\0{'descr': '<U2', 'fortran_order': False, 'shape': (3,), }".PadRight(127) + "\n", Encoding.Latin1.GetString(bytes));
    }

    [Theory]
    [InlineData("<f8", "000000000000F83F", 1.5f)]
    [InlineData(">f8", "3FF8000000000000", 1.5f)]
    [InlineData(">f4", "3FC00000", 1.5f)]
    [InlineData("<f2", "003E", 1.5f)]
    [InlineData("|i1", "FE", -2f)]
    [InlineData("<i2", "FEFF", -2f)]
    [InlineData(">i4", "FFFFFFFE", -2f)]
    [InlineData("<i8", "FEFFFFFFFFFFFFFF", -2f)]
    [InlineData("<u8", "FFFFFFFFFFFFFFFF", 18446744073709551615f)]
    [InlineData("|b1", "01", 1f)]
    [InlineData("|u1", "33", 0.8f)]
    public void NumbersOfAllTypesBecomeFloat32(string type, string hex, float expected)
    {
        Write("x", type, "(1, 1)", Convert.FromHexString(hex));
        Write("y", "|u1", "(1,)", [3]);
        var split = Assert.Single(NumpyFiles.Read(_folder));
        Assert.Equal(expected, split.Examples.Features.Span[0]);
        Assert.Null(split.Clients);
    }

    [Theory]
    [InlineData("|S3", "616200" + "C3A900", "ab,é")]
    [InlineData(">U1", "00000061" + "0001D11E", "a,𝄞")]
    [InlineData("|i1", "FF" + "02", "-1,2")]
    [InlineData("<u4", "FFFFFFFF" + "02000000", "2,4294967295")]
    public void IdsMayBeTextsOrNumbers(string type, string hex, string ids)
    {
        Write("x_test", "<f4", "(2,)", new byte[8]);
        Write("y_test", "|i1", "(2, 1)", [0, 1]);
        Write("client_test", type, "(2,)", Convert.FromHexString(hex));
        Assert.Equal(ids, string.Join(',', Assert.Single(NumpyFiles.Read(_folder)).Clients!.ClientIds));
    }

    [Theory]
    [InlineData("<f4", "(1, 1)", "0000C07F", "value 0 is NaN")]
    [InlineData("<f8", "(1, 1)", "000000000000F07F", "value 0 is Infinity")]
    [InlineData("<f8", "(1, 1)", "9C7500883CE4377E", "features must be finite in float32")]
    [InlineData("<f4", "(1, 2)", "00000000", "promises 8 bytes of values, but it ends after 4")]
    [InlineData("<f4", "(1, 1)", "0000000000", "left over after the 4")]
    [InlineData("<f4", "(1, -1)", "", "the size -1")]
    [InlineData("<f4", "(99999, 99999)", "", "more than")]
    [InlineData("<f4", "(9223372036854775807, 2)", "", "more than")]
    [InlineData("<f4", "(1, 0)", "", "positive sizes")]
    [InlineData("<f4", "()", "00000000", "positive sizes")]
    [InlineData("|O", "(1,)", "00", "objects never")]
    [InlineData("<f3", "(1,)", "00", "'<f3'")]
    [InlineData("<U1", "(1,)", "61000000", "numbers are needed")]
    [InlineData("<f4", "(1", "", "damaged")]
    [InlineData("<f4", "(x,)", "", "a whole number should stand")]
    public void DamagedArraysAreNamed(string type, string shape, string hex, string reason)
    {
        string path = Write("x", type, shape, Convert.FromHexString(hex));
        Write("y", "|i1", "(1,)", [0]);
        AssertRefused(path, reason, "");
    }

    [Theory]
    [InlineData("|i1", "(1,)", "FF", "value 0 is -1")]
    [InlineData("<f4", "(1,)", "0000C03F", "value 0 is 1.5")]
    [InlineData("<i4", "(1,)", "FFFFFF7F", "a label is a whole number from 0 to 1048575")]
    [InlineData("|i1", "(2,)", "0000", "but x has 1 examples")]
    [InlineData("|i1", "(1, 2)", "0000", "its shape is (1, 2)")]
    public void LabelsThatAreNone(string type, string shape, string hex, string reason)
    {
        Write("x", "<f4", "(1, 1)", new byte[4]);
        AssertRefused(Write("y", type, shape, Convert.FromHexString(hex)), reason, "");
    }

    [Theory]
    [InlineData("<U1", "00D80000", "D800, which is no Unicode character")]
    [InlineData("|S2", "C328", "not valid UTF-8")]
    [InlineData("<f4", "00000000", "client ids are texts or whole numbers")]
    public void IdsThatAreNone(string type, string hex, string reason)
    {
        Write("x", "<f4", "(1, 1)", new byte[4]);
        Write("y", "|i1", "(1,)", [0]);
        AssertRefused(Write("client", type, "(1,)", Convert.FromHexString(hex)), reason, "");
    }

    [Fact]
    public void OtherHeadersAndMissingArrays()
    {
        AssertRefused(_folder, "no arrays", "");
        string x = Write("x", "<f4", "(1, 1)", new byte[4]);
        AssertRefused(_folder, "no y with the labels", "");
        Write("y", "|i1", "(1,)", [0]);
        byte[] good = File.ReadAllBytes(x);
        foreach (
            var (damage, reason) in new (byte[], string)[] { ([], "magic"), ([.. good[..6], 9, .. good[7..]], "version 9"), (good[..9], "inside its header"), (good[..40], "inside the"), ([.. good[..6], 2, 0, 0, 0, 0, 64], "claims 1073741824 bytes") })
        {
            File.WriteAllBytes(x, damage);
            AssertRefused(x, reason, "");
        }

        File.WriteAllBytes(x, Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(good).Replace("False", "True ", StringComparison.Ordinal)));
        AssertRefused(x, "fortran_order", "");
        File.WriteAllBytes(x, [.. good[..6], 2, 0, (byte)(good.Length - 4 - 10), 0, 0, 0, .. good[10..]]);
        Assert.Single(NumpyFiles.Read(_folder));
    }

    [Theory]
    [InlineData("tiny.npz")]
    [InlineData("tiny-stored.npz")]
    public void EveryTruncationIsRefused(string name)
    {
        byte[] whole = File.ReadAllBytes(Repository.Golden($"seeds/{name}"));
        string path = Path.Combine(_folder, name);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            AssertRefused(path, "", path);
        }
    }

    [Fact]
    public void ADamagedArchiveIsNamedAndSoIsAWrongChecksum()
    {
        string path = Path.Combine(_folder, "x.npz");
        File.WriteAllText(path, "hello");
        AssertRefused(path, "zip archive is damaged", path);
        byte[] bytes = File.ReadAllBytes(Repository.Golden("seeds/tiny-stored.npz"));
        int value = bytes.AsSpan().IndexOf(new byte[] { 0, 0, 128, 62 });
        bytes[value + 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        AssertRefused(path + "/x_train.npy", "does not match its checksum", path);
    }

    [Fact]
    public void MemoryFollowsTheBytesAndNotTheHeader()
    {
        Write("x", "<f4", "(500000000, 1)", new byte[400]);
        Write("y", "|i1", "(1,)", [0]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<DataFormatException>(() => NumpyFiles.Read(_folder));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private void AssertRefused(string named, string reason, string path)
    {
        var error = Assert.Throws<DataFormatException>(() => NumpyFiles.Read(path.Length == 0 ? _folder : path));
        Assert.StartsWith(named + ": ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private string Write(string name, string type, string shape, byte[] values)
    {
        string path = Path.Combine(_folder, name + ".npy");
        string header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}\n";
        File.WriteAllBytes(path, [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. values]);
        return path;
    }
}
