using System.CommandLine;
using Savepoint.Cli.Arguments;
using Savepoint.Cli.Output;
using Savepoint.Cli.Settings;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary>One run of a verb: what was written on the command line, and where to answer.</summary>
internal sealed class Invocation(ParseResult parsed, string? workspaceOption, Terminal terminal)
{
    private PathArgument? _paths;

    public Terminal Terminal { get; } = terminal;

    public Paint Paint { get; } = new(terminal.HasColor);

    /// <summary>What <c>-C</c> names; null without it.</summary>
    public string? WorkspaceOption { get; } = workspaceOption;

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T? Get<T>(Argument<T> argument) => parsed.GetValue(argument);

    /// <summary>
    /// An argument and the values of an option that takes several, which is given the argument too if that stands behind them: "--path a b REV". The first value behind each
    /// "--path" is its own; of the others the last is the argument, unless that was written before.
    /// </summary>
    public (string? Argument, string[] Values) ArgumentBeside(Argument<string?> argument, Option<string[]> option)
    {
        var values = parsed.GetResult(option)?.Tokens ?? [];
        if (Get(argument) is { } written)
        {
            return (written, Get(option) ?? []);
        }

        var all = parsed.Tokens;
        var last = Enumerable.Range(1, Math.Max(0, all.Count - 1)).LastOrDefault(i => values.Contains(all[i]) && values.Contains(all[i - 1]));
        return last == 0 ? (null, Get(option) ?? []) : (all[last].Value, [.. values.Where(value => !ReferenceEquals(value, all[last])).Select(value => value.Value)]);
    }

    /// <summary>A name or text; null if none was written. A script's empty variable names nobody.</summary>
    public string? Text(Option<string?> option) => Get(option) is { Length: > 0 } text ? text : null;

    /// <summary>A file or directory outside the workspace, absolute; null if none was written.</summary>
    /// <exception cref="SavepointException">It cannot be reached by its name.</exception>
    public string? File(Option<string?> option) => Get(option) is { } written ? FileArgument.Resolve(written) : null;

    /// <summary>The directory that the verb is about, tracked or not.</summary>
    /// <exception cref="SavepointException">It does not exist.</exception>
    public string NamedDirectory()
    {
        var directory = WorkspaceOption is null ? CurrentDirectory.Path : FileArgument.Resolve(WorkspaceOption);
        return Directory.Exists(directory)
            ? directory
            : throw new SavepointException(ErrorCode.NotTracked, $"There is no directory {directory}.", "Name the workspace with -C DIR.");
    }

    /// <summary>The workspace's root: what <c>-C</c> names, else the nearest tracked directory; null if there is none.</summary>
    public string? FindWorkspace() =>
        WorkspaceOption is not null ? NamedDirectory() : SnapshotManager.FindWorkspace(CurrentDirectory.NearestText, EffectiveSettings.Load(null).ToOptions());

    /// <summary>Opens the workspace, and says if that finished what a dead process had left.</summary>
    /// <exception cref="SavepointException">There is none, or its store cannot be used.</exception>
    public async Task<SnapshotManager> OpenAsync(CancellationToken cancellationToken)
    {
        var root = FindWorkspace() ?? throw NothingTracked();
        var workspace = await SnapshotManager.OpenAsync(root, SettingsOf(root).ToOptions(), cancellationToken).ConfigureAwait(false);
        RecoveryNote.Show(workspace, Terminal);
        if (workspace.Head is not null)
        {
            return workspace;
        }

        await workspace.DisposeAsync().ConfigureAwait(false);
        throw new SavepointException(ErrorCode.NotTracked, $"{root} has no baseline yet: an 'init' is under way or was interrupted.", "Run 'savepoint init' there to record it.");
    }

    /// <summary>
    /// For a verb that does without an open workspace: finishes what a dead process left of a restore, and says so. Whatever keeps from it is told by the verbs
    /// that cannot do without.
    /// </summary>
    public async Task FinishInterruptedAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (FindWorkspace() is { } root && SnapshotManager.FindWorkspace(root, EffectiveSettings.Load(null).ToOptions()) == root)
            {
                await using var workspace = await SnapshotManager.OpenAsync(root, EffectiveSettings.Load(root, _ => { }).ToOptions(), cancellationToken).ConfigureAwait(false);
                RecoveryNote.Show(workspace, Terminal);
            }
        }
        catch (SavepointException)
        {
            // A store that is damaged, or held by another process.
        }
    }

    /// <summary>That there is no workspace here, and how to have one: anew, or with a history that is kept of this place.</summary>
    public static SavepointException NothingTracked()
    {
        var here = CurrentDirectory.NearestText;
        var kept = SnapshotManager.Stores(EffectiveSettings.Load(null).ToOptions()).Where(store => $"{here}/".StartsWith($"{store.Root}/", StringComparison.Ordinal)).MaxBy(store => store.Root.Length);
        return new SavepointException(
            ErrorCode.NotTracked,
            $"Neither {here} nor a directory above it is tracked.",
            "Run 'savepoint init' in the project's directory to start." + (kept is null ? "" : $" 'savepoint init --adopt {CommandText.Quote(kept.Root)}' in {kept.Root} takes over the history that is kept of what was there."));
    }

    /// <summary>The settings of a workspace. A fault in its own file is told, and leaves only that file without effect.</summary>
    /// <exception cref="SavepointException">The user's file has a fault.</exception>
    public EffectiveSettings SettingsOf(string root) =>
        EffectiveSettings.Load(root, fault => Terminal.Note($"{fault.Message} It has no effect."));

    /// <summary>Mends the workspace's store, which need not be readable.</summary>
    /// <exception cref="SavepointException">There is none, or another process works with it.</exception>
    public Task<RepairResult> RepairAsync(bool dryRun, CancellationToken cancellationToken)
    {
        var root = FindWorkspace() ?? NamedDirectory(); // a store whose database is gone makes no tracked directory
        return SnapshotManager.RepairAsync(root, SettingsOf(root).ToOptions(), dryRun, cancellationToken);
    }

    public WorkspacePath PathOf(SnapshotManager workspace, string text) =>
        (_paths ??= new PathArgument(workspace.Root, WorkspaceOption is not null)).Resolve(text);

    /// <summary>Paths of the workspace; null if none was written.</summary>
    public WorkspacePath[]? Paths(SnapshotManager workspace, string[]? texts) =>
        texts is null or [] ? null : [.. texts.Select(text => PathOf(workspace, text))];
}
