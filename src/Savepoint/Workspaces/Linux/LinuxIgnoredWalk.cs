using System.Text;
using Savepoint.Model;
using Savepoint.Workspaces.Copies;
using Savepoint.Workspaces.Scanning;

namespace Savepoint.Workspaces.Linux;

/// <summary>
/// Walks a tree as <see cref="LinuxTreeCopier"/> does, and looks only at what is ignored and would be copied: of all else names and types do.
/// </summary>
internal sealed class LinuxIgnoredWalk : IDisposable
{
    private readonly RootDirectory _root;
    private readonly HashSet<WorkspacePath> _excluded;
    private readonly CancellationToken _cancellationToken;
    private readonly IgnoredSum _sum = new();

    public LinuxIgnoredWalk(string root, HashSet<WorkspacePath> excluded, CancellationToken cancellationToken)
    {
        (_excluded, _cancellationToken) = (excluded, cancellationToken);
        var path = Encoding.UTF8.GetBytes(root);
        _root = RootDirectory.Open(path, allowOpenAt2: true, out var errno) ?? throw TreeErrors.FromErrno("open", PathQuoting.Quote(path), errno);
    }

    public IgnoredSum Run(CopyRules rules)
    {
        DirectoryQueue<WalkedDirectory>.Process([new WalkedDirectory(WorkspacePath.Root, rules)], Look, Math.Max(2, Environment.ProcessorCount));
        return _sum;
    }

    public void Dispose() => _root.Dispose();

    private List<WalkedDirectory> Look(WalkedDirectory directory)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        var below = new List<WalkedDirectory>();
        var opened = _root.Open(directory.Path.Bytes, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (opened < 0)
        {
            return below; // gone, or closed to us: the copy would not have it either
        }

        using var reader = new LinuxDirectoryReader(opened, directory.Path);
        var rules = LinuxTreeCopier.Enter(directory.Rules, directory.Path, reader);
        while (reader.MoveNext())
        {
            if (!TemporaryName.IsTemporary(reader.Name))
            {
                Look(directory.Path.Append(reader.Name), reader, rules, below);
            }
        }

        return below;
    }

    private void Look(WorkspacePath path, LinuxDirectoryReader reader, CopyRules rules, List<WalkedDirectory> below)
    {
        EntryStat? stat = null;
        if (reader.Type is not { } type)
        {
            stat = reader.Stat();
            type = stat?.Type ?? EntryType.Fifo;
        }

        var isDirectory = type == EntryType.Directory;
        var (choice, inside) = rules.Choose(path, isDirectory);
        if (choice == CopyChoice.LeaveOut || (isDirectory && _excluded.Contains(path)))
        {
            return;
        }

        if (choice == CopyChoice.Copy && inside.IsIgnored && (stat ?? reader.Stat()) is { } found)
        {
            _sum.Add(path, found);
        }

        if (isDirectory)
        {
            below.Add(new WalkedDirectory(path, inside));
        }
    }

    /// <summary>A directory that waits to be looked at.</summary>
    /// <param name="Path">Which.</param>
    /// <param name="Rules">What is said of it, before it is entered.</param>
    private sealed record WalkedDirectory(WorkspacePath Path, CopyRules Rules);
}
