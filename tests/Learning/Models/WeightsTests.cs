using System.Buffers.Binary;
using FedPure.Data;
using FsCheck.Xunit;

namespace FedPure.Learning.Models;

public sealed class WeightsTests : IDisposable
{
    private static readonly ParameterLayout Layout = new([("kernel", [2, 3], true), ("bias", [3], false)]);

    private readonly string _folder = Directory.CreateTempSubdirectory("fedpure-weights").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void CanonicalOrderIsInByOut()
    {
        // Stored [out×in]: rows are the inputs' weights of one output.
        var weights = new ModelWeights(Layout, [1, 4, 2, 5, 3, 6, 7, 8, 9]);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], weights.ToCanonical());
        Assert.Equal(weights.Parameters.ToArray(), ModelWeights.FromCanonical(Layout, weights.ToCanonical()).Parameters.ToArray());
    }

    [Fact]
    public void TheHashIsOverLittleEndianCanonicalBytes()
    {
        var bytes = new byte[36];
        for (int i = 0; i < 9; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), i + 1);
        var weights = new ModelWeights(Layout, [1, 4, 2, 5, 3, 6, 7, 8, 9]);
        Assert.Equal(bytes, weights.ToBytes());
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), weights.Sha256());
    }

    [Property]
    public void FilesRoundTripBitForBit(int seed)
    {
        var random = new System.Random(seed);
        var weights = ModelWeights.FromCanonical(Layout, [.. Enumerable.Range(0, 9).Select(_ => (float)random.NextDouble())]);
        string path = Path.Combine(_folder, "w.f32");
        RawWeights.Write(path, weights);
        Assert.Equal(weights.Sha256(), RawWeights.Read(path, Layout).Sha256());
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(35)]
    [InlineData(40)]
    public void AFileOfAnotherSizeIsRefused(int size)
    {
        string path = Path.Combine(_folder, "w.f32");
        File.WriteAllBytes(path, new byte[size]);
        var error = Assert.Throws<DataFormatException>(() => RawWeights.Read(path, Layout));
        Assert.Contains($"it has {size} bytes, but the model's 9 float32 parameters take 36", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void NonFiniteWeightsAreRefusedByPlace(float value)
    {
        var bytes = new byte[36];
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(20), value);
        string path = Path.Combine(_folder, "w.f32");
        File.WriteAllBytes(path, bytes);
        Assert.Contains("weight 5 at byte 20", Assert.Throws<DataFormatException>(() => RawWeights.Read(path, Layout)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFailedWriteLeavesTheOldFileAndNothingElse()
    {
        // A folder in the target's place: the last step, the rename, fails.
        string path = Path.Combine(_folder, "w.f32");
        Directory.CreateDirectory(path);
        Assert.ThrowsAny<Exception>(() => RawWeights.Write(path, new ModelWeights(Layout, [1, 2, 3, 4, 5, 6, 7, 8, 9])));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void TheWrongNumberOfParametersIsRefused()
    {
        Assert.Throws<ArgumentException>(() => new ModelWeights(Layout, [1]));
        Assert.Throws<ArgumentException>(() => ModelWeights.FromCanonical(Layout, [1f]));
    }
}
