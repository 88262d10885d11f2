namespace FedPure.Data.Readers;

/// <summary>Reads a stream to its end and compares its CRC-32 with the one it should have: .NET's reader of zip archives does not.</summary>
internal sealed class ChecksummedStream(Stream stream, uint expected, string name) : ForwardStream
{
    private readonly Crc _crc = Crc.Of32();

    public override int Read(Span<byte> buffer)
    {
        int count = stream.Read(buffer);
        _crc.Add(buffer[..count]);
        if (count == 0 && !buffer.IsEmpty && _crc.Value != expected)
            throw new DataFormatException(name, "its content does not match its checksum; fetch the file again.");
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) stream.Dispose();
        base.Dispose(disposing);
    }
}
