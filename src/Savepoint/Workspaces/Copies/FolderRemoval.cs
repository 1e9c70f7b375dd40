using System.Text;
using Savepoint.Model;
using Savepoint.Workspaces.Linux;

namespace Savepoint.Workspaces.Copies;

/// <summary>
/// Deletes a folder of ours with all that others put into it: repositories, directories without write permission, names that are no
/// text. No link is followed.
/// </summary>
internal static class FolderRemoval
{
    private const int OwnerMayAll = 0x1C0; // 0700
    private const int MaxDepth = 2_500; // deeper than a path can be

    /// <summary>Deletes a directory; nothing happens if there is none.</summary>
    /// <exception cref="SavepointException">Something in it cannot be deleted.</exception>
    public static void Delete(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            return;
        }

        var path = Encoding.UTF8.GetBytes(Path.GetFullPath(folder).TrimEnd('/'));
        var slash = path.AsSpan().LastIndexOf((byte)'/');
        using var parent = new Descriptor(LinuxCalls.Open(slash == 0 ? "/"u8 : path.AsSpan(0, slash), OpenFlags.PathOnly | OpenFlags.Directory));
        var errno = parent.IsOpen ? DeleteDirectory(parent.Number, path.AsSpan(slash + 1), 0) : parent.Number;
        if (errno < 0 && !TreeErrors.MeansAbsent(-errno))
        {
            throw TreeErrors.FromErrno("delete the folder", PathQuoting.Quote(path), -errno);
        }
    }

    private static int DeleteDirectory(int parent, ReadOnlySpan<byte> name, int depth)
    {
        if (depth > MaxDepth)
        {
            return -TreeErrors.NameTooLong;
        }

        var number = LinuxCalls.OpenAt(parent, name, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (number == -TreeErrors.AccessDenied)
        {
            Open(parent, name);
            number = LinuxCalls.OpenAt(parent, name, OpenFlags.ReadOnly | OpenFlags.Directory);
        }

        if (number < 0)
        {
            return number;
        }

        using (var reader = new LinuxDirectoryReader(number, WorkspacePath.Root))
        {
            var isOpened = false;
            while (reader.MoveNext())
            {
                var result = DeleteEntry(reader, depth);
                if (result is -TreeErrors.AccessDenied && !isOpened)
                {
                    isOpened = true;
                    _ = LinuxCalls.SetModeOf(reader.Descriptor, OwnerMayAll);
                    result = DeleteEntry(reader, depth);
                }

                if (result < 0 && result != -TreeErrors.NoEntry)
                {
                    return result;
                }
            }
        }

        return LinuxCalls.Unlink(parent, name, LinuxCalls.RemoveDirectory);
    }

    private static int DeleteEntry(LinuxDirectoryReader reader, int depth)
    {
        var result = reader.Type == EntryType.Directory ? -TreeErrors.IsDirectory : LinuxCalls.Unlink(reader.Descriptor, reader.Name, flags: 0);
        return result is -TreeErrors.IsDirectory or -TreeErrors.NotPermitted ? DeleteDirectory(reader.Descriptor, reader.Name, depth + 1) : result;
    }

    private static void Open(int parent, ReadOnlySpan<byte> name)
    {
        using var directory = new Descriptor(LinuxCalls.OpenAt(parent, name, OpenFlags.PathOnly | OpenFlags.Directory));
        if (directory.IsOpen)
        {
            _ = LinuxCalls.SetMode(LinuxCalls.ProcPath(directory.Number), OwnerMayAll);
        }
    }
}
