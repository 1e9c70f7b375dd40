using Microsoft.Win32.SafeHandles;
using Savepoint.Model;

namespace Savepoint.Workspaces.Linux;

/// <summary>
/// The open root of a workspace, and the one place where a path becomes a descriptor. With openat2 (Linux 5.6) the
/// kernel resolves the whole path and fails at any link; where that call is missing or a sandbox forbids it, the path is
/// opened segment by segment, each relative to the last and with O_NOFOLLOW, which ends at the same places.
/// </summary>
internal sealed class RootDirectory : IDisposable
{
    // openat2 says EAGAIN when it cannot rule out that a rename let it escape; it soon can (openat2(2)).
    private const int AttemptCount = 100;

    // PATH_MAX counts the NUL, so a path of the greatest length is too long for one call.
    private const int MaxCallBytes = WorkspacePath.MaxLengthBytes - 1;

    private readonly SafeFileHandle _handle;
    private readonly bool _usesOpenAt2;

    private RootDirectory(SafeFileHandle handle, bool usesOpenAt2)
    {
        _handle = handle;
        _usesOpenAt2 = usesOpenAt2;
    }

    /// <summary>Opens a directory by a path without links; null and an errno if it cannot be opened.</summary>
    /// <param name="canonicalPath">The absolute path.</param>
    /// <param name="allowOpenAt2">False to go segment by segment although openat2 would work.</param>
    /// <param name="errno">Why it failed; 0 if it did not.</param>
    public static RootDirectory? Open(ReadOnlySpan<byte> canonicalPath, bool allowOpenAt2, out int errno)
    {
        var number = LinuxCalls.Open(canonicalPath, OpenFlags.PathOnly | OpenFlags.Directory);
        errno = number < 0 ? -number : 0;
        if (number < 0)
        {
            return null;
        }

        var handle = new SafeFileHandle(number, ownsHandle: true);
        return new RootDirectory(handle, allowOpenAt2 && IsOpenAt2Available(number));
    }

    /// <summary>Opens the entry at <paramref name="path"/> (empty: the root). The descriptor, or a negative errno.</summary>
    public int Open(ReadOnlySpan<byte> path, int flags, int mode = 0)
    {
        var isHeld = false;
        try
        {
            // Held, so that a Dispose meanwhile cannot close the number and another open reuse it.
            _handle.DangerousAddRef(ref isHeld);
            var root = (int)_handle.DangerousGetHandle();
            if (path.IsEmpty)
            {
                path = "."u8;
            }

            return _usesOpenAt2 && path.Length <= MaxCallBytes
                ? OpenWhole(root, path, flags, mode)
                : OpenBySegment(root, path, flags, mode);
        }
        finally
        {
            if (isHeld)
            {
                _handle.DangerousRelease();
            }
        }
    }

    /// <summary>Opens the directory that holds <paramref name="path"/>, to reach the entry by its name.</summary>
    public int OpenParent(WorkspacePath path)
    {
        var slash = path.Bytes.LastIndexOf((byte)'/');
        return Open(slash < 0 ? default : path.Bytes[..slash], OpenFlags.PathOnly | OpenFlags.Directory);
    }

    public void Dispose() => _handle.Dispose();

    // A sandbox (seccomp) answers EPERM to calls it does not know. Asked once, where nothing else can cause it.
    private static bool IsOpenAt2Available(int root)
    {
        using var probe = new Descriptor(LinuxCalls.OpenInside(root, "."u8, OpenFlags.PathOnly | OpenFlags.Directory));
        return probe.IsOpen;
    }

    private static int OpenWhole(int root, ReadOnlySpan<byte> path, int flags, int mode)
    {
        for (var attempt = 1; ; attempt++)
        {
            var result = LinuxCalls.OpenInside(root, path, flags, mode);
            if (result != -TreeErrors.TryAgain || attempt == AttemptCount)
            {
                return result;
            }
        }
    }

    private static int OpenBySegment(int root, ReadOnlySpan<byte> path, int flags, int mode)
    {
        var current = root;
        while (true)
        {
            var slash = path.IndexOf((byte)'/');
            var next = slash < 0
                ? LinuxCalls.OpenAt(current, path, flags, mode)
                : LinuxCalls.OpenAt(current, path[..slash], OpenFlags.PathOnly | OpenFlags.Directory);
            if (next == -TreeErrors.NotDirectory && IsLink(current, slash < 0 ? path : path[..slash]))
            {
                next = -TreeErrors.TooManyLinks; // what openat2 says
            }

            if (current != root)
            {
                LinuxCalls.Close(current);
            }

            if (slash < 0 || next < 0)
            {
                return next;
            }

            current = next;
            path = path[(slash + 1)..];
        }
    }

    private static bool IsLink(int directory, ReadOnlySpan<byte> entry) =>
        LinuxCalls.StatAt(directory, entry, out var stat) == 0 && stat.ToEntryStat().Type == EntryType.Symlink;
}
