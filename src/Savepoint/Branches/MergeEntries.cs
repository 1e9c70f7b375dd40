using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint.Branches;

/// <summary>
/// Brings what two sides made of one base together, entry by entry, each followed over its moves on either side, for
/// <see cref="TreeMerge"/>. Pure.
/// </summary>
internal static class MergeEntries
{
    /// <summary>The entries that theirs changed, and the conflicts that are none of an entry alone.</summary>
    public static (List<MergeEntry> Entries, List<MergeConflict> Conflicts) Of(SideChanges ours, SideChanges theirs, Func<WorkspacePath, FileState> atOurs)
    {
        var (entries, conflicts) = (new List<MergeEntry>(), new List<MergeConflict>());
        foreach (var change in theirs.Changes)
        {
            if (change.Before.IsAbsent)
            {
                // Of a directory that both made, with other permission bits, ours stays.
                if (!theirs.IsMoveTarget(change.Path) && (change.After, atOurs(change.Path)) is not (FileState.Directory, FileState.Directory))
                {
                    entries.Add(new MergeEntry(new MergePlace(change.Path, change.Before), new MergePlace(change.Path, atOurs(change.Path)), new MergePlace(change.Path, change.After)));
                }

                continue;
            }

            var (ourPlace, theirPlace) = (ours.PlaceOf(change.Path), theirs.PlaceOf(change.Path));
            var (ourState, theirState) = (atOurs(ourPlace), theirs.StateAt(theirPlace, FileState.None));
            if (theirs.IsMoved(change.Path) && ourState.IsAbsent)
            {
                conflicts.Add(new MergeConflict(change.Path, MergeConflictKind.DeleteModify).With(theirPlace, theirState)); // git: rename/delete
            }
            else if (ours.IsMoved(change.Path) && theirState.IsAbsent)
            {
                conflicts.Add(new MergeConflict(ourPlace, MergeConflictKind.ModifyDelete).With(theirPlace, theirState));
            }
            else if (ours.IsMoved(change.Path) && theirState.GetType() != change.Before.GetType())
            {
                conflicts.Add(new MergeConflict(ourPlace, MergeConflictKind.Type).With(theirPlace, theirState));
            }
            else if (theirs.IsMoved(change.Path) && ourState.GetType() != change.Before.GetType())
            {
                conflicts.Add(new MergeConflict(change.Path, MergeConflictKind.Type).With(theirPlace, theirState));
            }
            else
            {
                entries.Add(new MergeEntry(new MergePlace(change.Path, change.Before), new MergePlace(ourPlace, ourState), new MergePlace(theirPlace, theirState)));
            }
        }

        return (entries, conflicts);
    }
}
