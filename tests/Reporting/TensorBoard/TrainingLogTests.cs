using FedPure.Data;
using FedPure.Reporting.Exploration;
using FedPure.Reporting.Pictures;

namespace FedPure.Reporting.TensorBoard;

public sealed class TrainingLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fedpure-log").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Mean_images_name_client_and_class_and_leave_out_classes_without_examples()
    {
        // Two clients with images of 4×5 RGB: a has two of class 0 and one of class 2, b\u0001 one of class 1.
        float[] features = [.. Enumerable.Range(0, 4).SelectMany(example => Enumerable.Range(0, 60).Select(i => (example + i % 3) / 8f))];
        var data = new FederatedDataset(
            new ExampleTable(features, new[] { 0, 0, 2, 1 }, [4, 5, 3]), [new("a", new RowSet(0, 3)), new("b\u0001", new RowSet(3, 1))]);
        using (var log = new TrainingLog(_folder)) log.MeanImages(DataSurvey.Of(data, 3));
        var images = EventFileReader.Events(Assert.Single(Directory.GetFiles(Path.Combine(_folder, "training")))).Where(e => e.Plugin == "images").ToList();
        Assert.Equal(["mean_images/a/0", "mean_images/a/2", "mean_images/b\ufffd/1"], images.Select(image => image.Tag));
        Assert.Equal("Mean of 2 images of class 0 that client a has.", images[0].Description);

        // The mean of examples 0 and 1 is half an eighth above the first.
        double[] firstPixels = [0.5, 2, 3];
        for (int i = 0; i < 3; i++)
        {
            var png = DecodedPng.Decode(Assert.Single(images[i].Tensor!.Strings[2..]));
            Assert.Equal((4, 5, 3), (png.Height, png.Width, png.Channels));
            Assert.Equal(Enumerable.Range(0, 60).Select(j => PngEncoder.ToByte((float)((firstPixels[i] + j % 3) / 8))), png.Pixels);
        }
    }

    [Fact]
    public void Data_that_are_no_images_are_refused()
    {
        var data = new FederatedDataset(new ExampleTable(new float[3], new[] { 0 }, [3]), [new("a", new RowSet(0, 1))]);
        using var log = new TrainingLog(_folder);
        Assert.Throws<ArgumentException>(() => log.MeanImages(DataSurvey.Of(data, 1)));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }
}
