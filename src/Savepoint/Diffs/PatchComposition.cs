using Savepoint.Model;

namespace Savepoint.Diffs;

/// <summary>
/// Two patches as one, entry by entry: an entry of the second is joined with the entry of the first that left the file it
/// reads. How two changes of one content are joined stands in <see cref="ContentComposition"/>.
/// </summary>
internal sealed class PatchComposition
{
    private readonly List<FilePatch?> _files;
    private readonly List<FilePatch> _deletions = []; // moves that became deletions: first, since they read the tree as it was
    private readonly Dictionary<WorkspacePath, int> _leftByFirst = [];
    private readonly Dictionary<WorkspacePath, int> _leftBySecond = [];
    private readonly Dictionary<WorkspacePath, int> _deleted = [];

    public PatchComposition(Patch first)
    {
        _files = [.. first.Files];
        for (var i = 0; i < _files.Count; i++)
        {
            if (first.Files[i].NewPath is { } path)
            {
                _leftByFirst[path] = i;
            }
            else
            {
                _deleted[first.Files[i].Path] = i;
            }
        }
    }

    public Patch Then(Patch next)
    {
        foreach (var file in next.Files)
        {
            if (file.OldPath is { } path && TryFindLeft(path, file.IsRename, out var index))
            {
                Join(index, file);
            }
            else if (file.OldPath is not null || !TryFillGap(file))
            {
                Append(file);
            }
        }

        return new Patch([.. _deletions, .. _files.OfType<FilePatch>()]);
    }

    private bool TryFindLeft(WorkspacePath path, bool isRename, out int index) =>
        (!isRename && _leftBySecond.TryGetValue(path, out index)) || (_leftByFirst.TryGetValue(path, out index) && _files[index]?.NewPath == path);

    private void Append(FilePatch file)
    {
        _files.Add(file);
        Note(file, _files.Count - 1);
    }

    private void Note(FilePatch file, int index)
    {
        if (file.NewPath is { } path)
        {
            _leftBySecond[path] = index;
        }
        else
        {
            _deleted[file.Path] = index;
        }
    }

    private void Join(int index, FilePatch then)
    {
        var first = _files[index]!;
        if (first.NewBlob is { } left && then.OldBlob is { } expected && left != expected)
        {
            throw new ArgumentException($"The patches do not follow each other: {first.Path} is left with other content than is expected.");
        }

        if (first.IsCreation && then.IsDeletion)
        {
            _files[index] = null;
            return;
        }

        if (ContentComposition.TryJoin(first, then) is not { } joined)
        {
            KeepBoth(index, first, then);
            return;
        }

        var isNothing = joined.OldPath == joined.NewPath && joined.OldMode == joined.NewMode && !joined.ChangesContent;
        if (joined.IsDeletion && first.IsRename)
        {
            _files[index] = null;
            _deletions.Add(joined);
        }
        else
        {
            _files[index] = isNothing ? null : joined;
            Note(joined, index);
        }
    }

    /// <summary>
    /// A foreign delta beside text hunks says too little to be joined with them. The move goes with the first entry, the
    /// second changes its outcome in place.
    /// </summary>
    private void KeepBoth(int index, FilePatch first, FilePatch then)
    {
        if (then.IsDeletion)
        {
            Append(then);
            return;
        }

        _files[index] = first with { NewPath = then.NewPath };
        Append(then with { OldPath = then.NewPath });
    }

    /// <summary>A file made where the first patch removed one of the same kind is a change, if both contents are known.</summary>
    private bool TryFillGap(FilePatch creation)
    {
        var path = creation.Path;
        if (!_deleted.TryGetValue(path, out var index) || _files[index] is not { } deletion
            || (deletion.OldMode == GitFileMode.Symlink) != (creation.NewMode == GitFileMode.Symlink)
            || ContentComposition.WholeOld(deletion) is not { } before || ContentComposition.WholeNew(creation) is not { } after)
        {
            return false;
        }

        _deleted.Remove(path);
        var change = new FilePatch { OldPath = path, NewPath = path, OldMode = deletion.OldMode, NewMode = creation.NewMode };
        if (!before.AsSpan().SequenceEqual(after))
        {
            var options = PatchOptions.Default with { HasBlobIds = deletion.OldBlob is not null && creation.NewBlob is not null };
            change = PatchCreation.WithContent(change, before, after, options);
        }

        var isNothing = !change.ChangesContent && change.OldMode == change.NewMode;
        _files[index] = isNothing ? null : change;
        if (!isNothing)
        {
            _leftBySecond[path] = index;
        }

        return true;
    }
}
