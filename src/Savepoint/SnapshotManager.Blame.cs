using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint;

/// <content>Who wrote a line.</content>
public sealed partial class SnapshotManager
{
    /// <summary>
    /// Which snapshot wrote each line of a file, through moves of the file. A line that an undo, redo or rollback brought
    /// back is of whoever wrote it, not of who went back (docs/design/blame.md).
    /// </summary>
    /// <param name="path">A file.</param>
    /// <param name="at">As it was at this snapshot; null: as it is now, where a line may not be recorded yet.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SavepointException">There is no such file, or it is larger than <see cref="PatchOptions.MaxTextBytes"/>.</exception>
    public Task<BlameResult> BlameAsync(WorkspacePath path, SnapshotNumber? at = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => Blame(path, at, cancellationToken), cancellationToken);

    private BlameResult Blame(WorkspacePath path, SnapshotNumber? at, CancellationToken cancellationToken)
    {
        var start = at ?? Head!.Value;
        var state = _store.StateAt(start, path);
        var recorded = ReadText(state);
        var content = at is null ? ReadWorking(path) : recorded ?? throw NoText(path, state, $"at snapshot {start}");
        var origins = new LineOrigins(LineDiff.CountLines(content));
        if (recorded is null)
        {
            origins.SettleAll(origin: null);
        }
        else
        {
            origins.GoBack(recorded, content, origin: null); // what is not recorded yet; nothing at a snapshot
            Walk(origins, path, start, recorded, cancellationToken);
        }

        var lines = Lines(content, origins.Origins);
        return new BlameResult
        {
            Path = path,
            At = at,
            Lines = lines,
            Snapshots = lines.Select(line => line.Snapshot).OfType<SnapshotNumber>().Distinct().ToDictionary(number => number, number => _store.GetHeader(number)),
        };
    }

    /// <summary>From the version of <paramref name="path"/> at a snapshot back, until every line is settled.</summary>
    private void Walk(LineOrigins origins, WorkspacePath path, SnapshotNumber at, byte[] newer, CancellationToken cancellationToken)
    {
        while (origins.LeftCount > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (state, changed) = _store.ChangeAt(at, path);
            var made = _store.GetHeader(changed!.Value);
            if (made.Target is { } target && target < made.Number && _store.ChangeAt(target, path).State == state)
            {
                at = target; // who went back wrote nothing
                continue;
            }

            if (made is { Kind: SnapshotKind.Merge, Target: { } merged, Parent: { } first } && Parents(path, made, first, merged) is { } parents)
            {
                var theirs = origins.GoBackBoth(parents.Ours, parents.Theirs, newer, made.Number);
                Walk(theirs, parents.TheirPath, merged, parents.Theirs, cancellationToken);
                (path, at, newer) = (parents.OurPath, first, parents.Ours);
                continue;
            }

            (path, var before) = Before(path, made);
            if (made.Parent is not { } parent || ReadText(before) is not { } older)
            {
                origins.SettleAll(made.Number);
                return;
            }

            origins.GoBack(older, newer, made.Number);
            (at, newer) = (parent, older);
        }
    }

    /// <summary>What a merge made a path's state of, where each side had a text for it, wherever that was.</summary>
    private MergedFile? Parents(WorkspacePath path, Snapshot merge, SnapshotNumber ours, SnapshotNumber theirs)
    {
        var (ourPath, before) = Before(path, merge);
        var theirPath = path;
        if (_store.StateAt(theirs, path).IsAbsent && BranchMerge.BaseOf(_store, ours, theirs) is { } shared)
        {
            var origin = BranchMerge.ChangesBetween(_store, shared, ours).OriginOf(ourPath);
            theirPath = BranchMerge.ChangesBetween(_store, shared, theirs).PlaceOf(origin);
        }

        return ReadText(before) is { } ourText && ReadText(_store.StateAt(theirs, theirPath)) is { } theirText ? new MergedFile(ourPath, ourText, theirPath, theirText) : null;
    }

    /// <summary>What a path's new state was made of: what stood there before, or, if nothing did, what was moved there.</summary>
    private (WorkspacePath Path, FileState State) Before(WorkspacePath path, Snapshot made)
    {
        var before = made.Parent is { } parent ? _store.StateAt(parent, path) : FileState.None;
        return before.IsAbsent && made.Kind != SnapshotKind.Baseline && _store.Find(made.Number)!.Changes.FirstOrDefault(change => change.Path == path) is { OldPath: { } old } moved
            ? (old, moved.Before)
            : (path, before);
    }

    private byte[] ReadWorking(WorkspacePath path) => _tree.TryReadAllBytes(path, PatchOptions.MaxTextBytes) switch
    {
        { Bytes: { } bytes } => bytes,
        null when _tree.Stat(path) is null => throw Missing(path, "now"),
        null => throw NoFile(path, "now"),
        _ => throw TooLarge(path),
    };

    private byte[]? ReadText(FileState state) => state is FileState.Regular { SizeBytes: <= PatchOptions.MaxTextBytes } file ? _store.Contents.Read(file.Content) : null;

    private static List<BlamedLine> Lines(byte[] content, IReadOnlyList<SnapshotNumber?> origins)
    {
        var (lines, start) = (new List<BlamedLine>(origins.Count), 0);
        foreach (var origin in origins)
        {
            var length = content.AsSpan(start).IndexOf((byte)'\n') + 1;
            length = length == 0 ? content.Length - start : length;
            lines.Add(new BlamedLine(lines.Count + 1, content.AsMemory(start, length), origin));
            start += length;
        }

        return lines;
    }

    private sealed record MergedFile(WorkspacePath OurPath, byte[] Ours, WorkspacePath TheirPath, byte[] Theirs);

    private static SavepointException NoText(WorkspacePath path, FileState state, string when) => state switch
    {
        FileState.Regular => TooLarge(path),
        FileState.Absent when !path.IsRoot => Missing(path, when),
        _ => NoFile(path, when),
    };

    private static SavepointException TooLarge(WorkspacePath path) => new(
        ErrorCode.RefusedPath, $"{PathQuoting.Quote(path.Bytes)} is too large to be looked at by lines.", $"Up to {PatchOptions.MaxTextBytes >> 20} MiB can be; 'savepoint log --path' lists who changed it.");

    private static SavepointException NoFile(WorkspacePath path, string when) => new(
        ErrorCode.RefusedPath, path.IsRoot ? "The workspace itself is a directory, no file." : $"{PathQuoting.Quote(path.Bytes)} is no file {when}.", "Name a file.");

    private static SavepointException Missing(WorkspacePath path, string when) => new(
        ErrorCode.UnknownRevision, $"There is no {PathQuoting.Quote(path.Bytes)} {when}.", "'savepoint log --path' lists the snapshots that changed it, if there are any.");
}
