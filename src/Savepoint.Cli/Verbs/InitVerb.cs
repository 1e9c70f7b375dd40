using System.CommandLine;
using Savepoint.Cli.Output;
using Savepoint.Cli.Settings;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>init</c>: starts tracking, or takes over the history of a workspace that moved.</summary>
internal sealed class InitVerb() : Verb("init", "Start tracking this directory: record all of it as the baseline.")
{
    private readonly Option<string?> _store = new("--store") { HelpName = "DIR", Description = "Keep the history in this directory. It is remembered." };
    private readonly Option<string?> _adopt = new("--adopt") { HelpName = "OLD", Description = "Take over the history of the workspace that was at OLD, and is gone or was untracked." };

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint init                       # track the current directory",
        "savepoint init -C ~/src/app          # track another one",
        "savepoint init --adopt ~/old/app     # the project was copied here from ~/old/app",
    ];

    public override void Declare(Command command)
    {
        command.Add(_store);
        command.Add(_adopt);
    }

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var directory = invocation.NamedDirectory();
        var options = invocation.SettingsOf(directory).ToOptions() with { ScanDeadline = Timeout.InfiniteTimeSpan };
        if (invocation.File(_adopt) is { } old)
        {
            await using var adopted = await SnapshotManager.AdoptAsync(directory, old, options, cancellationToken).ConfigureAwait(false);
            Answer(invocation, adopted, new CaptureResult(null, Coverage.Empty, TimeSpan.Zero), $"took over the history of {SafeText.Of(old)}");
            return ExitCode.Done;
        }

        var store = invocation.File(_store);
        if (store is not null || options.StoreHome != directory)
        {
            RefuseStoreInside(directory, store ?? options.StoreHome);
        }

        using var progress = Progress.Start(invocation.Terminal, "recording the baseline");
        var (workspace, baseline) = await SnapshotManager.InitAsync(directory, options, store, progress, cancellationToken).ConfigureAwait(false);
        progress.Dispose();
        await using (workspace)
        {
            RecoveryNote.Show(workspace, invocation.Terminal);
            Answer(invocation, workspace, baseline, "was tracked already");
        }

        return ExitCode.Done;
    }

    private static bool HasEntries(string root) => Directory.EnumerateFileSystemEntries(root).Any(entry => Path.GetFileName(entry) is not ".git");

    /// <summary>A store inside its own workspace would record itself, and go with it.</summary>
    private static void RefuseStoreInside(string workspace, string store)
    {
        if (Path.GetPathRoot(workspace) == workspace || workspace == UserFolders.Home)
        {
            return; // refused for what they are, whatever they hold
        }

        var way = Path.GetRelativePath(workspace, store);
        if (way != ".." && !way.StartsWith("../", StringComparison.Ordinal) && !Path.IsPathRooted(way))
        {
            throw new SavepointException(ErrorCode.RefusedWorkspace, $"The history would be in {store}, inside the workspace {workspace} itself.", $"Track a smaller directory, or keep the history elsewhere: 'init --store DIR', or {EffectiveSettings.StoreHomeVariable}.");
        }
    }

    private static void Answer(Invocation invocation, SnapshotManager workspace, CaptureResult baseline, string otherwise)
    {
        var tree = (baseline.Snapshot?.Changes.Select(change => change.After) ?? workspace.TreeAt(workspace.Head!.Value).Values).ToList();
        var files = tree.Count(state => state is FileState.Regular or FileState.Symlink);
        var bytes = tree.OfType<FileState.Regular>().Sum(file => file.SizeBytes);
        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.Json(json =>
            {
                json.WriteStartObject();
                json.WritePosition(workspace, baseline.Snapshot?.Number);
                json.WriteString("workspace", workspace.Root);
                json.WriteString("store", workspace.StoreDirectory);
                json.WriteNumber("files", files);
                json.WriteNumber("bytes", bytes);
                CoverageJson.Write(json, baseline.Coverage);
                json.WriteElapsed(baseline.Elapsed);
                json.WriteEndObject();
            });
            return;
        }

        var root = SafeText.Of(workspace.Root);
        invocation.Terminal.Say(baseline.Snapshot is null
            ? $"{root} {otherwise}: the head is snapshot {workspace.Head} on {workspace.Branch}."
            : $"Tracking {root}: {Quantity.Of(files, "file")}, {Quantity.Bytes(bytes)}, in {Quantity.Duration(baseline.Elapsed)}. The baseline is snapshot {workspace.Head}.");
        foreach (var line in CoverageText.Lines(baseline.Coverage))
        {
            invocation.Terminal.Note(line);
        }

        if (baseline.Snapshot is not null && tree.Count == 0 && HasEntries(workspace.Root))
        {
            invocation.Terminal.Note("ignore rules leave out everything that is here, so none of it is recorded. See the .gitignore; '!' lines in a .savepointignore take in again what it leaves out.");
        }
    }
}
