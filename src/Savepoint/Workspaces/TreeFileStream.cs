using Microsoft.Win32.SafeHandles;
using Savepoint.Model;

namespace Savepoint.Workspaces;

/// <summary>
/// An open file of a workspace, read or written from its start to its end. Unbuffered; a failure is a
/// <see cref="SavepointException"/> that names the file. Not thread-safe.
/// </summary>
internal sealed class TreeFileStream : Stream
{
    private readonly SafeFileHandle? _handle;
    private readonly WorkspacePath _path;
    private long _position;

    /// <param name="handle">The open file; the stream closes it. Null for an empty file that must not be opened.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <param name="isNew">Whether it was made to be written; otherwise it is read.</param>
    public TreeFileStream(SafeFileHandle? handle, WorkspacePath path, bool isNew)
    {
        _handle = handle;
        _path = path;
        CanWrite = isNew;
    }

    /// <summary>Whether a read failed: what its user throws then is this file's fault, not the user's own.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Where reading ends, should the file be longer by then: one that grows as fast as it is read would never end.</summary>
    public long EndBytes { get; init; } = long.MaxValue;

    /// <inheritdoc/>
    public override bool CanRead => !CanWrite;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite { get; }

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => _position; set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        RequireDirection(reading: true);
        if (_handle is null)
        {
            return 0;
        }

        try
        {
            var count = RandomAccess.Read(_handle, buffer[..(int)Math.Min(buffer.Length, EndBytes - _position)], _position);
            _position += count;
            return count;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            HasFailed = true;
            throw TreeErrors.FromException("read", _path, e);
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        RequireDirection(reading: false);
        try
        {
            RandomAccess.Write(_handle!, buffer, _position);
            _position += buffer.Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException) // the last: past the file size limit
        {
            throw TreeErrors.FromException("write", _path, e);
        }
    }

    /// <summary>Gives the file its permission bits; where the system has none, nothing.</summary>
    public void SetMode(UnixMode mode)
    {
        RequireDirection(reading: false);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            File.SetUnixFileMode(_handle!, (UnixFileMode)mode.Bits);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw TreeErrors.FromException("set the mode of", _path, e);
        }
    }

    /// <summary>Returns once the bytes written so far have reached the disk (fsync).</summary>
    public void SyncToDisk()
    {
        RequireDirection(reading: false);
        try
        {
            RandomAccess.FlushToDisk(_handle!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw TreeErrors.FromException("sync", _path, e);
        }
    }

    /// <summary>Does nothing: every write has reached the system already. For the disk, see <see cref="SyncToDisk"/>.</summary>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _handle?.Dispose();
        }

        base.Dispose(disposing);
    }

    private void RequireDirection(bool reading)
    {
        if (reading == CanWrite)
        {
            throw new NotSupportedException(reading ? "The file was opened to be written." : "The file was opened to be read.");
        }
    }
}
