using System.Collections.Concurrent;
using System.Text;
using Savepoint.Model;
using Savepoint.Workspaces.Copies;
using Savepoint.Workspaces.Ignore;
using Savepoint.Workspaces.Scanning;

namespace Savepoint.Workspaces.Linux;

/// <summary>
/// Copies a tree by directories, two at a time: each is opened once in the original and once in the copy, and its entries are
/// reached from there. What a directory's own mode and time are is set when its entries are made, unless its mode would then
/// keep us out: those wait for the end.
/// </summary>
internal sealed class LinuxTreeCopier : IDisposable
{
    private const int OwnerMayAll = 0x1C0; // 0700

    private readonly string _fromRoot;
    private readonly byte[] _fromBytes;
    private readonly byte[] _finalRoot;
    private readonly RootDirectory _from;
    private readonly RootDirectory _to;
    private readonly HashSet<WorkspacePath> _excluded;
    private readonly CopyOptions _options;
    private readonly RootDirectory? _given;
    private readonly FileCopier _files = new();
    private readonly CancellationToken _cancellationToken;
    private readonly ConcurrentBag<SkippedEntry> _leftOut = [];
    private readonly ConcurrentBag<WorkspacePath> _retargeted = [];
    private readonly ConcurrentBag<WorkspacePath> _leadingBack = [];
    private readonly ConcurrentBag<(WorkspacePath Path, EntryStat Stat)> _closed = [];

    public LinuxTreeCopier(string from, string to, HashSet<WorkspacePath> excluded, CopyOptions options, CancellationToken cancellationToken)
    {
        (_fromRoot, _fromBytes, _finalRoot, _excluded, _options, _cancellationToken) = (from, Encoding.UTF8.GetBytes(from), Encoding.UTF8.GetBytes(options.FinalRoot), excluded, options, cancellationToken);
        _from = RootDirectory.Open(_fromBytes, allowOpenAt2: true, out var errno) ?? throw TreeErrors.FromErrno("open", PathQuoting.Quote(_fromBytes), errno);
        var target = Encoding.UTF8.GetBytes(to);
        _to = RootDirectory.Open(target, allowOpenAt2: true, out errno) ?? throw TreeErrors.FromErrno("open", PathQuoting.Quote(target), errno);
        _given = options.Donor is { } donor ? RootDirectory.Open(Encoding.UTF8.GetBytes(donor.Directory), allowOpenAt2: true, out _) : null;
    }

    public CopyReport Run(CopyRules rules)
    {
        DirectoryQueue<CopiedDirectory>.Process([new CopiedDirectory(WorkspacePath.Root, rules, IsMade: true)], Copy, Math.Max(2, Environment.ProcessorCount));
        foreach (var (path, stat) in _closed.OrderByDescending(closed => closed.Path))
        {
            using var directory = new Descriptor(_to.Open(path.Bytes, OpenFlags.ReadOnly | OpenFlags.Directory));
            Finish(directory.Number, path, stat);
        }

        return new CopyReport(
            _files.Count, _files.SizeBytes, _files.ClonedCount, [.. _leftOut.OrderBy(entry => entry.Path)], [.. _retargeted.Order()], [.. _leadingBack.Order()]);
    }

    public void Dispose()
    {
        _from.Dispose();
        _to.Dispose();
        _given?.Dispose();
    }

    /// <summary>Copies the entries of one directory; its subdirectories wait their turn.</summary>
    private List<CopiedDirectory> Copy(CopiedDirectory directory)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        var below = new List<CopiedDirectory>();
        var opened = _from.Open(directory.Path.Bytes, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (opened < 0)
        {
            LeaveOut(directory.Path, opened);
            return below;
        }

        using var reader = new LinuxDirectoryReader(opened, directory.Path);
        Check("look at", directory.Path, LinuxCalls.StatDescriptor(reader.Descriptor, out var own));
        var rules = Enter(directory.Rules, directory.Path, reader);
        using var given = new Descriptor(_given?.Open(directory.Path.Bytes, OpenFlags.PathOnly | OpenFlags.Directory) ?? -TreeErrors.NoEntry);
        var target = directory.IsMade ? OpenTarget(directory.Path) : -1;
        try
        {
            while (reader.MoveNext())
            {
                if (!TemporaryName.IsTemporary(reader.Name) && reader.Stat() is { } stat)
                {
                    Copy(directory.Path.Append(reader.Name), stat, rules, (reader.Descriptor, given.Number), ref target, below);
                }
            }

            if (target >= 0)
            {
                FinishOrWait(target, directory.Path, own.ToEntryStat());
            }
        }
        finally
        {
            if (target >= 0)
            {
                LinuxCalls.Close(target);
            }
        }

        return below;
    }

    private void Copy(WorkspacePath path, in EntryStat stat, CopyRules rules, (int Original, int Donor) from, ref int target, List<CopiedDirectory> below)
    {
        var (choice, inside) = rules.Choose(path, stat.IsDirectory);
        if (choice == CopyChoice.LeaveOut || (stat.IsDirectory && _excluded.Contains(path)))
        {
            return;
        }

        if (choice == CopyChoice.LookInto)
        {
            below.Add(new CopiedDirectory(path, inside, IsMade: false));
            return;
        }

        if (inside.IsIgnored)
        {
            _options.Ignored?.Add(path, stat);
        }

        target = target >= 0 ? target : MakeTarget(path.Parent);
        switch (stat.Type)
        {
            case EntryType.Directory:
                Check("make", path, LinuxCalls.MakeDirectory(target, path.Name, OwnerMayAll));
                below.Add(new CopiedDirectory(path, inside, IsMade: true));
                break;
            case EntryType.File when IsGiven(from.Donor, target, path, stat):
                Tell(path, stat, inside.IsIgnored, target);
                break;
            case EntryType.File:
                CopyFile(path, stat, inside.IsIgnored, from.Original, target);
                break;
            case EntryType.Symlink:
                CopyLink(path, stat, inside.IsIgnored, from.Original, target);
                break;
            default:
                _leftOut.Add(new SkippedEntry(path, stat.Type switch { EntryType.Fifo => SkipReason.Fifo, EntryType.Socket => SkipReason.Socket, _ => SkipReason.Device }));
                break;
        }
    }

    private void CopyFile(WorkspacePath path, in EntryStat stat, bool isIgnored, int from, int to)
    {
        if (_files.Copy(from, to, path.Name, stat, out var copied) is < 0 and var errno)
        {
            LeaveOut(path, errno);
        }
        else if (copied is { } copy && !isIgnored)
        {
            _options.Copied?.Invoke(path, stat, copy);
        }
    }

    private void Tell(WorkspacePath path, in EntryStat original, bool isIgnored, int target)
    {
        if (!isIgnored && _options.Copied is { } copied && LinuxCalls.StatAt(target, path.Name, out var copy) >= 0)
        {
            copied(path, original, copy.ToEntryStat());
        }
    }

    private bool IsGiven(int donor, int target, WorkspacePath path, in EntryStat stat) => donor >= 0
        && LinuxCalls.StatAt(donor, path.Name, out var copy) >= 0 && _options.Donor!.Has(stat, copy.ToEntryStat()) && LinuxCalls.Link(donor, path.Name, target, path.Name) >= 0;

    private void CopyLink(WorkspacePath path, in EntryStat stat, bool isIgnored, int from, int to)
    {
        Span<byte> buffer = stackalloc byte[WorkspacePath.MaxLengthBytes + 1];
        var length = LinuxCalls.ReadLink(from, path.Name, buffer);
        if (length < 0)
        {
            return; // gone, or something else by now
        }

        ReadOnlySpan<byte> link = buffer[..length];
        if (link.StartsWith(_fromBytes) && (link.Length == _fromBytes.Length || link[_fromBytes.Length] == (byte)'/'))
        {
            (isIgnored ? _retargeted : _leadingBack).Add(path);
            link = isIgnored ? (byte[])[.. _finalRoot, .. link[_fromBytes.Length..]] : link;
        }

        Check("make the link", path, LinuxCalls.MakeSymlink(link, to, path.Name));
        if (_files.IsForeign(stat))
        {
            _ = LinuxCalls.SetOwner(to, path.Name, stat.Uid, stat.Gid);
        }

        _ = LinuxCalls.SetModified(to, path.Name, stat.ModifiedNs);
        Tell(path, stat, isIgnored, to);
    }

    /// <summary>The rules inside a directory, with those of the ignore files in it.</summary>
    public static CopyRules Enter(CopyRules rules, WorkspacePath directory, LinuxDirectoryReader reader)
    {
        byte[]? git = null, own = null;
        while (!rules.IsIgnored && reader.MoveNext())
        {
            git = reader.Name.SequenceEqual(IgnoreFile.GitName) ? FileCopier.TryRead(reader.Descriptor, reader.Name, IgnoreFile.MaxLengthBytes) : git;
            own = reader.Name.SequenceEqual(IgnoreFile.SavepointName) ? FileCopier.TryRead(reader.Descriptor, reader.Name, IgnoreFile.MaxLengthBytes) : own;
        }

        reader.Rewind();
        return rules.Enter(directory, git, own);
    }

    private int OpenTarget(WorkspacePath path)
    {
        var number = _to.Open(path.Bytes, OpenFlags.ReadOnly | OpenFlags.Directory);
        Check("open", path, number);
        return number;
    }

    /// <summary>Makes a directory that was only looked into, with those above it.</summary>
    private int MakeTarget(WorkspacePath path)
    {
        foreach (var directory in path.Ancestors().Append(path))
        {
            using var parent = new Descriptor(_to.OpenParent(directory));
            var made = parent.IsOpen ? LinuxCalls.MakeDirectory(parent.Number, directory.Name, OwnerMayAll) : parent.Number;
            if (made != -TreeErrors.Exists)
            {
                Check("make", directory, made);
            }

            using var original = new Descriptor(_from.Open(directory.Bytes, OpenFlags.PathOnly | OpenFlags.Directory));
            if (made >= 0 && original.IsOpen && LinuxCalls.StatDescriptor(original.Number, out var stat) >= 0)
            {
                _closed.Add((directory, stat.ToEntryStat()));
            }
        }

        return OpenTarget(path);
    }

    private void FinishOrWait(int target, WorkspacePath path, in EntryStat stat)
    {
        if ((stat.Mode.Bits & OwnerMayAll) == OwnerMayAll)
        {
            Finish(target, path, stat);
        }
        else
        {
            _closed.Add((path, stat));
        }
    }

    private void Finish(int target, WorkspacePath path, in EntryStat stat)
    {
        if (_files.IsForeign(stat))
        {
            _ = LinuxCalls.SetOwner(target, stat.Uid, stat.Gid);
        }

        Check("set the mode of", path, LinuxCalls.SetModeOf(target, stat.Mode.Bits));
        _ = LinuxCalls.SetModified(target, stat.ModifiedNs);
    }

    private void LeaveOut(WorkspacePath path, int errno)
    {
        if (errno is -TreeErrors.AccessDenied or -TreeErrors.NotPermitted)
        {
            _leftOut.Add(new SkippedEntry(path, SkipReason.Unreadable));
        }
        else if (!TreeErrors.MeansAbsent(-errno) && errno != -TreeErrors.NoDeviceOrReader)
        {
            throw TreeErrors.FromErrno($"copy, from {_fromRoot},", path, -errno);
        }
    }

    private static void Check(string operation, WorkspacePath path, int result)
    {
        if (result < 0)
        {
            throw TreeErrors.FromErrno(operation, path, -result);
        }
    }

    /// <summary>A directory that waits to be copied.</summary>
    /// <param name="Path">Which.</param>
    /// <param name="Rules">What is said of it, before it is entered.</param>
    /// <param name="IsMade">Whether it is in the copy already.</param>
    private sealed record CopiedDirectory(WorkspacePath Path, CopyRules Rules, bool IsMade);
}
