using Savepoint.Model;

namespace Savepoint.Editing;

/// <summary>What became of an edit, in the seed's words.</summary>
internal static class EditReport
{
    private const int MaxNamedFiles = 5;

    public static EditResult Of(ProposedEdit proposed, Snapshot? snapshot, SnapshotNumber? drift, string? problem, IContentSource contents, int maxDiffLength)
    {
        if (problem is not null)
        {
            return EditResult.Failed(problem) with { MultiFileResults = proposed.Refused, Drift = drift };
        }

        if (snapshot is null)
        {
            return new EditResult { Success = true, Message = "Nothing changed: the files are so already.", MultiFileResults = proposed.Refused };
        }

        var diff = EditDiff.Of(snapshot.Changes, contents, maxDiffLength);
        var done = diff.Files.GroupBy(file => file.Path).Select(file => new FileEditResult(file.Key, true, file.Sum(part => part.Count), Sentence(snapshot, file.Key)));
        return new EditResult
        {
            Success = true,
            Diff = diff.Text,
            IsDiffComplete = diff.IsComplete,
            Message = Message(snapshot, proposed.Refused, diff.IsComplete),
            ChangesApplied = diff.Files.Sum(file => file.Count) + (diff.Files.Count == 0 ? snapshot.Changes.Count : 0),
            AffectedFiles = [.. Affected(snapshot)],
            MultiFileResults = [.. done.Concat(proposed.Refused).OrderBy(file => file.Path)],
            Snapshot = snapshot.Number,
            Drift = drift,
        };
    }

    private static string Message(Snapshot snapshot, IReadOnlyList<FileEditResult> refused, bool isComplete)
    {
        var entries = snapshot.Changes.Where(change => !IsDirectory(change)).ToList();
        entries = entries.Count == 0 ? [.. snapshot.Changes] : entries;
        var named = string.Join(", ", entries.Take(MaxNamedFiles).Select(Described));
        var more = entries.Count > MaxNamedFiles ? $" and {entries.Count - MaxNamedFiles} more" : "";
        var left = refused.Count == 0 ? "" : $" Left as they are: {string.Join(" ", refused.Select(file => file.Message))}";
        return $"Recorded as snapshot {snapshot.Number}: {named}{more}.{(isComplete ? "" : " The diff does not show everything.")}{left}";
    }

    private static string Sentence(Snapshot snapshot, WorkspacePath path) => Described(snapshot.Changes.First(change => change.Path == path || change.OldPath == path));

    private static string Described(FileChange change)
    {
        var name = PathQuoting.Quote(change.Path.Bytes);
        return change.Kind switch
        {
            ChangeKind.Add or ChangeKind.Mkdir => $"made {name}",
            ChangeKind.Delete or ChangeKind.Rmdir => $"deleted {name}",
            ChangeKind.Rename => $"moved {PathQuoting.Quote(change.OldPath!.Value.Bytes)} to {name}",
            _ => $"changed {name}",
        };
    }

    private static IEnumerable<WorkspacePath> Affected(Snapshot snapshot) =>
        snapshot.Changes.SelectMany(change => change.PerPath()).Where(change => !IsDirectory(change) || snapshot.Changes.All(IsDirectory)).Select(change => change.Path).Distinct().Order();

    private static bool IsDirectory(FileChange change) => change.Before is FileState.Directory or FileState.Absent && change.After is FileState.Directory or FileState.Absent;
}
