using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Savepoint.Model;

namespace Savepoint.Workspaces.Scanning;

/// <summary>
/// The tree that a branch's head records, and with which stat each entry was seen to be so. A scan compares with it
/// directory by directory, without another look at what has not changed. Derived data: lost or unusable, it is made again
/// from the store, and the files are read again. Immutable.
/// </summary>
/// <remarks>
/// <para>
/// The file is the structure: a header, a table of where each directory's block begins, and the blocks. A block is a count,
/// its length, so many <see cref="IndexRecord"/>s in the order of their names, and the names. Numbers are as the machine has them: on
/// another one the magic number reads otherwise.
/// </para>
/// <para>
/// A checksum covers all of it: CRC-32C, which the processor computes at memory speed, and which sees every one, two or
/// three flipped bits of files up to 256 MB (Koopman 2002), every burst up to 32 bits, and all else but once in 2³².
/// </para>
/// </remarks>
internal sealed class ScanIndex
{
    private const ulong Magic = 0x3258_4449_4e50_5153; // "SQPNIDX2"
    private const int ChecksumOffset = 8;
    private const int CheckedOffset = 12;
    private const int DirectoryOffset = 4;

    private readonly byte[] _bytes;

    private ScanIndex(byte[] bytes) => _bytes = bytes;

    /// <summary>An index that knows nothing.</summary>
    public static ScanIndex Empty { get; } = new([]);

    /// <summary>Which snapshot's tree it is. <see cref="HeadMark.None"/>: what was seen of a tree that is still being recorded.</summary>
    public HeadMark Head => _bytes.Length == 0 ? HeadMark.None : Start.Head;

    /// <summary>The number of the root's block; 0 if it knows nothing.</summary>
    public uint Root => (uint)DirectoryCount;

    /// <summary>How many directories it holds.</summary>
    public int DirectoryCount => _bytes.Length == 0 ? 0 : (int)Start.DirectoryCount;

    /// <summary>How many entries it holds.</summary>
    public int EntryCount => _bytes.Length == 0 ? 0 : (int)Start.EntryCount;

    /// <summary>How long the file is.</summary>
    public int LengthBytes => _bytes.Length;

    private ref readonly Header Start => ref MemoryMarshal.AsRef<Header>(_bytes);

    /// <summary>Takes the bytes of an index file; null if they are not what was written.</summary>
    public static ScanIndex? TryRead(byte[] bytes) =>
        bytes.Length >= Header.LengthBytes && MemoryMarshal.Read<ulong>(bytes) == Magic
        && MemoryMarshal.Read<uint>(bytes.AsSpan(ChecksumOffset)) == Checksum(bytes.AsSpan(CheckedOffset))
            ? new ScanIndex(bytes)
            : null;

    /// <summary>How long the beginning is that <see cref="PeekNumber"/> takes.</summary>
    public static int HeaderBytes => Header.LengthBytes;

    /// <summary>The number of <see cref="Head"/>, as the first bytes of a file have it; null if they are no index's.</summary>
    public static long? PeekNumber(ReadOnlySpan<byte> start) =>
        MemoryMarshal.Read<ulong>(start) == Magic ? MemoryMarshal.Read<Header>(start).Head.Number : null;

    /// <summary>The block of a directory; for 0, one without entries.</summary>
    public IndexBlock Directory(uint number)
    {
        if (number == 0)
        {
            return default;
        }

        var offset = MemoryMarshal.Read<uint>(_bytes.AsSpan(Header.LengthBytes + (((int)number - 1) * DirectoryOffset)));
        return new IndexBlock(_bytes.AsSpan((int)offset));
    }

    /// <summary>The record of a path; null if nothing is known of it.</summary>
    public IndexRecord? Find(WorkspacePath path)
    {
        var block = Directory(Root);
        var rest = path.Bytes;
        while (true)
        {
            var slash = rest.IndexOf((byte)'/');
            var position = block.Find(slash < 0 ? rest : rest[..slash]);
            if (position < 0 || slash < 0)
            {
                return position < 0 ? null : block.Records[position];
            }

            block = Directory(block.Records[position].Child);
            rest = rest[(slash + 1)..];
        }
    }

    /// <summary>Puts the parts of a file together: <paramref name="blocks"/>, each beginning at one of <paramref name="offsets"/>, the root's last.</summary>
    public static byte[] Write(HeadMark head, ReadOnlySpan<byte> blocks, ReadOnlySpan<uint> offsets, int entryCount)
    {
        var blocksStart = Header.LengthBytes + (offsets.Length * DirectoryOffset);
        var bytes = GC.AllocateUninitializedArray<byte>(blocksStart + blocks.Length);
        var header = new Header { Magic = Magic, DirectoryCount = (uint)offsets.Length, EntryCount = (uint)entryCount, Head = head };
        MemoryMarshal.Write(bytes, header);
        for (var i = 0; i < offsets.Length; i++)
        {
            MemoryMarshal.Write(bytes.AsSpan(Header.LengthBytes + (i * DirectoryOffset)), offsets[i] + (uint)blocksStart);
        }

        blocks.CopyTo(bytes.AsSpan(blocksStart));
        MemoryMarshal.Write(bytes.AsSpan(ChecksumOffset), Checksum(bytes.AsSpan(CheckedOffset)));
        return bytes;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var value in bytes[(bytes.Length & ~(sizeof(ulong) - 1))..])
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Header
    {
        public static readonly int LengthBytes = Unsafe.SizeOf<Header>();

        public ulong Magic;
        public uint Checksum;
        public uint DirectoryCount;
        public uint EntryCount;
        public HeadMark Head;
    }
}

/// <summary>One directory of a <see cref="ScanIndex"/>: its records in the order of their names, and the names.</summary>
internal readonly ref struct IndexBlock
{
    /// <summary>The count, and the length of the block.</summary>
    public const int HeaderBytes = 8;

    /// <param name="bytes">From its beginning on.</param>
    public IndexBlock(ReadOnlySpan<byte> bytes)
    {
        var count = MemoryMarshal.Read<int>(bytes);
        Bytes = bytes[..MemoryMarshal.Read<int>(bytes[sizeof(int)..])];
        Records = MemoryMarshal.Cast<byte, IndexRecord>(Bytes.Slice(HeaderBytes, count * IndexRecord.LengthBytes));
    }

    /// <summary>The whole block.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Its entries.</summary>
    public ReadOnlySpan<IndexRecord> Records { get; }

    /// <summary>The name of one of its records.</summary>
    public ReadOnlySpan<byte> Name(in IndexRecord record) => Bytes.Slice((int)record.NameOffset, record.NameLength);

    /// <summary>Where the record of this name is; −1 if there is none.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        var (low, high) = (0, Records.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = Name(Records[middle]).SequenceCompareTo(name);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }
}
