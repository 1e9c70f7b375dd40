using System.CommandLine;
using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>undo</c>: steps back, over everybody's operations or one actor's.</summary>
internal sealed class UndoVerb() : StepVerb("undo", "Take the last operation back; repeated, the one before it.")
{
    private readonly Option<string?> _agent = new("--agent") { HelpName = "A", Description = "Only this agent's last operation; what others did later stays." };
    private readonly Option<string?> _session = new("--session") { HelpName = "S", Description = "Only this session's." };
    private readonly Option<string?> _turn = new("--turn") { HelpName = "T", Description = "Only this turn's." };
    private readonly Option<bool> _all = new("--all") { Description = "With --agent, --session or --turn: all that it did, in place of N." };
    private readonly ConflictOption _conflict = new();

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint undo                # the last operation",
        "savepoint undo 3              # the last three; 'savepoint redo 3' brings them back",
        "savepoint undo --session s1   # the last that this session did, whatever others did since",
        "savepoint undo --turn t1 --all  # all that this turn did",
    ];

    public override string Details => "With --agent, --session or --turn, later work is kept by three-way merge. Where that conflicts, it is listed, nothing is written unless --conflict=markers is given, and the exit code is 3.";

    public override void Declare(Command command)
    {
        base.Declare(command);
        command.Add(_agent);
        command.Add(_session);
        command.Add(_turn);
        command.Add(_all);
        _conflict.Declare(command);
    }

    // To undo takes as many steps as there are.
    protected override int? AllSteps(Invocation invocation) => !invocation.Get(_all) ? null
        : WhoseOf(invocation) != Actor.Unknown ? int.MaxValue
        : throw new UsageException("All of everybody's operations is the whole history.", "'savepoint rollback REV' goes back to a state; --all goes with --agent, --session or --turn.");

    protected override async Task<RestoreResult> StepAsync(Invocation invocation, SnapshotManager workspace, int steps, CancellationToken cancellationToken)
    {
        var whose = WhoseOf(invocation);
        var writesMarkers = _conflict.WritesMarkers(invocation);
        var result = whose != Actor.Unknown ? await workspace.UndoAsync(whose, steps, null, writesMarkers, cancellationToken).ConfigureAwait(false)
            : !writesMarkers ? await workspace.UndoAsync(steps, null, cancellationToken).ConfigureAwait(false)
            : throw new UsageException("An undo of everybody's operations has no conflicts.", "--conflict=markers goes with --agent, --session or --turn.");
        if (result.Ending == RestoreEnding.NothingToDo && (await workspace.PeekAsync(cancellationToken).ConfigureAwait(false)).Snapshot is { } unrecorded)
        {
            invocation.Terminal.Note($"{Quantity.Of(unrecorded.Changes.Count, "change")} of the tree {(unrecorded.Changes.Count == 1 ? "is" : "are")} not recorded, which an undo leaves: 'savepoint rollback {workspace.Head}' takes that back");
        }

        return result;
    }

    private Actor WhoseOf(Invocation invocation) => new(invocation.Get(_agent), invocation.Get(_session), invocation.Get(_turn));
}
