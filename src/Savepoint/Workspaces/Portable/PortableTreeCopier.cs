using Savepoint.Model;
using Savepoint.Workspaces.Copies;
using Savepoint.Workspaces.Ignore;

namespace Savepoint.Workspaces.Portable;

/// <summary>Copies a tree by .NET's file calls: entry by entry, owners and the times of links not kept.</summary>
internal sealed class PortableTreeCopier(string from, string to, HashSet<WorkspacePath> excluded, CancellationToken cancellationToken)
{
    private readonly List<SkippedEntry> _leftOut = [];
    private readonly List<WorkspacePath> _leadingBack = [];
    private long _count;
    private long _sizeBytes;

    public CopyReport Run(CopyRules rules)
    {
        Copy(WorkspacePath.Root, new DirectoryInfo(from), rules);
        return new CopyReport(_count, _sizeBytes, 0, _leftOut, [], _leadingBack);
    }

    private void Copy(WorkspacePath path, DirectoryInfo directory, CopyRules rules)
    {
        cancellationToken.ThrowIfCancellationRequested();
        rules = rules.Enter(path, TryRead(directory, IgnoreFile.GitName), TryRead(directory, IgnoreFile.SavepointName));
        foreach (var entry in directory.EnumerateFileSystemInfos())
        {
            if (WorkspacePath.TryFromBytes(System.Text.Encoding.UTF8.GetBytes(path.IsRoot ? entry.Name : $"{path}/{entry.Name}"), out var below, out _) && !TemporaryName.IsTemporary(below.Name))
            {
                Copy(below, entry, rules);
            }
        }

        if (Directory.Exists(At(path)))
        {
            Directory.SetLastWriteTimeUtc(At(path), directory.LastWriteTimeUtc);
        }
    }

    private void Copy(WorkspacePath path, FileSystemInfo entry, CopyRules rules)
    {
        var isDirectory = entry is DirectoryInfo && entry.LinkTarget is null;
        var (choice, inside) = rules.Choose(path, isDirectory);
        if (choice == CopyChoice.LeaveOut || excluded.Contains(path))
        {
            return;
        }

        if (choice == CopyChoice.Copy)
        {
            Directory.CreateDirectory(At(path.Parent));
            CopyEntry(path, entry, isDirectory);
        }

        if (isDirectory)
        {
            Copy(path, (DirectoryInfo)entry, inside);
        }
    }

    private void CopyEntry(WorkspacePath path, FileSystemInfo entry, bool isDirectory)
    {
        try
        {
            if (entry.LinkTarget is { } target)
            {
                if (Path.IsPathRooted(target) && target.StartsWith(from, StringComparison.Ordinal))
                {
                    _leadingBack.Add(path);
                }

                _ = entry is DirectoryInfo ? Directory.CreateSymbolicLink(At(path), target) : File.CreateSymbolicLink(At(path), target);
            }
            else if (isDirectory)
            {
                Directory.CreateDirectory(At(path));
            }
            else
            {
                ((FileInfo)entry).CopyTo(At(path)); // with its mode and its time
                _count++;
                _sizeBytes += ((FileInfo)entry).Length;
            }
        }
        catch (UnauthorizedAccessException)
        {
            _leftOut.Add(new SkippedEntry(path, SkipReason.Unreadable));
        }
        catch (IOException e)
        {
            throw TreeErrors.FromException("copy", path, e);
        }
    }

    private string At(WorkspacePath path) => path.IsRoot ? to : Path.Combine(to, path.ToString());

    private static byte[]? TryRead(DirectoryInfo directory, ReadOnlySpan<byte> name)
    {
        var file = Path.Combine(directory.FullName, System.Text.Encoding.ASCII.GetString(name));
        return File.Exists(file) ? File.ReadAllBytes(file) : null;
    }
}
