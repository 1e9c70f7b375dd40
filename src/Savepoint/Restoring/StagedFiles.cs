using Savepoint.Model;
using Savepoint.Workspaces;

namespace Savepoint.Restoring;

/// <summary>
/// The files that a restore holds under temporary names: what is to be put into place, and, for a moment, what was taken
/// out of it. A process may die in that moment, so what is found later is looked at before it goes.
/// </summary>
internal sealed class StagedFiles(WorkspaceTree tree, Func<WorkspacePath, FileState?> readNow)
{
    private const uint BackwardsBit = 0x8000_0000;

    /// <summary>
    /// The temporary name of a step. Taking back has names of its own: after a death they tell which of a step's two states
    /// the file was meant for.
    /// </summary>
    public static WorkspacePath PathOf(RestorePlan plan, int index, long restoreId, bool takesBack) =>
        plan.StagingDirectory(plan.Steps[index]).Append(TemporaryName.Create((uint)restoreId, (uint)index | (takesBack ? BackwardsBit : 0)));

    /// <summary>
    /// Removes what a restore that failed or died has left under temporary names. What another process had written just
    /// before it was taken out of its place goes back there.
    /// </summary>
    /// <returns>Whether nothing is left.</returns>
    public bool CleanUp(RestorePlan plan, long restoreId)
    {
        var isClean = true;
        var backwards = plan.Reverse();
        for (var i = 0; i < plan.Steps.Count; i++)
        {
            isClean &= TryCleanUp(plan.Steps[i], PathOf(plan, i, restoreId, takesBack: false));
            isClean &= TryCleanUp(backwards.Steps[i], PathOf(plan, i, restoreId, takesBack: true));
        }

        return isClean;
    }

    private bool TryCleanUp(RestoreStep step, WorkspacePath staged)
    {
        try
        {
            if (tree.Stat(staged) is null)
            {
                return true;
            }

            if (!IsForeign(step, staged) || IsPutBack(step, staged))
            {
                tree.DeleteFile(staged);
            }

            return true;
        }
        catch (SavepointException)
        {
            return false; // the next opening tries again; the failure that led here is reported
        }
    }

    /// <summary>Whether a file is not ours but what stood in the step's place, as somebody had written it after the last look.</summary>
    private bool IsForeign(RestoreStep step, WorkspacePath staged)
    {
        var found = readNow(staged);
        if (found is not null && (HasBytesOf(found, step.Before) || HasBytesOf(found, step.After)))
        {
            return false;
        }

        // A file that was only half written is ours as long as it has not changed places with what it was written for.
        return !RestorePlan.IsWritten(step) || (readNow(step.Path) is { } stands && HasBytesOf(stands, step.After));
    }

    /// <summary>Whether what was ours is under the temporary name now; where somebody has taken the place meanwhile, nothing is.</summary>
    private bool IsPutBack(RestoreStep step, WorkspacePath staged)
    {
        if (RestorePlan.IsWritten(step) && tree.TryExchange(staged, step.Path))
        {
            return true;
        }

        tree.TryRenameNew(staged, step.Path);
        return false;
    }

    private static bool HasBytesOf(FileState found, FileState state) => (found, state) switch
    {
        (FileState.Regular x, FileState.Regular y) => x.Content == y.Content,
        (FileState.Symlink, FileState.Symlink) => found == state,
        _ => false,
    };
}
