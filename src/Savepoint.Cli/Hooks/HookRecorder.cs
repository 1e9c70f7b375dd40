using Savepoint.Cli.Arguments;
using Savepoint.Model;

namespace Savepoint.Cli.Hooks;

/// <summary>Does what an event asks for. Whatever a client says happened, the tree is looked at.</summary>
internal static class HookRecorder
{
    public static async Task RecordAsync(SnapshotManager workspace, HookEvent hook, CancellationToken cancellationToken)
    {
        switch (hook.Kind)
        {
            case HookEventKind.SubagentEnded or HookEventKind.Unread:
                await workspace.CatchUpAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
                break;
            case HookEventKind.TurnBegan:
                await workspace.CatchUpAsync(hook.Actor.Session, cancellationToken: cancellationToken).ConfigureAwait(false);
                if (hook.Actor.Session is not null)
                {
                    workspace.BeginTurn(hook.Actor, hook.Prompt);
                }

                break;
            case HookEventKind.ToolBegins when Paths(workspace, hook) is var paths && (paths is null || paths.Count > 0 || hook.Target.IsOwn):
                await workspace.BeginCallAsync(Context(workspace, hook), paths, hook.Target.IsUnlikely, cancellationToken).ConfigureAwait(false);
                break;
            case HookEventKind.ToolEnded when Paths(workspace, hook) is var paths && (paths is null || paths.Count > 0 || hook.Target.IsOwn):
                await workspace.EndCallAsync(Context(workspace, hook), paths, hook.Outcome, cancellationToken).ConfigureAwait(false);
                break;
            case HookEventKind.BackgroundEnded:
                await workspace.EndCallAsync(Context(workspace, hook), paths: null, cancellationToken: cancellationToken).ConfigureAwait(false);
                break;
            case HookEventKind.SessionBegan: // resumed, perhaps, after it died in a call
            case HookEventKind.TurnEnded:
                await workspace.CatchUpAsync(hook.Actor.Session, cancellationToken: cancellationToken).ConfigureAwait(false);
                break;
            case HookEventKind.SessionEnded:
                await workspace.CatchUpAsync(hook.Actor.Session, isOver: true, cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    // A turn is a user's: what an event calls one may be the end of a background command.
    private static CaptureContext Context(SnapshotManager workspace, HookEvent hook) => new()
    {
        Actor = hook.Actor with { Turn = (hook.Actor.Session is { } session ? workspace.CurrentTurn(session)?.Id : null) ?? hook.Actor.Turn },
        Tool = hook.Tool,
        Message = HookPayload.OneLine(hook.Command),
    };

    /// <summary>What the call may write in this workspace: none, some paths, or, if null, anything.</summary>
    private static List<WorkspacePath>? Paths(SnapshotManager workspace, HookEvent hook)
    {
        if (hook.Target.MayWriteAnything)
        {
            return null;
        }

        var argument = new PathArgument(workspace.Root, isExplicit: false);
        var paths = new List<WorkspacePath>();
        foreach (var text in hook.Target.Paths)
        {
            try
            {
                paths.Add(argument.Resolve(Path.Combine(hook.CurrentDirectory ?? workspace.Root, text)));
            }
            catch (SavepointException e) when (e.Code == ErrorCode.RefusedPath)
            {
                // Outside the workspace, or git's: not ours to record.
            }
        }

        return paths;
    }
}
