using Savepoint.Model;
using Savepoint.Workspaces;

namespace Savepoint.Tests.Restoring;

/// <summary>A tree that calls back before each operation that writes: the place to die, to fail, or to let somebody else write.</summary>
internal sealed class InterruptedTree(WorkspaceTree inner, Action<int> beforeWrite) : WorkspaceTree(inner.Root)
{
    private int _writeCount;

    public override IReadOnlyList<string> Limitations => inner.Limitations;

    public override WorkspaceIdentity Identify() => inner.Identify();

    public override bool IsAtRoot() => inner.IsAtRoot();

    public override EntryStat? Stat(WorkspacePath path) => inner.Stat(path);

    public override DirectoryReader? TryOpenDirectory(WorkspacePath directory) => inner.TryOpenDirectory(directory);

    public override TreeFileStream? TryOpenRead(WorkspacePath path, out EntryStat stat) => inner.TryOpenRead(path, out stat);

    public override FileRead? TryReadAllBytes(WorkspacePath path, int maxLengthBytes) =>
        inner.TryReadAllBytes(path, maxLengthBytes) is { } read ? read with { IsTorn = TearsReads || read.IsTorn } : null;

    public override byte[]? TryReadLink(WorkspacePath path) => inner.TryReadLink(path);

    public override TreeFileStream CreateNew(WorkspacePath path) => Counted(() => inner.CreateNew(path));

    public override void Rename(WorkspacePath from, WorkspacePath to) => Counted(() => inner.Rename(from, to));

    public override bool TryRenameNew(WorkspacePath from, WorkspacePath to) => Counted(() => inner.TryRenameNew(from, to));

    public override void DeleteFile(WorkspacePath path) => Counted(() => inner.DeleteFile(path));

    public override void MakeDirectory(WorkspacePath path, UnixMode mode) => Counted(() => inner.MakeDirectory(path, mode));

    public override bool RemoveDirectory(WorkspacePath path) => Counted(() => inner.RemoveDirectory(path));

    public override void SetMode(WorkspacePath path, UnixMode mode) => Counted(() => inner.SetMode(path, mode));

    public override void MakeSymlink(WorkspacePath path, ReadOnlySpan<byte> target)
    {
        var copy = target.ToArray();
        Counted(() => inner.MakeSymlink(path, copy));
    }

    public override IReadOnlyList<string> CopyOwnership(WorkspacePath from, WorkspacePath to) => inner.CopyOwnership(from, to);

    /// <summary>What was synced, in order.</summary>
    public List<WorkspacePath> Synced { get; } = [];

    /// <summary>Whether each file seems to be written to while it is read.</summary>
    public bool TearsReads { get; init; }

    public override void Sync(WorkspacePath path)
    {
        inner.Sync(path);
        Synced.Add(path);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }
    }

    private void Counted(Action write) => Counted(() =>
    {
        write();
        return true;
    });

    private T Counted<T>(Func<T> write)
    {
        beforeWrite(_writeCount++);
        return write();
    }
}

/// <summary>Stands for the death of the process: nothing in Savepoint catches it.</summary>
internal sealed class DeathException : Exception;
