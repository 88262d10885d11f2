using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using FedPure.Data.Writers;

namespace FedPure.Reporting.TensorBoard;

/// <summary>
/// A TensorBoard event file with the bytes that TensorFlow 2's summary API writes: a record for each value, the kind of value named by its plugin, numbers as
/// tensors. The file is new, only appended to, and readable while it grows. Not safe for concurrent use.
/// </summary>
public sealed class EventFileWriter : ISummaryWriter
{
    private const string HParamsPlugin = "hparams";
    private static int FilesOfProcess;

    private readonly TimeProvider _clock;
    private readonly FileStream _file;

    // Whole records reach the file together, so that a reader seldom meets half of one.
    private readonly MemoryStream _pending = new();
    private readonly ProtobufWriter _event = new();

    /// <summary>A new file in a folder, which is made if it does not exist.</summary>
    /// <param name="directory">The folder: one run for TensorBoard.</param>
    /// <param name="clock">Tells each event's time; null for the system's clock.</param>
    /// <exception cref="IOException">The folder or the file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public EventFileWriter(string directory, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        _clock = clock ?? TimeProvider.System;
        Directory.CreateDirectory(directory);
        int number = Interlocked.Increment(ref FilesOfProcess) - 1;
        string name = string.Create(
            CultureInfo.InvariantCulture,
            $"events.out.tfevents.{_clock.GetUtcNow().ToUnixTimeSeconds():D10}.{Environment.MachineName}.{Environment.ProcessId}.{number}.v2");
        Path = System.IO.Path.Combine(directory, name);
        _file = new FileStream(Path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);
        BeginEvent(step: 0);
        _event.Text(EventFields.FileVersion, "brain.Event:2");
        _event.Message(EventFields.SourceMetadata, source => source.Text(1, "tensorflow.core.util.events_writer"));
        EndEvent();
        Flush();
    }

    /// <summary>Where the file lies.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Scalar(string tag, float value, long step)
    {
        var content = new byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(content, value);
        Write(tag, "scalars", step, TensorProto.OfContent(TensorProto.Float32, [], content));
    }

    /// <inheritdoc/>
    public void Histogram(string tag, ReadOnlySpan<float> values, long step, int bucketCount = 30)
    {
        double[] buckets = HistogramBuckets.Of(values, bucketCount);
        if (!BitConverter.IsLittleEndian)
        {
            var words = MemoryMarshal.Cast<double, long>(buckets.AsSpan());
            BinaryPrimitives.ReverseEndianness(words, words);
        }

        Write(tag, "histograms", step, TensorProto.OfContent(TensorProto.Float64, [bucketCount, 3], MemoryMarshal.AsBytes(buckets.AsSpan()).ToArray()));
    }

    /// <inheritdoc/>
    public void Images(string tag, IReadOnlyList<byte[]> pngs, int height, int width, long step, string? description = null)
    {
        ArgumentNullException.ThrowIfNull(pngs);
        byte[][] strings = [TensorProto.Decimal(width), TensorProto.Decimal(height), .. pngs];
        Write(tag, "images", step, TensorProto.OfStrings([strings.Length], strings), description);
    }

    /// <inheritdoc/>
    public void Text(string tag, string markdown, long step)
    {
        ArgumentNullException.ThrowIfNull(markdown);
        Write(tag, "text", step, TensorProto.OfStrings([], [System.Text.Encoding.UTF8.GetBytes(markdown)]));
    }

    /// <inheritdoc/>
    public void HyperParameters(IEnumerable<KeyValuePair<string, object>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var session = HParamsProto.SessionStart(values, Now);
        Write("_hparams_/session_start_info", HParamsPlugin, 0, TensorProto.Null, pluginContent: session);
    }

    /// <inheritdoc/>
    public void SessionEnd(bool succeeded) =>
        Write("_hparams_/session_end_info", HParamsPlugin, 0, TensorProto.Null, pluginContent: HParamsProto.SessionEnd(succeeded, Now));

    /// <inheritdoc/>
    public void Flush()
    {
        _file.Write(_pending.GetBuffer().AsSpan(0, (int)_pending.Length));
        _pending.SetLength(0);
    }

    /// <summary>Writes what is left and closes the file.</summary>
    public void Dispose()
    {
        if (!_file.CanWrite) return;
        Flush();
        _file.Dispose();
        _pending.Dispose();
    }

    // Seconds since 1970, from whole microseconds as TensorFlow's.
    private double Now => (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond / 1e6;

    private void Write(string tag, string plugin, long step, ProtobufWriter tensor, string? description = null, ReadOnlyMemory<byte> pluginContent = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        BeginEvent(step);
        _event.Message(EventFields.Summary, summary => summary.Message(1, value =>
        {
            value.Text(SummaryFields.Tag, tag);
            value.Bytes(SummaryFields.Tensor, tensor.Written);
            value.Message(SummaryFields.Metadata, metadata =>
            {
                metadata.Message(SummaryFields.PluginData, data =>
                {
                    data.Text(1, plugin);
                    if (!pluginContent.IsEmpty) data.Bytes(2, pluginContent.Span);
                });
                if (description is not null) metadata.Text(SummaryFields.Description, description);

                // Of all plugins hparams alone has the class set by its writer; TensorBoard knows that of the others.
                if (plugin == HParamsPlugin) metadata.Varint(SummaryFields.DataClass, SummaryFields.TensorClass);
            });
        }));
        EndEvent();
    }

    // A step of 0 is the default, which is not written.
    private void BeginEvent(long step)
    {
        _event.Clear();
        _event.Double(EventFields.WallTime, Now);
        if (step != 0) _event.Varint(EventFields.Step, (ulong)step);
    }

    private void EndEvent() => EventRecord.Write(_pending, _event.Written);

    // tensorflow/core/util/event.proto
    private static class EventFields
    {
        public const int WallTime = 1, Step = 2, FileVersion = 3, Summary = 5, SourceMetadata = 10;
    }

    // tensorflow/core/framework/summary.proto: Summary.Value and SummaryMetadata
    private static class SummaryFields
    {
        public const int Tag = 1, Tensor = 8, Metadata = 9, PluginData = 1, Description = 3, DataClass = 4, TensorClass = 2;
    }
}
