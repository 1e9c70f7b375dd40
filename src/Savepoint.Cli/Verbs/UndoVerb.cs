using System.CommandLine;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>undo</c>: steps back, over everybody's operations or one actor's.</summary>
internal sealed class UndoVerb() : StepVerb("undo", "Take the last operation back; repeated, the one before it.")
{
    private readonly Option<string?> _agent = new("--agent") { HelpName = "A", Description = "Only this agent's last operation; what others did later stays." };
    private readonly Option<string?> _session = new("--session") { HelpName = "S", Description = "Only this session's." };
    private readonly Option<string?> _turn = new("--turn") { HelpName = "T", Description = "Only this turn's: all that it did, if N is left out." };
    private readonly ConflictOption _conflict = new();

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint undo                # the last operation",
        "savepoint undo 3              # the last three; 'savepoint redo 3' brings them back",
        "savepoint undo --turn t1      # all that this turn did, whatever others did since",
        "savepoint undo --session s1   # the last that this session did, whatever others did since",
    ];

    public override string Details => "With --agent, --session or --turn, later work is kept by three-way merge. Where that conflicts, it is listed, nothing is written unless --conflict=markers is given, and the exit code is 3.";

    public override void Declare(Command command)
    {
        base.Declare(command);
        command.Add(_agent);
        command.Add(_session);
        command.Add(_turn);
        _conflict.Declare(command);
    }

    // A turn is what a user thinks of as one thing; to undo takes as many steps as there are.
    protected override int DefaultSteps(Invocation invocation) => invocation.Get(_turn) is null ? 1 : int.MaxValue;

    protected override Task<RestoreResult> StepAsync(Invocation invocation, SnapshotManager workspace, int steps, CancellationToken cancellationToken)
    {
        var whose = new Actor(invocation.Get(_agent), invocation.Get(_session), invocation.Get(_turn));
        var writesMarkers = _conflict.WritesMarkers(invocation);
        return whose != Actor.Unknown ? workspace.UndoAsync(whose, steps, null, writesMarkers, cancellationToken)
            : !writesMarkers ? workspace.UndoAsync(steps, null, cancellationToken)
            : throw new UsageException("An undo of everybody's operations has no conflicts.", "--conflict=markers goes with --agent, --session or --turn.");
    }
}
