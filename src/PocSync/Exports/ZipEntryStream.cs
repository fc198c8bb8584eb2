using System.Buffers.Binary;
using System.IO.Compression;

namespace PocSync.Exports;

/// <summary>
/// An entry of a zip as it is unpacked, watched: what expands beyond reason is refused before it costs time, and what is damaged is refused at its end
/// (the framework does not compare the checksum). Throws <see cref="ExportException"/>.
/// </summary>
internal sealed class ZipEntryStream(ZipArchiveEntry entry, string name) : Stream
{
    // CSV packs 5 to 50 times smaller, columns of blanks up to 100 times; what is made to hurt packs 1,000 times smaller.
    private const long MaxRatio = 250;
    private const long UnwatchedBytes = 64L * 1024 * 1024;

    private static readonly uint[] Table = MakeTable();
    private readonly Stream _unpacked = entry.Open();
    private uint _crc = uint.MaxValue;
    private long _length;

    public override int Read(Span<byte> buffer)
    {
        int count;
        try
        {
            count = _unpacked.Read(buffer);
        }
        catch (InvalidDataException)
        {
            throw Damaged();
        }

        if (count == 0 && buffer.Length > 0)
        {
            return _length == entry.Length && ~_crc == entry.Crc32 ? 0 : throw Damaged();
        }

        _length += count;
        _crc = Update(_crc, buffer[..count]);
        return _length <= UnwatchedBytes || _length / MaxRatio <= entry.CompressedLength
            ? count
            : throw new ExportException($"{name} unpacks to more than {MaxRatio} times its size, which no export does; it is not read.");
    }

    private ExportException Damaged() => new($"{name} is damaged in the zip; export or copy it again.");

    private static uint Update(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 8)
        {
            var low = crc ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = Table[0x700 + (low & 0xFF)] ^ Table[0x600 + (low >> 8 & 0xFF)] ^ Table[0x500 + (low >> 16 & 0xFF)] ^ Table[0x400 + (low >> 24)]
                ^ Table[0x300 + (high & 0xFF)] ^ Table[0x200 + (high >> 8 & 0xFF)] ^ Table[0x100 + (high >> 16 & 0xFF)] ^ Table[high >> 24];
            bytes = bytes[8..];
        }

        foreach (var b in bytes)
        {
            crc = Table[(crc ^ b) & 0xFF] ^ crc >> 8;
        }

        return crc;
    }

    /// <summary>CRC-32 as zip has it, eight bytes at a time.</summary>
    private static uint[] MakeTable()
    {
        var table = new uint[8 * 256];
        for (var i = 0u; i < 256; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB88320;
            }

            table[i] = crc;
        }

        for (var i = 256; i < table.Length; i++)
        {
            table[i] = table[table[i - 256] & 0xFF] ^ table[i - 256] >> 8;
        }

        return table;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => entry.Length;

    public override long Position { get => _length; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unpacked.Dispose();
        }

        base.Dispose(disposing);
    }
}
