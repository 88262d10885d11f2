using System.Buffers.Binary;
using System.Text;
using FedPure.Data;
using FsCheck.Xunit;

namespace FedPure.Learning.Models;

public sealed class SafetensorsWeightsTests : IDisposable
{
    private static readonly ParameterLayout Layout = new([("dense/kernel", [2, 3], true), ("dense/bias", [3], false)]);
    private static readonly ModelWeights Weights = ModelWeights.FromCanonical(Layout, [1, 2, 3, 4, 5, 6, 7, 8, 9]);

    private const string Kernel = """ "dense/kernel":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]} """,
    Bias = """ "dense/bias":{"dtype":"F32","shape":[3],"data_offsets":[24,36]} """;

    private readonly string _folder = Directory.CreateTempSubdirectory("fedpure-safetensors").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string File1 => Path.Combine(_folder, "w.safetensors");

    [Fact]
    public void TheFileIsTheFormatsOwnBytes()
    {
        // By hand from the format's description: length, header padded to a multiple of 8, values in the order of their offsets.
        const string Header =
            """{"dense/kernel":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"dense/bias":{"dtype":"F32","shape":[3],"data_offsets":[24,36]}}""";
        int padded = (Header.Length + 7) / 8 * 8;
        SafetensorsWeights.Write(File1, Weights);
        byte[] bytes = File.ReadAllBytes(File1);
        Assert.Equal((ulong)padded, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        Assert.Equal(Header.PadRight(padded), Encoding.UTF8.GetString(bytes, 8, padded));
        Assert.Equal(Weights.ToBytes(), bytes[(8 + padded)..]);
        Assert.Equal([File1], Directory.GetFiles(_folder));
    }

    [Property]
    public void FilesRoundTripBitForBit(float[] values)
    {
        float[] canonical = [.. Enumerable.Range(0, 9).Select(i => i < values.Length && float.IsFinite(values[i]) ? values[i] : i)];
        var weights = ModelWeights.FromCanonical(Layout, canonical);
        SafetensorsWeights.Write(File1, weights);
        Assert.Equal(weights.Sha256(), SafetensorsWeights.Read(File1, Layout).Sha256());
    }

    [Fact]
    public void TensorsMayLieInAnyOrderAndMetadataIsPassedOver()
    {
        Write(
            """{"__metadata__":{"format":"pt"},"dense/bias":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"dense/kernel":{"data_offsets":[12,36],"shape":[2,3],"dtype":"F32"}}""",
            [7, 8, 9, 1, 2, 3, 4, 5, 6]);
        Assert.Equal(Weights.Sha256(), SafetensorsWeights.Read(File1, Layout).Sha256());
    }

    [Theory]
    [InlineData("{" + Kernel + "}", 6, "no tensor 'dense/bias', but dense/kernel")]
    [InlineData("{" + Kernel + "," + Bias + ""","more":{"dtype":"F32","shape":[1],"data_offsets":[36,40]}}""", 10, "'more' is none of the model's")]
    [InlineData("{" + Kernel + "," + Kernel + "," + Bias + "}", 9, "'dense/kernel' twice")]
    [InlineData("{" + Kernel + ""","dense/bias":{"dtype":"F16","shape":[3],"data_offsets":[24,36]}}""", 9, "F16")]
    [InlineData("{" + Kernel + ""","dense/bias":{"dtype":"F32","shape":[1,3],"data_offsets":[24,36]}}""", 9, "[1×3]")]
    [InlineData("{" + Kernel + ""","dense/bias":{"dtype":"F32","shape":[3],"data_offsets":[20,36]}}""", 9, "should at")]
    [InlineData("{" + Kernel + ""","dense/bias":{"dtype":"F32","shape":[3],"data_offsets":[24,32]}}""", 9, "the file has")]
    [InlineData("{" + Kernel + ""","dense/bias":{"dtype":"F32","shape":[3],"data_offsets":[24,32]}}""", 8, "takes the 8 bytes")]
    [InlineData("{" + Kernel + ""","dense/bias":{"dtype":"F32","shape":[3],"data_offsets":[-24,36]}}""", 9, "from -24 to 36")]
    [InlineData("{" + Kernel + ""","dense/bias":{"dtype":"F32","shape":[3],"data_offsets":[24]}}""", 9, "two data_offsets")]
    [InlineData("{" + Kernel + ""","dense/bias":{"dtype":"F32","shape":[3.5],"data_offsets":[24,36]}}""", 9, "header")]
    [InlineData("{" + Kernel + ""","dense/bias":{"dtype":3,"shape":[3],"data_offsets":[24,36]}}""", 9, "header")]
    [InlineData("{" + Kernel + ""","dense/bias":{"dtype":"F32","shape":[3],"data_offsets":[24,36],"x":1}}""", 9, "unknown property 'x'")]
    [InlineData("{" + Kernel + "," + Bias, 9, "header")]
    [InlineData("{" + Kernel + "," + Bias + "} x", 9, "header")]
    [InlineData("[]", 0, "header")]
    public void DamageIsNamed(string header, int values, string reason)
    {
        Write(header, [.. Enumerable.Range(1, values).Select(value => (float)value)]);
        var error = Assert.Throws<DataFormatException>(() => SafetensorsWeights.Read(File1, Layout));
        Assert.StartsWith(File1, error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 }, "after 3 bytes")]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255 }, "promise a header")]
    [InlineData(new byte[] { 0, 0, 0, 64, 0, 0, 0, 0, 0 }, "promise a header of 1073741824 bytes")]
    public void AHeaderThatTheFileCannotHoldIsRefused(byte[] bytes, string reason)
    {
        File.WriteAllBytes(File1, bytes);
        Assert.Contains(reason, Assert.Throws<DataFormatException>(() => SafetensorsWeights.Read(File1, Layout)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NonFiniteWeightsAreRefusedByPlace()
    {
        Write("{" + Kernel + "," + Bias + "}", [1, 2, 3, 4, float.NaN, 6, 7, 8, 9]);
        Assert.Contains(
            "value 4 of 'dense/kernel'", Assert.Throws<DataFormatException>(() => SafetensorsWeights.Read(File1, Layout)).Message, StringComparison.Ordinal);
    }

    private void Write(string header, float[] values)
    {
        using var file = File.Create(File1);
        Span<byte> length = stackalloc byte[8];
        byte[] json = Encoding.UTF8.GetBytes(header);
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        file.Write(length);
        file.Write(json);
        Span<byte> four = stackalloc byte[4];
        foreach (float value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(four, value);
            file.Write(four);
        }
    }
}
