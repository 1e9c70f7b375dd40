using System.Globalization;
using System.Text;
using Savepoint.Model;

namespace Savepoint.Exporting;

/// <summary>
/// A state as a tar archive (POSIX.1-2017, pax, "pax Interchange Format"): ustar headers, and a pax header before each entry that
/// they are too short for. Names are bytes as they are. (System.Formats.Tar takes names as text, and so cannot hold one
/// that is not UTF-8.)
/// </summary>
internal sealed class TarStream(Stream output, IContentSource contents, DateTimeOffset time)
{
    private const int RecordBytes = 512;
    private const int NameBytes = 100;
    private const long MaxUstarBytes = 0x1_FFFF_FFFF; // eleven octal digits
    private const char PaxType = 'x';

    /// <summary>Writes an entry. A directory must come before what is in it.</summary>
    public void Add(WorkspacePath path, FileState state)
    {
        switch (state)
        {
            case FileState.Directory directory:
                WriteHeader([.. path.Bytes, (byte)'/'], [], '5', directory.Mode.Bits, 0);
                break;
            case FileState.Symlink link:
                WriteHeader(path.Bytes, contents.Read(link.Target), '2', UnixMode.Mask & 0x1FF, 0);
                break;
            case FileState.Regular file:
                WriteHeader(path.Bytes, [], '0', file.Mode.Bits, file.SizeBytes);
                contents.CopyTo(file.Content, output);
                Pad(file.SizeBytes);
                break;
        }
    }

    /// <summary>Ends the archive.</summary>
    public void Finish()
    {
        output.Write(new byte[2 * RecordBytes]);
        output.Flush();
    }

    private void WriteHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> link, char type, int mode, long sizeBytes)
    {
        using var records = new MemoryStream();
        if (name.Length > NameBytes)
        {
            WriteRecord(records, "path", name);
        }

        if (link.Length > NameBytes)
        {
            WriteRecord(records, "linkpath", link);
        }

        if (sizeBytes > MaxUstarBytes)
        {
            WriteRecord(records, "size", Encoding.ASCII.GetBytes(sizeBytes.ToString(CultureInfo.InvariantCulture)));
        }

        if (records.Length > 0)
        {
            output.Write(Header("pax"u8, [], PaxType, 0b110_100_100, records.Length));
            output.Write(records.ToArray());
            Pad(records.Length);
        }

        output.Write(Header(name, link, type, mode, Math.Min(sizeBytes, MaxUstarBytes)));
    }

    /// <summary>A record of a pax header: its own length in decimal, which counts its own digits too, a keyword and a value.</summary>
    private static void WriteRecord(MemoryStream records, string keyword, ReadOnlySpan<byte> value)
    {
        var rest = 1 + keyword.Length + 1 + value.Length + 1;
        var length = rest + 1;
        while (length != rest + length.ToString(CultureInfo.InvariantCulture).Length)
        {
            length = rest + length.ToString(CultureInfo.InvariantCulture).Length;
        }

        records.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{length} {keyword}=")));
        records.Write(value);
        records.WriteByte((byte)'\n');
    }

    private byte[] Header(ReadOnlySpan<byte> name, ReadOnlySpan<byte> link, char type, int mode, long sizeBytes)
    {
        var header = new byte[RecordBytes];
        name[..Math.Min(name.Length, NameBytes)].CopyTo(header);
        WriteOctal(header.AsSpan(100, 8), mode);
        WriteOctal(header.AsSpan(108, 8), 0); // user and group: not recorded
        WriteOctal(header.AsSpan(116, 8), 0);
        WriteOctal(header.AsSpan(124, 12), sizeBytes);
        WriteOctal(header.AsSpan(136, 12), Math.Clamp(time.ToUnixTimeSeconds(), 0, MaxUstarBytes));
        header.AsSpan(148, 8).Fill((byte)' '); // the checksum counts itself as spaces
        header[156] = (byte)type;
        link[..Math.Min(link.Length, NameBytes)].CopyTo(header.AsSpan(157));
        "ustar\000"u8.CopyTo(header.AsSpan(257));
        WriteOctal(header.AsSpan(148, 7), header.Sum(b => b));
        return header;
    }

    /// <summary>Octal digits with zeros before them and a NUL behind.</summary>
    private static void WriteOctal(Span<byte> field, long value)
    {
        field[^1] = 0;
        for (var i = field.Length - 2; i >= 0; i--, value >>= 3)
        {
            field[i] = (byte)('0' + (value & 7));
        }
    }

    private void Pad(long bytes) => output.Write(new byte[(RecordBytes - (bytes % RecordBytes)) % RecordBytes]);
}
