namespace Savepoint.Workspaces.Linux;

/// <summary>
/// Copies single files from one open directory to another: by shared blocks where the file system has them, else inside
/// the kernel, small ones through memory, which takes one call less. Holes of large files stay holes. Thread-safe; counts what it does.
/// </summary>
internal sealed class FileCopier
{
    private const int ModeOfNewFile = 0x180; // 0600, until it has its own
    private const int SmallBytes = 64 * 1024;
    private const long SparseBytes = 1024 * 1024; // below this nobody looks for holes

    [ThreadStatic]
    private static byte[]? _buffer;

    private readonly uint _uid = LinuxCalls.UserId();
    private readonly uint _gid = LinuxCalls.GroupId();
    private volatile bool _cannotClone;
    private long _count;
    private long _clonedCount;
    private long _sizeBytes;

    public long Count => _count;

    public long ClonedCount => _clonedCount;

    public long SizeBytes => _sizeBytes;

    /// <summary>Whether an entry is of an owner or group that a new one of ours would not be.</summary>
    public bool IsForeign(in EntryStat stat) => stat.Uid != _uid || stat.Gid != _gid;

    /// <summary>Copies a file, its mode and its time.</summary>
    /// <param name="fromDirectory">Where it is, open.</param>
    /// <param name="toDirectory">Where it goes, open.</param>
    /// <param name="name">Its name in both.</param>
    /// <param name="stat">Its stat.</param>
    /// <param name="copied">What became of it, if it still had that stat when it was copied; else null.</param>
    /// <returns>0; the negated errno if the original cannot be opened.</returns>
    /// <exception cref="Savepoint.Model.SavepointException">The copy cannot be written.</exception>
    public int Copy(int fromDirectory, int toDirectory, ReadOnlySpan<byte> name, in EntryStat stat, out EntryStat? copied)
    {
        copied = null;
        using var from = new Descriptor(LinuxCalls.OpenAt(fromDirectory, name, OpenFlags.ReadOnly | OpenFlags.NonBlocking));
        if (!from.IsOpen)
        {
            return from.Number;
        }

        using var to = new Descriptor(LinuxCalls.OpenAt(toDirectory, name, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, ModeOfNewFile));
        var result = to.IsOpen ? CopyBytes(from.Number, to.Number, stat.SizeBytes) : to.Number;
        if (result >= 0)
        {
            result = Finish(to.Number, stat);
        }

        if (result < 0)
        {
            throw TreeErrors.FromErrno("copy", Savepoint.Model.PathQuoting.Quote(name), (int)-result);
        }

        if (LinuxCalls.StatDescriptor(from.Number, out var now) >= 0 && now.ToEntryStat().IsSameContentAs(stat) && LinuxCalls.StatDescriptor(to.Number, out var made) >= 0)
        {
            copied = made.ToEntryStat();
        }

        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _sizeBytes, stat.SizeBytes);
        return 0;
    }

    /// <summary>The bytes of a file; null if it is none, cannot be read, or is longer than that.</summary>
    public static byte[]? TryRead(int directory, ReadOnlySpan<byte> name, int maxLengthBytes)
    {
        using var file = new Descriptor(LinuxCalls.OpenAt(directory, name, OpenFlags.ReadOnly | OpenFlags.NonBlocking));
        if (!file.IsOpen || LinuxCalls.StatDescriptor(file.Number, out var stat) < 0 || stat.ToEntryStat() is not { IsFile: true } entry || entry.SizeBytes > maxLengthBytes)
        {
            return null;
        }

        var bytes = new byte[entry.SizeBytes];
        var filled = 0;
        while (filled < bytes.Length && LinuxCalls.Read(file.Number, bytes.AsSpan(filled), filled) is > 0 and var read)
        {
            filled += read;
        }

        return bytes[..filled];
    }

    private int Finish(int to, in EntryStat stat)
    {
        if (IsForeign(stat))
        {
            _ = LinuxCalls.SetOwner(to, stat.Uid, stat.Gid); // as far as the system permits it
        }

        var result = LinuxCalls.SetModeOf(to, stat.Mode.Bits);
        return result < 0 ? result : LinuxCalls.SetModified(to, stat.ModifiedNs);
    }

    private long CopyBytes(int from, int to, long sizeBytes)
    {
        if (sizeBytes == 0)
        {
            return 0;
        }

        if (!_cannotClone)
        {
            if (LinuxCalls.Clone(from, to) >= 0)
            {
                Interlocked.Increment(ref _clonedCount);
                return 0;
            }

            _cannotClone = true; // one that cannot does not for the next file either
        }

        return sizeBytes <= SmallBytes ? CopySmall(from, to)
            : sizeBytes <= SparseBytes ? CopyStretch(from, to, 0, sizeBytes)
            : CopySparse(from, to, sizeBytes);
    }

    private static long CopySmall(int from, int to)
    {
        var buffer = _buffer ??= GC.AllocateUninitializedArray<byte>(SmallBytes);
        for (long offset = 0; ;)
        {
            var read = LinuxCalls.Read(from, buffer, offset);
            if (read <= 0)
            {
                return read;
            }

            for (var written = 0; written < read;)
            {
                var result = LinuxCalls.Write(to, buffer.AsSpan(written, read - written), offset + written);
                if (result <= 0)
                {
                    return result == 0 ? -TreeErrors.InputOutput : result;
                }

                written += result;
            }

            offset += read;
            if (read < buffer.Length)
            {
                return 0;
            }
        }
    }

    private static long CopySparse(int from, int to, long sizeBytes)
    {
        for (long offset = 0; offset < sizeBytes;)
        {
            var (start, end) = LinuxCalls.NextData(from, offset);
            if (start == -TreeErrors.NoDeviceOrReader)
            {
                break; // a hole up to the end
            }

            if (start < 0)
            {
                return CopyStretch(from, to, 0, sizeBytes); // a file system that cannot tell
            }

            end = Math.Min(end < 0 ? sizeBytes : end, sizeBytes);
            if (start < sizeBytes && CopyStretch(from, to, start, end) is < 0 and var errno)
            {
                return errno;
            }

            offset = Math.Max(end, start + 1);
        }

        return LinuxCalls.SetLength(to, sizeBytes);
    }

    private static long CopyStretch(int from, int to, long offset, long end)
    {
        while (offset < end)
        {
            var copied = LinuxCalls.CopyRange(from, to, offset, end - offset);
            if (copied == -TreeErrors.Interrupted)
            {
                continue;
            }

            if (copied is -TreeErrors.CrossesDevice or -TreeErrors.InvalidArgument or -TreeErrors.NotImplemented or -TreeErrors.NotSupported)
            {
                return CopyThroughMemory(from, to, offset, end);
            }

            if (copied <= 0)
            {
                return copied; // an error, or it became shorter meanwhile
            }

            offset += copied;
        }

        return 0;
    }

    private static long CopyThroughMemory(int from, int to, long offset, long end)
    {
        var buffer = _buffer ??= GC.AllocateUninitializedArray<byte>(SmallBytes);
        while (offset < end)
        {
            var read = LinuxCalls.Read(from, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - offset)), offset);
            if (read <= 0)
            {
                return read;
            }

            var written = LinuxCalls.Write(to, buffer.AsSpan(0, read), offset);
            if (written <= 0)
            {
                return written == 0 ? -TreeErrors.InputOutput : written;
            }

            offset += written;
        }

        return 0;
    }
}
