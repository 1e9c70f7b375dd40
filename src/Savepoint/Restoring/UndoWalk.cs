using Savepoint.Model;

namespace Savepoint.Restoring;

/// <summary>
/// Where an undo or redo leads, read off the history (docs/design/restore.md). A *position* is a snapshot whose state the
/// head has: for an undo or redo its target, for everything else itself. Pure.
/// </summary>
/// <param name="find">A snapshot by its number; its changes are not needed.</param>
/// <param name="isIdle">Whether it is of a command that changed nothing: such a one is passed and not counted, for nobody would see it undone.</param>
internal sealed class UndoWalk(Func<SnapshotNumber, Snapshot> find, Func<Snapshot, bool> isIdle)
{
    /// <summary>The position <paramref name="steps"/> operations before <paramref name="head"/>, or as far as there are any; null if there is none.</summary>
    public UndoStep? Undo(SnapshotNumber head, int steps)
    {
        var position = Position(head);
        var undone = BeforeIdle(head) is var last && IsStep(last) ? last.RedoCount : 0;
        UndoStep? reached = null;
        var taken = 0;
        for (var passed = 1; taken < steps && StepBack(position) is { } before; passed++)
        {
            if (!isIdle(find(position)))
            {
                taken++;
                reached = new UndoStep(before, undone + passed) { State = find(position).Parent!.Value };
            }

            position = before;
        }

        return reached;
    }

    /// <summary>The position that <paramref name="steps"/> redos lead to, or as far as there is anything undone; null if there is nothing.</summary>
    public UndoStep? Redo(SnapshotNumber head, int steps)
    {
        head = BeforeIdle(head).Number; // a command that changed nothing keeps nobody from redoing
        var undone = Undone(head);
        UndoStep? reached = null;
        var taken = 0;
        for (var left = undone.Count - 1; left >= 0 && taken < steps; left--)
        {
            if (!isIdle(find(undone[left])))
            {
                taken++;
                reached = new UndoStep(undone[left], left);
            }
        }

        return undone.Count == 0 ? RedoOfActor(head, steps) : reached;
    }

    /// <summary>How many operations can be redone after one of an actor's is undone, which is recorded as a revert: it, and those undone in the same way just before.</summary>
    public int RedoCountAfterActorUndo(SnapshotNumber head) => 1 + (BeforeIdle(head) is var last && IsActorUndo(find(Position(last.Number))) ? last.RedoCount : 0);

    /// <summary>As <see cref="Redo"/>, back over undos of an actor's operations: each has a state of its own, so that redoing it leads to the state before it.</summary>
    private UndoStep? RedoOfActor(SnapshotNumber head, int steps)
    {
        var (position, left) = (find(Position(head)), find(head).RedoCount);
        UndoStep? reached = null;
        for (; steps > 0 && left > 0 && IsActorUndo(position) && position.Parent is { } before; steps--)
        {
            position = find(Position(before));
            reached = new UndoStep(position.Number, --left);
        }

        return reached;
    }

    /// <summary>The snapshot, or, of commands that changed nothing, the one that they came after.</summary>
    private Snapshot BeforeIdle(SnapshotNumber number)
    {
        var snapshot = find(number);
        while (isIdle(snapshot) && snapshot.Parent is { } before)
        {
            snapshot = find(before);
        }

        return snapshot;
    }

    private static bool IsStep(Snapshot snapshot) => snapshot.Kind is SnapshotKind.Undo or SnapshotKind.Redo;

    private static bool IsActorUndo(Snapshot snapshot) => snapshot is { Kind: SnapshotKind.Revert, RedoCount: > 0 };

    private SnapshotNumber Position(SnapshotNumber number) => find(number) is { Target: { } target } step && IsStep(step) ? target : number;

    private SnapshotNumber? StepBack(SnapshotNumber position) => find(position).Parent is { } parent ? Position(parent) : null;

    /// <summary>The positions that were left by undos and not come back to, the one to redo next last.</summary>
    private List<SnapshotNumber> Undone(SnapshotNumber head)
    {
        var undone = new List<SnapshotNumber>();
        foreach (var (step, left) in TrailingRun(head))
        {
            if (step.Kind == SnapshotKind.Undo)
            {
                undone.AddRange(Passed(step, left));
            }
            else
            {
                undone.RemoveAll(position => position <= step.Target); // the further back, the smaller
            }
        }

        return undone;
    }

    /// <summary>
    /// The undos and redos that the history ends with, the oldest first, each with what was the head before it; only back
    /// to where nothing was left to redo, so that going to and fro does not grow what has to be read.
    /// </summary>
    private Stack<(Snapshot Step, Snapshot Left)> TrailingRun(SnapshotNumber head)
    {
        var run = new Stack<(Snapshot, Snapshot)>();
        for (var step = find(head); IsStep(step) && step is { RedoCount: > 0, Parent: { } parent };)
        {
            var left = find(parent);
            run.Push((step, left));

            // Drift that a redo found in its way belongs to it: the run goes on before it.
            step = BeforeIdle(left is { Kind: SnapshotKind.Drift, Parent: { } beforeDrift } ? beforeDrift : left.Number);
        }

        return run;
    }

    /// <summary>The positions that one undo went back over. Drift that it found in its way is where it began: redo brings that back too.</summary>
    private IEnumerable<SnapshotNumber> Passed(Snapshot undo, Snapshot left)
    {
        var foundDrift = left.Kind == SnapshotKind.Drift;
        var start = Position(foundDrift ? left.Parent!.Value : left.Number);
        yield return foundDrift ? left.Number : start;
        if (start == undo.Target)
        {
            yield break;
        }

        for (var next = StepBack(start); next is { } position && position != undo.Target; next = StepBack(position))
        {
            yield return position;
        }
    }
}

/// <summary>Where an undo or redo leads.</summary>
/// <param name="Target">The position whose state is brought back.</param>
/// <param name="RedoCount">How many operations can be redone from there.</param>
internal readonly record struct UndoStep(SnapshotNumber Target, int RedoCount)
{
    /// <summary>The snapshot that has the state: the target, or an undo to it, which may have left what was none of its own.</summary>
    public SnapshotNumber State { get; init; } = Target;
}
