namespace Savepoint.Workspaces.Scanning;

/// <summary>
/// The files in a store's folder that hold what scans remember. Read whole, replaced in one step; a failure costs only
/// speed, so none is an error.
/// </summary>
internal static class ScanIndexFile
{
    /// <summary>Reads an index; an empty one if there is none or it cannot be used.</summary>
    public static ScanIndex Load(string file) => TryRead(file) is { } bytes && ScanIndex.TryRead(bytes) is { } index ? index : ScanIndex.Empty;

    /// <summary>The number of the snapshot that an index claims to be of, from its first bytes; null if there is none. Nothing is checked.</summary>
    public static long? PeekNumber(string file)
    {
        try
        {
            using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> start = stackalloc byte[ScanIndex.HeaderBytes];
            return RandomAccess.Read(handle, start, 0) == start.Length ? ScanIndex.PeekNumber(start) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The bytes of a file; null if there is none or it cannot be read.</summary>
    public static byte[]? TryRead(string file)
    {
        try
        {
            using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var length = RandomAccess.GetLength(handle);
            var bytes = length <= Array.MaxLength ? GC.AllocateUninitializedArray<byte>((int)length) : [];
            for (int filled = 0, read; filled < bytes.Length; filled += read)
            {
                read = RandomAccess.Read(handle, bytes.AsSpan(filled), filled);
                if (read == 0)
                {
                    return null;
                }
            }

            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// Replaces a file. Written aside under one name and a lock, so that a process which dies leaves no more than one such
    /// file, and the next overwrites it; while another process writes, nothing happens.
    /// </summary>
    public static void Replace(string file, ReadOnlySpan<byte> bytes)
    {
        var aside = file + ".new";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var stream = new FileStream(aside, options))
            {
                stream.Write(bytes);
                if (!OperatingSystem.IsWindows())
                {
                    File.Move(aside, file, overwrite: true); // while the lock is held: nobody else writes into it
                    return;
                }
            }

            File.Move(aside, file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk, or another process that writes the same: the next scan is slower, that is all.
        }
    }

    /// <summary>Deletes a file if it is there.</summary>
    public static void Delete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What it says is still true of some moment.
        }
    }
}
