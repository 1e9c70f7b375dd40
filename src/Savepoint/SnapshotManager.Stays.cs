using Savepoint.Model;
using Savepoint.Restoring;
using Savepoint.Workspaces;

namespace Savepoint;

/// <content>What a restore does not bring to its target, since it cannot be read or recorded: it stays, and is named.</content>
public sealed partial class SnapshotManager
{
    private const string UnreadDirectory = "it cannot be read, so it stays, with whatever it may hold";

    /// <summary>What the target has, and what stands there now cannot be read: it changed since it was recorded, and cannot be captured before it is replaced.</summary>
    private List<RestoredFile> Unread(RestoreRequest request, IReadOnlyList<SkippedEntry> skipped)
    {
        var asked = Asked(request, skipped.Where(entry => entry.Reason == SkipReason.Unreadable));
        return [.. _store.StatesAt(request.Target, asked).Where(pair => !pair.Value.IsAbsent)
            .Select(pair => new RestoredFile(pair.Key, RestoreAction.Write, RestoreFileResult.Failed, "it cannot be read, so what stands there cannot be recorded before it is replaced"))];
    }

    /// <summary>Nothing was begun.</summary>
    private RestoreResult Refused(RestoreRequest request, RestorePlan plan, List<RestoredFile> unread)
    {
        var failed = unread.Select(file => file.Path).ToHashSet();
        var result = Result(request, RestoreEnding.Failed, plan, []);
        var others = result.Files.Where(file => !failed.Contains(file.Path)).Select(file => file with { Result = RestoreFileResult.Unchanged, Reason = "nothing was restored" });
        return result with { Files = [.. others.Concat(unread).OrderBy(file => file.Path)] };
    }

    /// <summary>Adds what stays though it should not, or nobody knows whether it should; where there is any, the tree is not known to be the target.</summary>
    private RestoreResult WithLeft(RestoreResult result, RestoreRequest request, IReadOnlyList<SkippedEntry> skipped)
    {
        List<RestoredFile> left = [.. LeftOut(request, skipped), .. Unrecorded(request)];
        return result with { IsVerified = left.Count == 0 && !result.Files.Any(file => file.Reason == UnreadDirectory), Files = [.. result.Files.ExceptBy(left.Select(file => file.Path), file => file.Path).Concat(left)] };
    }

    /// <summary>What the target has not, and cannot be captured before it is deleted: it stays, and that is said, unless it was there already when the target was recorded.</summary>
    private List<RestoredFile> LeftOut(RestoreRequest request, IReadOnlyList<SkippedEntry> skipped)
    {
        var reasons = skipped.Where(entry => entry.Reason is SkipReason.Unreadable or SkipReason.TooLarge or SkipReason.TooDeep).ToDictionary(entry => entry.Path, entry => entry.Reason);
        var asked = Asked(request, skipped.Where(entry => reasons.ContainsKey(entry.Path)));
        var known = asked.Count == 0 ? [] : _store.SkippedAt(request.Target, asked);
        return [.. _store.StatesAt(request.Target, asked).Where(pair => pair.Value.IsAbsent && !known.Contains(pair.Key) && _tree.Stat(pair.Key) is not null)
            .Select(pair => new RestoredFile(pair.Key, RestoreAction.Delete, RestoreFileResult.Unchanged, reasons[pair.Key] switch
            {
                SkipReason.TooLarge => "it is larger than maxFileBytes and not recorded, so it stays",
                SkipReason.TooDeep => "what it holds has too long a path and is not recorded, so it stays",
                _ => "it cannot be read and is not recorded, so it stays",
            }))];
    }

    /// <summary>What the target's own capture saw and could not record: whether it was there as it is now nobody knows, so it stays, and that is said.</summary>
    private List<RestoredFile> Unrecorded(RestoreRequest request)
    {
        if (request.Inverted is not null || !_store.MayHaveSkipped())
        {
            return [];
        }

        List<WorkspacePath> absent = [.. _store.Between(Head!.Value, request.Target).Where(change => change.After.IsAbsent && (request.Within is not { } within || within.Exists(change.Path.IsWithin))).Select(change => change.Path)];
        return [.. _store.SkippedAt(request.Target, absent).Select(path => new RestoredFile(
            path, RestoreAction.Delete, RestoreFileResult.Unchanged, "it could not be recorded when that snapshot was taken, so it is not known whether it was there"))];
    }

    /// <summary>Files that a capture leaves out for their size, though the history knows them: a restore looks at them all the same.</summary>
    private List<WorkspacePath> LargerThanLimit(Coverage coverage, SnapshotNumber target)
    {
        var larger = coverage.Skipped.Where(skipped => skipped.Reason == SkipReason.TooLarge).Select(skipped => skipped.Path).ToList();
        return larger.Count == 0 ? larger : [.. _store.StatesAt(target, larger).Concat(_store.StatesAt(Head!.Value, larger)).Where(pair => !pair.Value.IsAbsent).Select(pair => pair.Key).Distinct()];
    }

    private static List<WorkspacePath> Asked(RestoreRequest request, IEnumerable<SkippedEntry> skipped) =>
        [.. skipped.Select(entry => entry.Path).Where(path => request.Within is not { } within || within.Exists(path.IsWithin)).Distinct()];

    private static string? WhyItStays(WorkspaceTree tree, WorkspacePath directory, HashSet<WorkspacePath> going)
    {
        try
        {
            var holdsOthers = (tree.TryList(directory) ?? []).Exists(entry => !TemporaryName.IsTemporary(entry.Name) && !going.Contains(directory.Append(entry.Name)));
            return holdsOthers ? "it holds entries that are not recorded" : null;
        }
        catch (SavepointException)
        {
            return UnreadDirectory;
        }
    }
}
