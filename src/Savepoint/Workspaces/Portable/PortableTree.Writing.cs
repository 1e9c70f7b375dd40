using Savepoint.Model;

namespace Savepoint.Workspaces.Portable;

/// <content>The part that writes.</content>
internal sealed partial class PortableTree
{
    private const UnixFileMode ModeOfNewFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public override TreeFileStream CreateNew(WorkspacePath path)
    {
        CheckWritable("create", path);
        return Guard("create", path, () =>
        {
            var handle = File.OpenHandle(Require("create", path), FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(handle, ModeOfNewFile);
            }

            return new TreeFileStream(handle, path, isNew: true);
        });
    }

    public override void Rename(WorkspacePath from, WorkspacePath to)
    {
        CheckWritable("rename", from);
        CheckWritable("replace", to);
        Change("replace", to, target =>
        {
            var source = Require("rename", from);
            if (!IsDirectoryLink(source))
            {
                File.Move(source, target, overwrite: true);
                return;
            }

            // File.Move takes a link to a directory for a directory, and Directory.Move replaces nothing.
            Delete(target);
            Directory.Move(source, target);
        });
    }

    public override bool TryRenameNew(WorkspacePath from, WorkspacePath to)
    {
        CheckWritable("rename", from);
        CheckWritable("make", to);
        return Guard("make", to, () =>
        {
            var (source, target) = (Require("rename", from), Require("make", to));
            if (PortableStat.Of(target) is not null)
            {
                return false;
            }

            if (IsDirectoryLink(source))
            {
                Directory.Move(source, target);
            }
            else
            {
                File.Move(source, target, overwrite: false);
            }

            return true;
        });
    }

    public override void DeleteFile(WorkspacePath path)
    {
        CheckWritable("delete", path);
        if (!IsBelowNothing("delete", path))
        {
            Change("delete", path, Delete);
        }
    }

    public override bool RemoveDirectory(WorkspacePath path)
    {
        CheckWritable("remove the directory", path);
        if (IsBelowNothing("remove the directory", path))
        {
            return true;
        }

        return Guard("remove the directory", path, () =>
        {
            var place = Require("remove the directory", path);
            if (PortableStat.Of(place) is not { } stat)
            {
                return true;
            }

            if (!stat.IsDirectory)
            {
                throw new DirectoryNotFoundException("It is no directory.");
            }

            if (Directory.EnumerateFileSystemEntries(place).Any())
            {
                return false;
            }

            Directory.Delete(place);
            return true;
        });
    }

    public override void MakeDirectory(WorkspacePath path, UnixMode mode)
    {
        CheckWritable("make the directory", path);
        Change("make the directory", path, place =>
        {
            RequireAbsent(place);
            Directory.CreateDirectory(place);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(place, (UnixFileMode)mode.Bits);
            }
        });
    }

    public override void SetMode(WorkspacePath path, UnixMode mode)
    {
        if (!path.IsRoot)
        {
            CheckWritable("set the mode of", path);
        }

        Change("set the mode of", path, place =>
        {
            if (PortableStat.Of(place) is { Type: EntryType.Symlink })
            {
                throw TreeErrors.FromErrno("set the mode of", path, TreeErrors.TooManyLinks);
            }

            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(place, (UnixFileMode)mode.Bits);
            }
        });
    }

    public override void MakeSymlink(WorkspacePath path, ReadOnlySpan<byte> target)
    {
        CheckWritable("make the link", path);
        if (target.IsEmpty || target.Contains((byte)0))
        {
            throw new ArgumentException("A link's target is neither empty nor has a NUL byte.", nameof(target));
        }

        var text = PortableName.DecodeText(target, path);
        Change("make the link", path, place =>
        {
            // Windows has two kinds of links, for files and for directories.
            if (Directory.Exists(Path.Combine(Path.GetDirectoryName(place)!, text)))
            {
                RequireAbsent(place);
                Directory.CreateSymbolicLink(place, text);
            }
            else
            {
                File.CreateSymbolicLink(place, text);
            }
        });
    }

    public override IReadOnlyList<string> CopyOwnership(WorkspacePath from, WorkspacePath to)
    {
        CheckWritable("set the owner of", to);
        Change("read the owner of", from, _ => { });
        Change("set the owner of", to, _ => { });
        return ["owner", "group", "extended attributes", "ACLs"];
    }

    /// <summary>Checks the path; .NET has no way to sync a directory (see <see cref="Limitations"/>).</summary>
    public override void Sync(WorkspacePath path) => Change("sync", path, _ => { });

    private static bool IsDirectoryLink(string place) =>
        new DirectoryInfo(place) is { LinkTarget: not null } link && link.Attributes.HasFlag(FileAttributes.Directory);

    private static void Delete(string place)
    {
        if (OperatingSystem.IsWindows() && IsDirectoryLink(place))
        {
            Directory.Delete(place);
        }
        else
        {
            File.Delete(place);
        }
    }

    private static void RequireAbsent(string place)
    {
        if (PortableStat.Of(place) is not null)
        {
            throw new IOException("Something of that name exists already.");
        }
    }

    private void Change(string operation, WorkspacePath path, Action<string> action) =>
        Guard(operation, path, () =>
        {
            action(Require(operation, path));
            return true;
        });

    // Where nothing holds the entry there is nothing to delete; a link above it is refused like everywhere.
    private bool IsBelowNothing(string operation, WorkspacePath path) =>
        Follow(path, out _) switch
        {
            Way.Missing => true,
            Way.ThroughLink => throw TreeErrors.FromErrno(operation, path, TreeErrors.TooManyLinks),
            _ => false,
        };

    private string Require(string operation, WorkspacePath path) =>
        Follow(path, out var place) switch
        {
            Way.Clear => place,
            Way.ThroughLink => throw TreeErrors.FromErrno(operation, path, TreeErrors.TooManyLinks),
            _ => throw new DirectoryNotFoundException("The directory that is to hold it is missing."),
        };
}
