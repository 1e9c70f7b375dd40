using System.CommandLine;
using Savepoint.Cli.Arguments;
using Savepoint.Cli.Output;
using Savepoint.Cli.Settings;

namespace Savepoint.Cli.Verbs;

/// <summary><c>untrack</c>: stops tracking, and on request deletes the history.</summary>
internal sealed class UntrackVerb() : Verb("untrack", "Stop tracking a workspace. Its files stay as they are.")
{
    private readonly Option<bool> _delete = new("--delete") { Description = "Delete its history for good." };
    private readonly Option<bool> _force = new("--force") { Description = "With --delete: even if working copies of branches lie beside the history; they go with it." };

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint untrack                             # the history stays on disk, unused",
        "savepoint untrack -C /old/project --delete    # delete a history whose workspace is gone; 'stores' names it",
    ];

    public override void Declare(Command command)
    {
        command.Add(_delete);
        command.Add(_force);
    }

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        // It goes even if it cannot be opened: a store that is damaged, or whose workspace is gone, must go too.
        await invocation.FinishInterruptedAsync(cancellationToken).ConfigureAwait(false);
        var (options, isDeleted) = (EffectiveSettings.Load(null).ToOptions(), invocation.Get(_delete));
        var place = invocation.WorkspaceOption is { } named ? FileArgument.Resolve(named) : invocation.FindWorkspace() ?? Kept(options, isDeleted);
        var store = await SnapshotManager.UntrackAsync(place, options, isDeleted, invocation.Get(_force), cancellationToken).ConfigureAwait(false);
        if (!SnapshotManager.Stores(options).Any(other => other.Root == store.Root && other.IsTracked))
        {
            Trust.Revoke(options.StoreHome, store.Root); // another clone may come to stand there
        }

        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.Json(json =>
            {
                json.WriteStartObject();
                json.WriteString("workspace", store.Root);
                json.WriteString("store", store.StoreDirectory);
                json.WriteNumber("bytes", store.SizeBytes);
                json.WriteBoolean("deleted", isDeleted);
                json.WriteEndObject();
            });
        }
        else
        {
            var (root, size) = (SafeText.Of(store.Root), Quantity.Bytes(store.SizeBytes));
            invocation.Terminal.Say(
                !isDeleted ? $"{root} is no longer tracked. Its history ({size}) stays in {SafeText.Of(store.StoreDirectory)}."
                : store is { IsTracked: true, IsOrphan: false } ? $"{root} is no longer tracked. Its history ({size}) is deleted."
                : $"The unused history of {root} ({size}) is deleted.");
        }

        return ExitCode.Done;
    }

    /// <summary>The current directory, if it was untracked before and its history is now to be deleted.</summary>
    private static string Kept(SnapshotOptions options, bool isDeleted) =>
        isDeleted && SnapshotManager.Stores(options).Any(store => store.Root == CurrentDirectory.Path) ? CurrentDirectory.Path : throw Invocation.NothingTracked();
}
