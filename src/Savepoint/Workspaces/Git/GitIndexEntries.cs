using System.Buffers.Binary;

namespace Savepoint.Workspaces.Git;

/// <summary>One index file, taken apart: names, and what it says about the shared index it builds on.</summary>
/// <remarks>
/// Format: git's own <c>gitformat-index</c>. Header (<c>DIRC</c>, version, count), entries, extensions, checksum; numbers
/// are big-endian. Every length is checked against what is left, so that a damaged file ends in an
/// <see cref="InvalidDataException"/>, an unknown one in a <see cref="NotSupportedException"/>. The checksum is not
/// verified: git itself no longer does on reading, and may write zeros there (<c>index.skipHash</c>).
/// </remarks>
internal sealed class GitIndexEntries
{
    private const int HeaderLengthBytes = 12;

    /// <summary>Times, device, inode, mode, owner, group and size: ten numbers.</summary>
    private const int StatLengthBytes = 40;

    private const int ModeOffsetBytes = 24;
    private const ushort ExtendedFlag = 0x4000;
    private const uint TreeMode = 0x4000;

    /// <summary>All names together, decompressed: in version 4 a small file can claim very many long ones.</summary>
    private const long MaxNamesLengthBytes = 1 << 30;

    private readonly byte[] _content;
    private readonly int _idLengthBytes;

    private GitIndexEntries(byte[] content, int idLengthBytes)
    {
        _content = content;
        _idLengthBytes = idLengthBytes;
    }

    /// <summary>The names in their order; empty for one that replaces an entry of the shared index and keeps its name.</summary>
    public List<byte[]> Names { get; } = [];

    /// <summary>Whether entries for whole directories were left out.</summary>
    public bool HasSparseDirectories { get; private set; }

    /// <summary>The id of the shared index, in hexadecimal; null if this is a whole index.</summary>
    public string? SharedId { get; private set; }

    /// <summary>Which entries of the shared index are gone, by number.</summary>
    public IReadOnlySet<int> DeletedFromShared { get; private set; } = new HashSet<int>();

    /// <summary>Takes an index apart.</summary>
    /// <param name="content">The whole file.</param>
    /// <param name="idLengthBytes">20 in a SHA-1 repository, 32 in a SHA-256 one.</param>
    /// <exception cref="InvalidDataException">The content is damaged.</exception>
    /// <exception cref="NotSupportedException">The version or a mandatory extension is not known.</exception>
    public static GitIndexEntries Read(byte[] content, int idLengthBytes)
    {
        var index = new GitIndexEntries(content, idLengthBytes);
        var end = content.Length - idLengthBytes;
        Require(end >= HeaderLengthBytes && content.AsSpan().StartsWith("DIRC"u8), "It does not begin as an index.");
        var version = BinaryPrimitives.ReadUInt32BigEndian(content.AsSpan(4));
        var count = BinaryPrimitives.ReadUInt32BigEndian(content.AsSpan(8));
        if (version is < 2 or > 4)
        {
            throw new NotSupportedException($"It has version {version}.");
        }

        var position = index.ReadEntries(version, count, end);
        index.ReadExtensions(position, end);
        return index;
    }

    private int ReadEntries(uint version, uint count, int end)
    {
        var position = HeaderLengthBytes;
        byte[] previous = [];
        long namesLength = 0;
        for (var i = 0U; i < count; i++)
        {
            var start = position;
            Require(end - start >= StatLengthBytes + _idLengthBytes + 2, "It ends inside an entry.");
            var mode = BinaryPrimitives.ReadUInt32BigEndian(_content.AsSpan(start + ModeOffsetBytes));
            position += StatLengthBytes + _idLengthBytes;
            var flags = BinaryPrimitives.ReadUInt16BigEndian(_content.AsSpan(position));
            position += (flags & ExtendedFlag) != 0 && version >= 3 ? 4 : 2;
            var kept = version == 4 ? previous.AsSpan(0, previous.Length - ReadStrippedLength(ref position, end, previous.Length)) : default;
            Require(position <= end, "It ends inside an entry.");
            var length = _content.AsSpan(position, end - position).IndexOf((byte)0);
            Require(length >= 0, "A name has no end.");
            namesLength += kept.Length + length;
            Require(namesLength <= MaxNamesLengthBytes, "Its names are too long.");
            byte[] name = [.. kept, .. _content.AsSpan(position, length)];

            // Up to version 3 an entry is padded with one to eight NULs to a multiple of eight bytes.
            position = version == 4 ? position + length + 1 : start + ((position - start + length + 8) & ~7);
            Require(position <= end, "It ends inside an entry.");
            previous = name;
            Add(name, mode);
        }

        return position;
    }

    private void Add(byte[] name, uint mode)
    {
        if (mode == TreeMode && name is [.., (byte)'/'])
        {
            HasSparseDirectories = true;
        }
        else
        {
            Names.Add(name);
        }
    }

    /// <summary>
    /// How many bytes of the previous name to drop: seven bits a byte, the highest first, and one added at each
    /// continuation, as in packs' offsets.
    /// </summary>
    private int ReadStrippedLength(ref int position, int end, int previousLength)
    {
        long value = -1;
        byte current;
        do
        {
            Require(position < end && value < int.MaxValue, "A name's length has no end.");
            current = _content[position++];
            value = ((value + 1) << 7) | (uint)(current & 0x7F);
        }
        while ((current & 0x80) != 0);

        Require(value <= previousLength, "A name takes more from the one before than that has.");
        return (int)value;
    }

    private void ReadExtensions(int position, int end)
    {
        while (position < end)
        {
            Require(end - position >= 8, "It ends inside an extension.");
            var signature = _content.AsSpan(position, 4);
            var length = BinaryPrimitives.ReadUInt32BigEndian(_content.AsSpan(position + 4));
            position += 8;
            Require(length <= end - position, "An extension is longer than the file.");
            var data = _content.AsSpan(position, (int)length);
            if (signature.SequenceEqual("link"u8))
            {
                ReadLink(data);
            }
            else if (signature[0] is < (byte)'A' or > (byte)'Z' && !signature.SequenceEqual("sdir"u8))
            {
                // An extension in capitals may be skipped; any other changes what the entries mean.
                throw new NotSupportedException("It has an extension that is not known.");
            }

            position += (int)length;
        }
    }

    /// <summary>The shared index's id, then the bitmaps of its entries that are deleted and replaced.</summary>
    private void ReadLink(ReadOnlySpan<byte> data)
    {
        Require(data.Length >= _idLengthBytes, "It ends inside the link to the shared index.");
        var id = data[.._idLengthBytes];
        if (!id.ContainsAnyExcept((byte)0))
        {
            return;
        }

        SharedId = Convert.ToHexStringLower(id);
        if (data.Length > _idLengthBytes)
        {
            DeletedFromShared = EwahBitmap.Read(data[_idLengthBytes..]);
        }
    }

    private static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new InvalidDataException(problem);
        }
    }
}
