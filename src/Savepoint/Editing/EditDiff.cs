using System.Text;
using System.Text.Unicode;
using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint.Editing;

/// <summary>
/// A recorded edit as text that can travel in JSON: of a limited size, and losing no byte. Made change by change, so that
/// of a large folder that is deleted no more is read than is shown.
/// </summary>
internal sealed class EditDiff(IReadOnlyList<FileChange> changes, IContentSource contents, int maxLength)
{
    private const int MaxNamed = 20;

    private static readonly PatchOptions WithoutBlobIds = new() { HasBlobIds = false, MaxExactBytes = EditTree.MaxFileBytes };

    private readonly StringBuilder _text = new();
    private readonly List<(WorkspacePath Path, int Count)> _files = [];
    private readonly List<WorkspacePath> _leftOut = [];

    /// <summary>The diff.</summary>
    public string Text => _text.ToString();

    /// <summary>Whether it holds everything.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>How many hunks each file has; 1 for what is not by lines or left out.</summary>
    public IReadOnlyList<(WorkspacePath Path, int Count)> Files => _files;

    public static EditDiff Of(IReadOnlyList<FileChange> changes, IContentSource contents, int maxLength)
    {
        var diff = new EditDiff(changes, contents, maxLength);
        foreach (var change in changes)
        {
            diff.Add(change);
        }

        diff.NameLeftOut();
        return diff;
    }

    private void Add(FileChange change)
    {
        if (IsTooLong(change))
        {
            LeaveOut(change.Path, 1);
            return;
        }

        var patch = Patch.Create([change], contents, WithoutBlobIds);
        IsComplete &= patch.Unexpressed.All(IsImplied);
        foreach (var file in patch.Files)
        {
            var bytes = new Patch([file]).ToBytes();
            bytes = Utf8.IsValid(bytes) ? bytes : new Patch([AsBinary(file, change)]).ToBytes();
            if (bytes.Length > maxLength - _text.Length)
            {
                LeaveOut(file.Path, Math.Max(1, file.Hunks.Count));
                continue;
            }

            _text.Append(Encoding.UTF8.GetString(bytes));
            _files.Add((file.Path, Math.Max(1, file.Hunks.Count)));
        }
    }

    /// <summary>Whether a diff is sure not to fit: that of a whole content is no shorter, unless it is packed, and then not by much.</summary>
    private bool IsTooLong(FileChange change) =>
        change.OldPath is null && (change.Before is FileState.Regular != change.After is FileState.Regular) && Size(change.Before) + Size(change.After) > maxLength - _text.Length;

    private void LeaveOut(WorkspacePath path, int count)
    {
        IsComplete = false;
        _files.Add((path, count));
        _leftOut.Add(path);
    }

    private void NameLeftOut()
    {
        foreach (var path in _leftOut.Take(MaxNamed))
        {
            _text.Append("# ").Append(PathQuoting.Quote(path.Bytes)).Append(" changed as well; its diff is left out here, being too long.\n");
        }

        if (_leftOut.Count > MaxNamed)
        {
            _text.Append("# So did ").Append(_leftOut.Count - MaxNamed).Append(" more.\n");
        }
    }

    /// <summary>The same change in letters and digits alone.</summary>
    private FilePatch AsBinary(FilePatch file, FileChange change)
    {
        var (before, after) = (Read(file.OldPath is null ? FileState.None : change.Before), Read(file.NewPath is null ? FileState.None : change.After));
        return file with
        {
            Hunks = [],
            Binary = BinaryDiff.Between(before, after),
            OldBlob = file.OldPath is null ? default(GitBlobId) : GitBlobId.Of(before),
            NewBlob = file.NewPath is null ? default(GitBlobId) : GitBlobId.Of(after),
        };
    }

    /// <summary>Whether a change that git's format does not have comes of itself: a directory made or gone with the files in it.</summary>
    private bool IsImplied(FileChange change) =>
        (change.Before is FileState.Directory || change.After is FileState.Directory) && change.Before.GetType() != change.After.GetType()
        && changes.Any(other => IsEntry(other) && other.Path != change.Path && (other.Path.IsWithin(change.Path) || (other.OldPath is { } old && old.IsWithin(change.Path))));

    private static bool IsEntry(FileChange change) => change.Before is FileState.Regular or FileState.Symlink || change.After is FileState.Regular or FileState.Symlink;

    private byte[] Read(FileState state) => state.ContentId is { } id ? contents.Read(id) : [];

    private static long Size(FileState state) => state is FileState.Regular file ? file.SizeBytes : 0;
}
