using System.Text;
using FsCheck.Xunit;

namespace FedPure.Reporting.TensorBoard;

public sealed class EventFileWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fedpure-events-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_kind_of_value_is_read_back()
    {
        string path;
        using (var writer = new EventFileWriter(_folder))
        {
            path = writer.Path;
            writer.Scalar("loss", float.NaN, 0);
            writer.Scalar("größe", -0f, 1L << 40);
            writer.Text("run/command", "# Überschrift", 3);
            writer.HyperParameters([new("rounds", 10.0), new("model", "softmax"), new("adaptive", false), new("zero", 0.0)]);
            writer.SessionEnd(succeeded: true);
        }

        var events = EventFileReader.Events(path);
        Assert.Equal(("brain.Event:2", "tensorflow.core.util.events_writer"), (events[0].FileVersion, events[0].Writer));
        Assert.Equal((0, "loss", "scalars", double.NaN), (events[1].Step, events[1].Tag, events[1].Plugin, events[1].Tensor!.Numbers.Single()));
        Assert.Equal((1L << 40, "größe"), (events[2].Step, events[2].Tag));
        Assert.True(double.IsNegative(events[2].Tensor!.Numbers.Single()));
        Assert.Equal(("text", 7, "# Überschrift"), (events[3].Plugin, events[3].Tensor!.Type, Encoding.UTF8.GetString(events[3].Tensor!.Strings.Single())));
        Assert.Empty(events[3].Tensor!.Shape);

        // DATA_CLASS_TENSOR, and the settings in the plugin's content: a map of google.protobuf.Value.
        Assert.Equal(("_hparams_/session_start_info", "hparams", 2), (events[4].Tag, events[4].Plugin, events[4].DataClass));
        Assert.Equal([0.0], events[4].Tensor!.Numbers);
        var session = ReadEvent.Fields(ReadEvent.Bytes(ReadEvent.Fields(events[4].PluginContent), 3)!);
        var settings = session.Where(field => field.Number == 1).Select(field => ReadEvent.Fields(field.Bytes!)).ToDictionary(
            entry => ReadEvent.Text(entry, 1)!, entry => ReadEvent.Fields(ReadEvent.Bytes(entry, 2)!).Single());
        Assert.Equal((2, 10.0), (settings["rounds"].Number, BitConverter.UInt64BitsToDouble(settings["rounds"].Value)));
        Assert.Equal((3, "softmax"), (settings["model"].Number, Encoding.UTF8.GetString(settings["model"].Bytes!)));
        Assert.Equal((4, 0UL), (settings["adaptive"].Number, settings["adaptive"].Value));
        Assert.Equal((2, 0UL), (settings["zero"].Number, settings["zero"].Value));
        var end = ReadEvent.Fields(ReadEvent.Bytes(ReadEvent.Fields(events[5].PluginContent), 4)!);
        Assert.Equal((1UL, 2), (end[0].Value, end.Count));
    }

    [Fact]
    public void What_was_flushed_can_be_read_while_the_file_is_open()
    {
        using var writer = new EventFileWriter(_folder);
        Assert.Single(EventFileReader.Events(writer.Path));
        writer.Scalar("loss", 1, 1);
        writer.Scalar("loss", 2, 2);
        Assert.Single(EventFileReader.Events(writer.Path));
        writer.Flush();
        Assert.Equal(3, EventFileReader.Events(writer.Path).Count);
    }

    [Fact]
    public void A_file_cut_at_any_byte_is_good_up_to_its_last_whole_record_and_only_grows()
    {
        byte[] before = [], file;
        using (var writer = new EventFileWriter(_folder))
        {
            for (int round = 1; round <= 5; round++)
            {
                writer.Scalar("loss", round, round);
                writer.Histogram("weights", [1f, 2f, round], round);
                writer.Flush();
                using var stream = new FileStream(writer.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                var now = new byte[stream.Length];
                stream.ReadExactly(now);
                Assert.Equal(before, now[..before.Length]);
                before = now;
            }

            file = before;
        }

        var whole = EventFileReader.Records(file);
        Assert.Equal(11, whole.Count);
        for (int cut = 0; cut <= file.Length; cut++)
            Assert.Equal(whole.Count(record => record.Offset + record.Data.Length + 16 <= cut), EventFileReader.Records(file.AsSpan(0, cut)).Count);
    }

    [Fact]
    public void The_reader_notices_any_damaged_bit()
    {
        using var writer = new EventFileWriter(_folder);
        writer.Dispose();
        byte[] file = File.ReadAllBytes(writer.Path);
        for (int bit = 0; bit < 8 * file.Length; bit++)
        {
            file[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.ThrowsAny<Exception>(() => Assert.NotEmpty(EventFileReader.Records(file)));
            file[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Property(MaxTest = 100)]
    public void A_histogram_counts_each_finite_value_once_between_its_edges(float[] values, byte bucketsLess1)
    {
        int count = bucketsLess1 % 40 + 1;
        double[] buckets = HistogramBuckets.Of(values, count);
        float[] finite = [.. values.Where(float.IsFinite)];
        Assert.Equal(3 * count, buckets.Length);
        Assert.Equal(finite.Length, Enumerable.Range(0, count).Sum(i => buckets[3 * i + 2]));
        if (finite.Length == 0) return;
        Assert.Equal((finite.Min(), finite.Max()), ((float)buckets[0], (float)buckets[^2]));
        for (int i = 1; i < count; i++) Assert.Equal(buckets[3 * i - 2], buckets[3 * i]);
    }

    [Fact]
    public void Two_writers_of_one_folder_have_two_files()
    {
        using EventFileWriter first = new(_folder), second = new(_folder);
        Assert.NotEqual(first.Path, second.Path);
        Assert.StartsWith("events.out.tfevents.", Path.GetFileName(first.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        using var writer = new EventFileWriter(_folder);
        Assert.Throws<ArgumentException>(() => writer.Scalar("", 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Histogram("h", [1f], 1, 0));
        Assert.Contains("Int32", Assert.Throws<ArgumentException>(() => writer.HyperParameters([new("rounds", 10)])).Message, StringComparison.Ordinal);
    }
}
