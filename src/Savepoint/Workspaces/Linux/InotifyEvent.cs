using System.Buffers.Binary;

namespace Savepoint.Workspaces.Linux;

/// <summary>One record of the kernel's <c>struct inotify_event</c>: watch 4, mask 4, cookie 4, length 4, a name padded with NULs.</summary>
internal readonly ref struct InotifyEvent
{
    // linux/inotify.h
    public const uint Modified = 0x2;
    public const uint AttributesChanged = 0x4;
    public const uint ClosedAfterWriting = 0x8;
    public const uint MovedAway = 0x40;
    public const uint MovedHere = 0x80;
    public const uint Created = 0x100;
    public const uint Deleted = 0x200;
    public const uint DeletedItself = 0x400;
    public const uint MovedItself = 0x800;
    public const uint Overflow = 0x4000;
    public const uint Ended = 0x8000; // IN_IGNORED

    private const uint OfDirectory = 0x40000000; // IN_ISDIR
    private const int HeaderBytes = 16;

    private InotifyEvent(int watch, uint mask, ReadOnlySpan<byte> name)
    {
        Watch = watch;
        Mask = mask;
        Name = name;
    }

    /// <summary>The watched directory's number.</summary>
    public int Watch { get; }

    /// <summary>What happened.</summary>
    public uint Mask { get; }

    /// <summary>The directory's entry that it happened to; empty for the directory itself.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Whether that entry is a directory.</summary>
    public bool IsDirectory => (Mask & OfDirectory) != 0;

    /// <summary>Whether one of these happened.</summary>
    public bool Is(uint kinds) => (Mask & kinds) != 0;

    /// <summary>Takes the next record off <paramref name="buffer"/>; false at its end.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> buffer, out InotifyEvent found)
    {
        if (buffer.Length < HeaderBytes)
        {
            found = default;
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(buffer[12..]);
        var padded = buffer.Slice(HeaderBytes, length);
        var end = padded.IndexOf((byte)0);
        found = new InotifyEvent(BinaryPrimitives.ReadInt32LittleEndian(buffer), BinaryPrimitives.ReadUInt32LittleEndian(buffer[4..]), end < 0 ? padded : padded[..end]);
        buffer = buffer[(HeaderBytes + length)..];
        return true;
    }
}
