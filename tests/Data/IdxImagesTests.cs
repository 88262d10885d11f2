using FedPure.Data.Readers;
using FedPure.TestData;

namespace FedPure.Data;

public sealed class IdxImagesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fedpure-idx").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void PixelsAreTheGoldenTableBitForBit()
    {
        var pixels = new float[256];
        IdxImages.ToPixels([.. Enumerable.Range(0, 256).Select(value => (byte)value)], pixels);
        Assert.Equal(Repository.GoldenFloats("digits/pixel-table.f32"), pixels);
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "train")]
    [InlineData("emnist-digits-train-images-idx3-ubyte", "emnist-digits-train-labels-idx1-ubyte", "train")]
    [InlineData("t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte", "test")]
    [InlineData("digits-test-images-idx3-ubyte.gz", "digits-test-labels-idx1-ubyte.gz", "test")]
    public void TheUsualNamesAreFound(string images, string labels, string split)
    {
        Write(images, [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255, 51, 0]);
        Write(labels, [0, 0, 8, 1, 0, 0, 0, 2, 3, 9]);
        var (name, table) = Assert.Single(IdxImages.ReadDirectory(_folder));
        Assert.Equal(split, name);
        Assert.Equal([1f, 0f, 0.8f, 1f], table.Features.ToArray());
        Assert.Equal([3, 9], table.Labels.ToArray());
        Assert.Equal([1, 2], table.Shape.ToArray());
        Assert.Equal(10, table.ClassCount);
    }

    [Fact]
    public void LabelsThatDoNotMatchTheirImagesAreRefused()
    {
        Write("train-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0]);
        Write("train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 2, 3, 9]);
        var error = Assert.Throws<DataFormatException>(() => IdxImages.ReadDirectory(_folder));
        Assert.Contains("2 labels, but train-images-idx3-ubyte has 1 images", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ImagesWithoutLabelsAreNamed()
    {
        Write("train-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
        var error = Assert.Throws<DataFormatException>(() => IdxImages.ReadDirectory(_folder));
        Assert.Contains("images of the split 'train', but not the labels", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoCandidatesAreNotChosenBetween()
    {
        Write("train-images-idx3-ubyte", []);
        Write("train-images-idx3-ubyte.gz", []);
        var error = Assert.Throws<DataFormatException>(() => IdxImages.ReadDirectory(_folder));
        Assert.Contains("could both be meant", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnEmptyFolderSaysWhatItShouldHold() =>
        Assert.Contains("train-images", Assert.Throws<DataFormatException>(() => IdxImages.ReadDirectory(_folder)).Message, StringComparison.Ordinal);

    private void Write(string name, byte[] bytes) => File.WriteAllBytes(Path.Combine(_folder, name), bytes);
}
