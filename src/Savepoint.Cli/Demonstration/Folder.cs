using System.Text;
using Savepoint.Cli.Platform;
using Savepoint.Model;

namespace Savepoint.Cli.Demonstration;

/// <summary>What kind of entry stands at a path.</summary>
internal enum EntryKind
{
    File,
    Directory,
    Link,
    Other,
}

/// <summary>
/// A directory tree by the system's own calls. Nothing of Savepoint's access to files is used, so what the demonstration
/// finds through it is a witness. Failures are <see cref="IOException"/>s or <see cref="UnauthorizedAccessException"/>s.
/// </summary>
internal sealed class Folder(string root)
{
    private readonly byte[] _root = Encoding.UTF8.GetBytes(root);

    public string Root { get; } = root;

    /// <summary>All entries below the root but git's own, each directory before what it holds.</summary>
    public IEnumerable<WorkspacePath> Walk()
    {
        var pending = new Stack<WorkspacePath>([WorkspacePath.Root]);
        while (pending.TryPop(out var directory))
        {
            foreach (var path in List(directory).Where(path => !path.IsInsideGit))
            {
                yield return path;
                if (Stat(path) is (EntryKind.Directory, _))
                {
                    pending.Push(path);
                }
            }
        }
    }

    /// <summary>The kind and mode of what stands at a path, no link followed; null if nothing does.</summary>
    public (EntryKind Kind, UnixMode Mode)? Stat(WorkspacePath path)
    {
        if (OperatingSystem.IsLinux())
        {
            return LinuxFiles.Mode(Native(path)) is { } mode ? (KindOf(mode), new UnixMode(mode)) : null;
        }

        var info = new FileInfo(Text(path));
        var kind = info.LinkTarget is not null ? EntryKind.Link : Directory.Exists(info.FullName) ? EntryKind.Directory : EntryKind.File;
        return kind == EntryKind.File && !info.Exists ? null
            : (kind, !OperatingSystem.IsWindows() ? new UnixMode((int)info.UnixFileMode) : kind == EntryKind.File ? UnixMode.DefaultFile : UnixMode.DefaultDirectory);
    }

    public Stream OpenRead(WorkspacePath path) => OperatingSystem.IsLinux() ? LinuxFiles.OpenRead(Native(path)) : File.OpenRead(Text(path));

    public byte[] Read(WorkspacePath path)
    {
        using var stream = OpenRead(path);
        var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    public byte[] ReadLink(WorkspacePath path) =>
        OperatingSystem.IsLinux() ? LinuxFiles.ReadLink(Native(path)) : Encoding.UTF8.GetBytes(new FileInfo(Text(path)).LinkTarget ?? "");

    /// <summary>Opens a file to write: a new one, or what is there, emptied.</summary>
    public Stream Create(WorkspacePath path) => OperatingSystem.IsLinux() ? LinuxFiles.Create(Native(path)) : File.Create(Text(path));

    public void Write(WorkspacePath path, ReadOnlySpan<byte> bytes)
    {
        using var stream = Create(path);
        stream.Write(bytes);
    }

    public void MakeLink(WorkspacePath path, byte[] target)
    {
        if (OperatingSystem.IsLinux())
        {
            LinuxFiles.MakeLink(Native(path), [.. target, 0]);
        }
        else
        {
            File.CreateSymbolicLink(Text(path), Encoding.UTF8.GetString(target));
        }
    }

    /// <summary>Makes a directory that its owner may use.</summary>
    public void MakeDirectory(WorkspacePath path)
    {
        if (OperatingSystem.IsLinux())
        {
            LinuxFiles.MakeDirectory(Native(path));
        }
        else
        {
            Directory.CreateDirectory(Text(path));
        }
    }

    public void SetMode(WorkspacePath path, UnixMode mode)
    {
        if (OperatingSystem.IsLinux())
        {
            LinuxFiles.SetMode(Native(path), mode.Bits);
        }
        else if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Text(path), (UnixFileMode)mode.Bits);
        }
    }

    public void Move(WorkspacePath from, WorkspacePath to)
    {
        if (OperatingSystem.IsLinux())
        {
            LinuxFiles.Move(Native(from), Native(to));
        }
        else
        {
            Directory.Move(Text(from), Text(to));
        }
    }

    /// <summary>Deletes a file or link, or an empty directory; whether the system let it.</summary>
    public bool TryDelete(WorkspacePath path)
    {
        try
        {
            switch (Stat(path))
            {
                case (EntryKind.Directory, _) when OperatingSystem.IsLinux():
                    LinuxFiles.RemoveDirectory(Native(path));
                    break;
                case (EntryKind.Directory, _):
                    Directory.Delete(Text(path));
                    break;
                case not null when OperatingSystem.IsLinux():
                    LinuxFiles.DeleteFile(Native(path));
                    break;
                default:
                    File.Delete(Text(path));
                    break;
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The entries of a directory, in order; none if it cannot be read.</summary>
    public List<WorkspacePath> List(WorkspacePath directory)
    {
        var names = OperatingSystem.IsLinux() ? LinuxFiles.List(Native(directory))
            : [.. Directory.EnumerateFileSystemEntries(Text(directory)).Select(entry => Encoding.UTF8.GetBytes(Path.GetFileName(entry)))];
        return [.. names.Select(name => directory.Append(name)).Order()];
    }

    private static EntryKind KindOf(int mode) => (mode & 0xF000) switch // S_IFMT of stat(2)
    {
        0x8000 => EntryKind.File,
        0x4000 => EntryKind.Directory,
        0xA000 => EntryKind.Link,
        _ => EntryKind.Other,
    };

    private byte[] Native(WorkspacePath path) => path.IsRoot ? [.. _root, 0] : [.. _root, (byte)'/', .. path.Bytes, 0];

    // Elsewhere than on Linux names are UTF-8.
    private string Text(WorkspacePath path) => Path.Combine(Root, path.ToString());
}
