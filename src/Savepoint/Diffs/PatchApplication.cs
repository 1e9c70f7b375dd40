using Savepoint.Model;

namespace Savepoint.Diffs;

/// <summary>
/// Applies a patch to a tree that it only reads. Entries read the tree as it was; one that is preceded by a change in
/// place of the same file reads that change's outcome.
/// </summary>
internal sealed class PatchApplication(Func<WorkspacePath, FileVersion> read, PatchApplyOptions options)
{
    private readonly Dictionary<WorkspacePath, FileVersion> _before = [];
    private readonly Dictionary<WorkspacePath, FileVersion> _after = [];
    private readonly Dictionary<WorkspacePath, int> _offsets = [];
    private readonly List<WorkspacePath> _order = [];
    private readonly HashSet<WorkspacePath> _leaving = []; // what some entry of the patch removes or moves away
    private readonly HashSet<WorkspacePath> _arrived = []; // what an earlier entry made or moved here
    private readonly List<PatchConflict> _conflicts = [];

    public PatchApplyResult Run(Patch patch)
    {
        foreach (var file in patch.Files)
        {
            if (file.OldPath is { } path && (file.IsDeletion || file.IsRename))
            {
                _leaving.Add(path);
            }
        }

        foreach (var file in patch.Files)
        {
            if (Apply(file) is { } conflict)
            {
                _conflicts.Add(conflict);
            }
        }

        return _conflicts.Count > 0
            ? new PatchApplyResult.Conflicted(_conflicts)
            : new PatchApplyResult.Applied([.. _order.Select(path => new PatchedFile(path, _before[path], _after[path], _offsets.GetValueOrDefault(path)))]);
    }

    /// <summary>
    /// The mode a file gets: what it had, with the execute bits set wherever it may be read, or cleared, if git's mode
    /// says otherwise; git's own modes for a new file.
    /// </summary>
    public static UnixMode ModeOf(UnixMode? before, GitFileMode mode)
    {
        if (before is not { } old)
        {
            return mode == GitFileMode.Executable ? new UnixMode(0b111_101_101) : UnixMode.DefaultFile;
        }

        const int ExecuteBits = 0b001_001_001;
        return mode switch
        {
            GitFileMode.Executable when !old.IsExecutable => new UnixMode(old.Bits | ((old.Bits >> 2) & ExecuteBits) | 0b001_000_000),
            GitFileMode.File when old.IsExecutable => new UnixMode(old.Bits & ~ExecuteBits),
            _ => old,
        };
    }

    private PatchConflict? Apply(FilePatch file)
    {
        var before = FileVersion.None;
        if (file.OldPath is { } oldPath)
        {
            before = OldVersion(oldPath, file.IsRename);
            if (OldConflict(file, before.State) is { } wrong)
            {
                return new PatchConflict(oldPath, 0, wrong);
            }
        }

        if (file.NewPath is { } newPath && newPath != file.OldPath && IsTaken(newPath))
        {
            return new PatchConflict(newPath, 0, PatchConflictReason.Exists);
        }

        if (ContentConflict(file, before.Content, out var content, out var offset) is { } conflict)
        {
            return conflict;
        }

        Record(file, before.State, content, offset);
        return null;
    }

    private FileVersion OldVersion(WorkspacePath path, bool isRename)
    {
        var original = Original(path);
        return _after.TryGetValue(path, out var earlier) && !(isRename && _arrived.Contains(path)) ? earlier : original;
    }

    private FileVersion Original(WorkspacePath path)
    {
        if (!_before.TryGetValue(path, out var version))
        {
            version = read(path);
            _before[path] = version;
        }

        return version;
    }

    private static PatchConflictReason? OldConflict(FilePatch file, FileState state) => state switch
    {
        FileState.Absent => PatchConflictReason.Missing,
        FileState.Directory => PatchConflictReason.WrongKind,
        FileState.Symlink when file.OldMode is GitFileMode.File or GitFileMode.Executable => PatchConflictReason.WrongKind,
        FileState.Regular when file.OldMode == GitFileMode.Symlink => PatchConflictReason.WrongKind,
        _ => null,
    };

    private bool IsTaken(WorkspacePath path) =>
        _after.TryGetValue(path, out var earlier)
            ? !earlier.State.IsAbsent && (_arrived.Contains(path) || !_leaving.Contains(path))
            : !Original(path).State.IsAbsent && !_leaving.Contains(path);

    private PatchConflict? ContentConflict(FilePatch file, ReadOnlyMemory<byte> before, out ReadOnlyMemory<byte> content, out int offset)
    {
        content = before;
        offset = 0;
        if (file.Binary is not null)
        {
            return BinaryDelta.TryApply(file, before.Span, out content) is { } problem ? new PatchConflict(file.Path, 0, problem) : null;
        }

        if (file.Hunks.Count > 0)
        {
            var hunks = new HunkApplication(before.Span, options.MaxOffsetLineCount);
            for (var i = 0; i < file.Hunks.Count; i++)
            {
                if (!hunks.TryApply(file.Hunks[i]))
                {
                    return new PatchConflict(file.Path, i + 1, PatchConflictReason.HunkDiffers);
                }
            }

            content = hunks.Finish();
            offset = hunks.LargestOffset;
        }

        return file.IsDeletion && !content.IsEmpty ? new PatchConflict(file.Path, 0, PatchConflictReason.HoldsMore) : null;
    }

    private void Record(FilePatch file, FileState before, ReadOnlyMemory<byte> content, int offset)
    {
        if (file.OldPath is { } oldPath && oldPath != file.NewPath && !(file.IsRename && _arrived.Contains(oldPath)))
        {
            Set(oldPath, FileVersion.None);
            _arrived.Remove(oldPath);
        }

        if (file.NewPath is { } newPath)
        {
            Set(newPath, new FileVersion(NewState(file, before, content), content));
            _offsets[newPath] = offset;
            if (newPath != file.OldPath)
            {
                _arrived.Add(newPath);
            }
        }
    }

    private void Set(WorkspacePath path, FileVersion version)
    {
        Original(path);
        if (!_after.ContainsKey(path))
        {
            _order.Add(path);
        }

        _after[path] = version;
    }

    private static FileState NewState(FilePatch file, FileState before, ReadOnlyMemory<byte> content)
    {
        var isLink = file.NewMode == GitFileMode.Symlink || (file.NewMode == GitFileMode.Unknown && before is FileState.Symlink);
        var id = file.ChangesContent || before.ContentId is not { } same ? ContentId.Of(content.Span) : same;
        if (isLink)
        {
            return new FileState.Symlink(id, content.Length);
        }

        var oldMode = (before as FileState.Regular)?.Mode;
        var mode = oldMode is { } kept && file.NewMode == file.OldMode ? kept : ModeOf(oldMode, file.NewMode);
        return new FileState.Regular(mode, id, content.Length);
    }
}
