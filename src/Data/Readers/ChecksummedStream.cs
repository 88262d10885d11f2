namespace FedPure.Data.Readers;

/// <summary>Reads a stream to its end and compares its CRC-32 with the one it should have: .NET's reader of zip archives does not.</summary>
internal sealed class ChecksummedStream(Stream stream, uint expected, string name) : Stream
{
    private readonly Crc _crc = Crc.Of32();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int count = stream.Read(buffer);
        _crc.Add(buffer[..count]);
        if (count == 0 && !buffer.IsEmpty && _crc.Value != expected) throw new DataFormatException(name, "its content does not match its checksum; fetch the file again.");
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) stream.Dispose();
        base.Dispose(disposing);
    }
}
