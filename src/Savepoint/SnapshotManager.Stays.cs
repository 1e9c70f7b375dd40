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
        return [.. _store.StatesAt(request.State, asked).Where(pair => !pair.Value.IsAbsent)
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

    /// <summary>Adds what stays though it should not, and of what nobody knows whether it should; but for what only a rule had kept from being recorded, the tree is not known to be the target then.</summary>
    private RestoreResult WithLeft(RestoreResult result, RestoreRequest request, IReadOnlyList<SkippedEntry> skipped)
    {
        var (leftOut, (unknown, isKnown)) = (LeftOut(request, skipped), Unknown(request));
        var left = leftOut.Concat(unknown).ToDictionary(file => file.Path);
        var restored = result.Files.Select(file => left.Remove(file.Path, out var why) ? file.Result == RestoreFileResult.Done ? file with { Reason = why.Reason } : why : file).ToList();
        return result with { IsVerified = isKnown && leftOut.Count == 0 && !result.Files.Any(file => file.Reason == UnreadDirectory), Files = [.. restored.Concat(left.Values)] };
    }

    /// <summary>What the target has not, and cannot be captured before it is deleted: it stays, and that is said, unless it was there already when the target was recorded.</summary>
    private List<RestoredFile> LeftOut(RestoreRequest request, IReadOnlyList<SkippedEntry> skipped)
    {
        var reasons = skipped.Where(entry => entry.Reason is SkipReason.Unreadable or SkipReason.TooLarge or SkipReason.TooDeep).ToDictionary(entry => entry.Path, entry => entry.Reason);
        var asked = Asked(request, skipped.Where(entry => reasons.ContainsKey(entry.Path)));
        var known = asked.Count == 0 ? [] : _store.SkippedAt(request.State, asked);
        return [.. _store.StatesAt(request.State, asked).Where(pair => pair.Value.IsAbsent && !known.Contains(pair.Key) && _tree.Stat(pair.Key) is not null)
            .Select(pair => new RestoredFile(pair.Key, RestoreAction.Delete, RestoreFileResult.Unchanged, reasons[pair.Key] switch
            {
                SkipReason.TooLarge => "it is larger than maxFileBytes and not recorded, so it stays",
                SkipReason.TooDeep => "what it holds has too long a path and is not recorded, so it stays",
                _ => "it cannot be read and is not recorded, so it stays",
            }))];
    }

    /// <summary>What the target does not tell of: it could not be recorded then, or a rule ignores it and nobody had looked there. And whether there is none of the first kind.</summary>
    private (List<RestoredFile> Files, bool IsKnown) Unknown(RestoreRequest request)
    {
        if (request.Inverted is not null || !_store.MayHaveUnknown())
        {
            return ([], true);
        }

        var head = Head!.Value;
        List<WorkspacePath> absent = [.. _store.Between(head, request.State).Where(change => change.After.IsAbsent && (request.Within is not { } within || within.Exists(change.Path.IsWithin))).Select(change => change.Path)];
        var skipped = _store.SkippedAt(request.State, absent).ToHashSet();
        return ([.. _store.FirstKnown(head, request.State, absent).Select(known => new RestoredFile(known.Path, RestoreAction.Delete, RestoreFileResult.Unchanged, skipped.Contains(known.Path)
            ? $"it could not be recorded when that snapshot was taken, so it is not known whether it was there; it is what snapshot {known.First} found"
            : $"a rule kept it from being recorded before snapshot {known.First}, so it is what that found"))], skipped.Count == 0);
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
