using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Savepoint.Model;

namespace Savepoint.Workspaces.Linux;

/// <summary>
/// A directory read by getdents64(2) into one pooled buffer, and its entries by statx(2) relative to the open directory,
/// with the names where the kernel put them.
/// </summary>
internal sealed unsafe class LinuxDirectoryReader : DirectoryReader
{
    // Enough for some 700 entries: one call for nearly every directory, and a second that says it was all.
    private const int InitialBytes = 32 * 1024;

    // struct linux_dirent64: inode 8, offset 8, record length 2, type 1, then the name and a NUL.
    private const int LengthOffset = 16;
    private const int TypeOffset = 18;
    private const int NameOffset = 19;

    private readonly WorkspacePath _directory;
    private int _descriptor;
    private byte[] _buffer;
    private int _filled;
    private int _current;
    private int _nameLength;
    private int _next;

    /// <param name="descriptor">The directory, open for reading; the reader closes it, also when it fails.</param>
    /// <param name="directory">Its path, for messages.</param>
    public LinuxDirectoryReader(int descriptor, WorkspacePath directory)
    {
        _descriptor = descriptor;
        _directory = directory;
        _buffer = ArrayPool<byte>.Shared.Rent(InitialBytes);
        var errno = Fill();
        if (errno != 0)
        {
            Dispose();
            throw TreeErrors.FromErrno("list", directory, errno);
        }
    }

    /// <summary>The open directory, for calls relative to it.</summary>
    public int Descriptor => _descriptor;

    public override ReadOnlySpan<byte> Name => _buffer.AsSpan(_current + NameOffset, _nameLength);

    public override EntryType? Type => _buffer[_current + TypeOffset] switch
    {
        // DT_* of readdir(3); DT_UNKNOWN where the file system does not tell.
        8 => EntryType.File,
        4 => EntryType.Directory,
        10 => EntryType.Symlink,
        1 => EntryType.Fifo,
        12 => EntryType.Socket,
        2 or 6 => EntryType.Device,
        _ => null,
    };

    public override bool MoveNext()
    {
        while (_next < _filled)
        {
            _current = _next;
            _next += RecordLength(_current);
            var name = NameAt(_current);
            if (!IsSelfOrParent(name))
            {
                _nameLength = name.Length;
                return true;
            }
        }

        return false;
    }

    public override void Rewind() => _next = 0;

    [SkipLocalsInit]
    public override EntryStat? Stat()
    {
        int result;
        Statx stat;
        fixed (byte* record = &_buffer[_current])
        {
            result = LinuxCalls.StatAt(_descriptor, record + NameOffset, LinuxCalls.NoFollowSymlink, Statx.BasicMask, out stat);
        }

        return result switch
        {
            0 => stat.ToEntryStat(),
            -TreeErrors.NoEntry => null,
            _ => throw TreeErrors.FromErrno("stat", _directory.Append(Name), -result),
        };
    }

    public override void Dispose()
    {
        if (_descriptor >= 0)
        {
            LinuxCalls.Close(_descriptor);
            ArrayPool<byte>.Shared.Return(_buffer);
            _descriptor = -1;
            _buffer = [];
            _filled = 0;
        }
    }

    private static bool IsSelfOrParent(ReadOnlySpan<byte> name) => name.SequenceEqual("."u8) || name.SequenceEqual(".."u8);

    private int RecordLength(int record) => BinaryPrimitives.ReadUInt16LittleEndian(_buffer.AsSpan(record + LengthOffset));

    private ReadOnlySpan<byte> NameAt(int record)
    {
        var name = _buffer.AsSpan(record + NameOffset, RecordLength(record) - NameOffset);
        return name[..name.IndexOf((byte)0)];
    }

    private int Fill()
    {
        while (true)
        {
            var result = LinuxCalls.ReadDirectory(_descriptor, _buffer.AsSpan(_filled));
            switch (result)
            {
                case 0:
                    return 0;
                case -TreeErrors.NoEntry: // removed since it was opened: it has no entries
                    return 0;
                case < 0 and not -TreeErrors.InvalidArgument:
                    return -result;
            }

            // EINVAL: the room left is too small for the next record.
            _filled += Math.Max(result, 0);
            if (_buffer.Length - _filled < InitialBytes / 2)
            {
                Grow();
            }
            else if (result < 0)
            {
                return -result;
            }
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
