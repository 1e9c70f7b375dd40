using System.Buffers.Binary;
using Savepoint.Model;

namespace Savepoint.Storage.Milestones;

/// <summary>What a block of an archive holds (docs/file-format.md, Archives of milestones).</summary>
internal enum BlockKind : byte
{
    Summary = 1,
    Contents = 2,
    Pack = 3,
    Manifest = 4,
    History = 5,
    Verifications = 6,
    Directory = 7,
}

/// <summary>The header of a block: what it holds, how long it is, and what its bytes must hash to.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="IsCompressed">Whether its data is a zstd frame.</param>
/// <param name="OffsetBytes">Where in the file its header begins.</param>
/// <param name="DataBytes">The length of its data.</param>
/// <param name="DecodedBytes">The length of what that decodes to.</param>
/// <param name="Header">The header itself.</param>
internal sealed record MilestoneBlock(BlockKind Kind, bool IsCompressed, long OffsetBytes, long DataBytes, long DecodedBytes, byte[] Header)
{
    public const int HeaderBytes = 48;

    /// <summary>What no block reaches, so that a damaged length asks for no memory.</summary>
    private const long MaxDataBytes = 1 << 30;

    private const int HashedBytes = 32; // of the header
    private const int HashBytes = 16;

    private static ReadOnlySpan<byte> Mark => "SPLB"u8;

    /// <summary>Where the block behind it begins.</summary>
    public long EndBytes => OffsetBytes + HeaderBytes + DataBytes;

    /// <summary>A block with this data, to be written at <paramref name="offsetBytes"/>.</summary>
    public static MilestoneBlock Of(BlockKind kind, bool isCompressed, long offsetBytes, ReadOnlySpan<byte> data, long decodedBytes)
    {
        var header = new byte[HeaderBytes];
        Mark.CopyTo(header);
        header[4] = (byte)kind;
        header[5] = isCompressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(8), data.Length);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(16), decodedBytes);
        Hash(header, data).CopyTo(header.AsSpan(HashedBytes));
        return new MilestoneBlock(kind, isCompressed, offsetBytes, data.Length, decodedBytes, header);
    }

    /// <summary>Reads a header; null if the bytes are none.</summary>
    public static MilestoneBlock? TryParse(ReadOnlySpan<byte> header, long offsetBytes)
    {
        if (header.Length < HeaderBytes || !header.StartsWith(Mark) || header[5] > 1)
        {
            return null;
        }

        var data = BinaryPrimitives.ReadInt64LittleEndian(header[8..]);
        var decoded = BinaryPrimitives.ReadInt64LittleEndian(header[16..]);
        return data is >= 0 and <= MaxDataBytes && decoded is >= 0 and <= MaxDataBytes
            ? new MilestoneBlock((BlockKind)header[4], header[5] == 1, offsetBytes, data, decoded, header[..HeaderBytes].ToArray())
            : null;
    }

    /// <summary>Whether header and data are what was written.</summary>
    public bool IsSound(ReadOnlySpan<byte> data) => Header.AsSpan(HashedBytes, HashBytes).SequenceEqual(Hash(Header, data));

    private static ReadOnlySpan<byte> Hash(ReadOnlySpan<byte> header, ReadOnlySpan<byte> data)
    {
        using var hash = new ContentHash(HashedBytes + data.Length);
        hash.Append(header[..HashedBytes]);
        hash.Append(data);
        return hash.Finish().ToBytes().AsSpan(0, HashBytes);
    }
}
