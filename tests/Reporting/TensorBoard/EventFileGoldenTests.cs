using System.Text.Json.Nodes;
using FedPure.Digits;
using FedPure.Reporting.Pictures;
using FedPure.TestData;

namespace FedPure.Reporting.TensorBoard;

/// <summary>Files that TensorFlow wrote, written again with the times that they hold: the same bytes, and for images the same pixels.</summary>
public sealed class EventFileGoldenTests : IDisposable
{
    private const string Scalars = "tensorboard/scalars/training/events.out.tfevents.1700000000.host.1.0.v2";
    private const string Media = "tensorboard/media/training/events.out.tfevents.1700000000.host.2.0.v2";

    private static readonly JsonNode Decoded = Repository.GoldenJson("tensorboard/events.json");

    private readonly string _folder = Directory.CreateTempSubdirectory("fedpure-events-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(Scalars, "scalars")]
    [InlineData(Media, "media")]
    public void The_reader_of_these_tests_finds_what_TensorFlow_found(string path, string name)
    {
        var records = EventFileReader.Records(File.ReadAllBytes(Repository.Golden(path)));
        var expected = Decoded[name]!["events"]!.AsArray();
        Assert.Equal(expected.Count, records.Count);
        foreach (var (record, node) in records.Zip(expected))
        {
            Assert.Equal((long)node!["offset"]!, record.Offset);
            Assert.Equal((int)node["length"]!, record.Data.Length);
            Assert.Equal((string)node["length_crc"]!, $"{record.LengthCrc:x8}");
            Assert.Equal((string)node["data_crc"]!, $"{record.DataCrc:x8}");
        }
    }

    [Fact]
    public void Scalars_are_written_with_the_same_bytes()
    {
        var clock = new EventClock(EventFileReader.Events(Repository.Golden(Scalars)));
        using var writer = new EventFileWriter(_folder, clock);
        foreach (var node in Decoded["scalars_list"]!.AsArray()) writer.Scalar((string)node![1]!, (float)(double)node[2]!, (long)node[0]!);
        writer.Dispose();
        Assert.Equal(File.ReadAllBytes(Repository.Golden(Scalars)), File.ReadAllBytes(writer.Path));
    }

    [Fact]
    public void Images_have_the_same_pixels_and_histograms_the_same_bytes()
    {
        byte[] golden = File.ReadAllBytes(Repository.Golden(Media));
        var goldenEvents = EventFileReader.Events(Repository.Golden(Media));
        var train = DigitsDataset.Load().Train;
        var client = train.GetClient(train.ClientIds[0]);
        using (var writer = new EventFileWriter(_folder, new EventClock(goldenEvents)))
        {
            // Three images were given and two kept: max_outputs=2.
            writer.Images("digits", [.. Enumerable.Range(0, 2).Select(i => PngEncoder.Encode(client.Features(i), 28, 28, 1))], 28, 28, 1, "first client");
            writer.Histogram("bias", Floats("histogram_bias"), 1);
            writer.Histogram("constant", Floats("histogram_constant"), 1, (int)Decoded["media_input"]!["histogram_constant_buckets"]!);
        }

        string path = Directory.GetFiles(_folder).Single();
        List<ReadRecord> expected = EventFileReader.Records(golden), actual = EventFileReader.Records(File.ReadAllBytes(path));
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            if (i != 1) Assert.Equal(expected[i].Data, actual[i].Data);
        }

        ReadEvent theirs = goldenEvents[1], ours = EventFileReader.Events(path)[1];
        Assert.Equal(theirs with { Tensor = null, PluginContent = ours.PluginContent }, ours with { Tensor = null });
        Assert.Equal((theirs.Tensor!.Type, theirs.Tensor.Strings.Length), (ours.Tensor!.Type, ours.Tensor.Strings.Length));
        Assert.Equal(theirs.Tensor.Shape, ours.Tensor.Shape);
        Assert.Equal(theirs.Tensor.Strings[..2], ours.Tensor.Strings[..2]);
        for (int i = 2; i < 4; i++)
        {
            DecodedPng png = DecodedPng.Decode(ours.Tensor.Strings[i]), goldenPng = DecodedPng.Decode(theirs.Tensor.Strings[i]);
            Assert.Equal((28, 28, 1), (png.Height, png.Width, png.Channels));
            Assert.Equal(goldenPng.Pixels, png.Pixels);
            Assert.Equal((long)Decoded["media"]!["events"]![1]!["values"]![0]!["png"]![i - 2]!["sum"]!, png.Pixels.Sum(pixel => pixel));
            Assert.True(
                ours.Tensor.Strings[i].Length <= theirs.Tensor.Strings[i].Length,
                $"{ours.Tensor.Strings[i].Length} bytes, TensorFlow {theirs.Tensor.Strings[i].Length}");
        }
    }

    private static float[] Floats(string name) => [.. Decoded["media_input"]![name]!.AsArray().Select(node => (float)(double)node!)];

    // Tells the times of recorded events, one after the other; the first is asked for twice, since the file's name has it too.
    private sealed class EventClock(List<ReadEvent> events) : TimeProvider
    {
        private int _asked = -1;

        public override DateTimeOffset GetUtcNow() =>
            DateTimeOffset.UnixEpoch.AddTicks((long)Math.Round(1e6 * events[Math.Max(0, _asked++)].WallTime) * TimeSpan.TicksPerMicrosecond);
    }
}
