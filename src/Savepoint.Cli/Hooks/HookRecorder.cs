using Savepoint.Model;

namespace Savepoint.Cli.Hooks;

/// <summary>Does what an event asks for. Whatever a client says happened, the tree is looked at.</summary>
internal static class HookRecorder
{
    public static async Task RecordAsync(SnapshotManager workspace, HookEvent hook, CancellationToken cancellationToken)
    {
        switch (hook.Kind)
        {
            case HookEventKind.SubagentEnded when hook.IsSubagent:
                await workspace.EndAgentAsync(hook.Actor, cancellationToken).ConfigureAwait(false);
                break;
            case HookEventKind.SubagentEnded or HookEventKind.Unread: // it is not said whose
                await workspace.CatchUpAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
                break;
            case HookEventKind.TurnBegan:
                await BeginTurnAsync(workspace, hook, cancellationToken).ConfigureAwait(false);
                break;
            case HookEventKind.ToolBegins when CallPaths.Of(hook, workspace.Root) is var paths && (paths is null || paths.Count > 0 || hook.Target.IsOwn):
                await workspace.BeginCallAsync(Context(workspace, hook), paths, hook.Target.IsUnlikely, ClientProcess.Number, cancellationToken).ConfigureAwait(false);
                break;
            case HookEventKind.ToolEnded when CallPaths.Of(hook, workspace.Root) is var paths && (paths is null || paths.Count > 0 || hook.Target.IsOwn):
                await workspace.EndCallAsync(Context(workspace, hook), paths, hook.Outcome, cancellationToken).ConfigureAwait(false);
                break;
            case HookEventKind.BackgroundEnded:
                await workspace.EndBackgroundAsync(hook.Actor, cancellationToken).ConfigureAwait(false);
                break;
            case HookEventKind.SessionBegan: // resumed, perhaps, after it died in a call
            case HookEventKind.TurnEnded:
                await workspace.CatchUpAsync(hook.Actor.Session, agent: hook.Actor.Agent, cancellationToken: cancellationToken).ConfigureAwait(false);
                break;
            case HookEventKind.SessionEnded:
                await workspace.CatchUpAsync(hook.Actor.Session, isOver: true, cancellationToken: cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    /// <summary>What is unrecorded is no doing of the new turn. That it has begun is noted even if there is no time to record: no later event tells of it.</summary>
    private static async Task BeginTurnAsync(SnapshotManager workspace, HookEvent hook, CancellationToken cancellationToken)
    {
        try
        {
            await workspace.CatchUpAsync(hook.Actor.Session, agent: hook.Actor.Agent, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (hook.Actor.Session is not null)
            {
                workspace.BeginTurn(hook.Actor, hook.Prompt, hook.Time);
            }
        }
    }

    // A turn is a user's: what an event calls one may be the end of a background command.
    private static CaptureContext Context(SnapshotManager workspace, HookEvent hook) => new()
    {
        Actor = hook.Actor with { Turn = (hook.Actor.Session is { } session ? workspace.CurrentTurn(session)?.Id : null) ?? hook.Actor.Turn },
        Tool = hook.Tool,
        Message = HookPayload.OneLine(hook.Command),
    };
}
