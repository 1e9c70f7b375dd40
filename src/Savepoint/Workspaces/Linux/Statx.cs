using System.Runtime.InteropServices;
using Savepoint.Model;

namespace Savepoint.Workspaces.Linux;

/// <summary>The kernel's <c>struct statx</c> (linux/stat.h): 256 bytes, laid out alike on every architecture.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct Statx
{
    /// <summary>STATX_BASIC_STATS without the access time and block count, which nobody here asks for.</summary>
    public const uint BasicMask = 0x7ff & ~0x20u & ~0x400u;

    /// <summary>STATX_BTIME.</summary>
    public const uint BirthMask = 0x800;

    [FieldOffset(0)]
    public uint Mask;
    [FieldOffset(16)]
    public uint LinkCount;
    [FieldOffset(20)]
    public uint Uid;
    [FieldOffset(24)]
    public uint Gid;
    [FieldOffset(28)]
    public ushort Mode;
    [FieldOffset(32)]
    public ulong Inode;
    [FieldOffset(40)]
    public ulong SizeBytes;
    [FieldOffset(80)]
    public Timestamp Birth;
    [FieldOffset(96)]
    public Timestamp Changed;
    [FieldOffset(112)]
    public Timestamp Modified;
    [FieldOffset(136)]
    public uint DeviceMajor;
    [FieldOffset(140)]
    public uint DeviceMinor;

    public readonly long Device => ((long)DeviceMajor << 32) | DeviceMinor;

    public readonly EntryStat ToEntryStat() => new(
        TypeOf(Mode),
        new UnixMode(Mode),
        (long)SizeBytes,
        Modified.Nanoseconds,
        Changed.Nanoseconds,
        (long)Inode,
        Device,
        (int)LinkCount,
        Uid,
        Gid);

    // S_IFMT of stat(2).
    private static EntryType TypeOf(ushort mode) => (mode & 0xF000) switch
    {
        0x8000 => EntryType.File,
        0x4000 => EntryType.Directory,
        0xA000 => EntryType.Symlink,
        0x1000 => EntryType.Fifo,
        0xC000 => EntryType.Socket,
        _ => EntryType.Device,
    };

    /// <summary>The kernel's <c>struct statx_timestamp</c>.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 16)]
    internal struct Timestamp
    {
        public long Seconds;
        public uint Fraction;

        /// <summary>Wraps for years past 2262 or before 1677: still equal when the times are equal.</summary>
        public readonly long Nanoseconds => unchecked((Seconds * 1_000_000_000) + Fraction);
    }
}
