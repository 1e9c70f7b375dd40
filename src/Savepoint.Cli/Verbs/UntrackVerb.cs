using System.CommandLine;
using Savepoint.Cli.Arguments;
using Savepoint.Cli.Output;
using Savepoint.Cli.Settings;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>untrack</c>: stops tracking, and on request deletes the history.</summary>
internal sealed class UntrackVerb() : Verb("untrack", "Stop tracking a workspace. Its files stay as they are.")
{
    private readonly Option<bool> _delete = new("--delete") { Description = "Delete its history for good." };

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint untrack                             # the history stays on disk, unused",
        "savepoint untrack -C /old/project --delete    # delete a history whose workspace is gone",
    ];

    public override void Declare(Command command) => command.Add(_delete);

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        // It goes even if it cannot be opened: a store that is damaged, or whose workspace is gone, must go too.
        await invocation.FinishInterruptedAsync(cancellationToken).ConfigureAwait(false);
        var root = invocation.WorkspaceOption is { } named ? Path.GetFullPath(named) : invocation.FindWorkspace()
            ?? throw new SavepointException(ErrorCode.NotTracked, $"Neither {CurrentDirectory.Path} nor a directory above it is tracked.", "'savepoint stores' lists what is.");
        var (options, isDeleted) = (EffectiveSettings.Load(null).ToOptions(), invocation.Get(_delete));
        var store = await SnapshotManager.UntrackAsync(root, options, isDeleted, cancellationToken).ConfigureAwait(false);
        Trust.Revoke(options.StoreHome, store.Root); // another clone may come to stand there
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
            invocation.Terminal.Say($"{SafeText.Of(store.Root)} is no longer tracked. " + (isDeleted
                ? $"Its history ({Quantity.Bytes(store.SizeBytes)}) is deleted."
                : $"Its history ({Quantity.Bytes(store.SizeBytes)}) stays in {SafeText.Of(store.StoreDirectory)}."));
        }

        return ExitCode.Done;
    }
}
