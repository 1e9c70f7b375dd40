using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Savepoint.Cli.Arguments;
using Savepoint.Cli.Hooks;
using Savepoint.Cli.Platform;
using Savepoint.Cli.Settings;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>hook</c>: what an agent's client tells of its work, recorded.</summary>
internal sealed class HookVerb() : Verb("hook", "Record what an agent's client tells of its work (its hooks call this).")
{
    /// <summary>How much of the deadline a look at the tree may take.</summary>
    private const double ScanShare = 0.4;

    /// <summary>A copy of the whole workspace is what the client asked for, and waits for.</summary>
    private static readonly TimeSpan CopyDeadline = TimeSpan.FromMinutes(9);

    /// <summary>What listens to the deadline ends by itself in this time.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    private readonly Argument<string> _client = new("CLIENT") { Arity = ArgumentArity.ZeroOrOne, Description = "claude-code, codex, gemini or opencode." };
    private readonly Option<bool> _user = new("--user") { Description = "The hook is installed for all of the user's projects: a repository that is not tracked is tracked at its first prompt." };

    private volatile bool _isCopy;

    public override IReadOnlyList<string> Examples => ["savepoint hook claude-code < event.json"];

    public override string Details => """
        Reads one event from standard input and answers as the client expects. It never blocks or breaks the client: what goes
        wrong is said on standard error, the exit code is 0, and the next event finds what this one did not record. In a
        directory that is not tracked it does nothing.
        """;

    public override int? FailureCode => ExitCode.Done;

    public override void Declare(Command command)
    {
        command.Add(_client);
        command.Add(_user);
    }

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        // What waits without listening to a token, for standard input or for the database, is left behind and ends with the process.
        var deadline = Deadline();
        var work = Task.Run(() => GuardAsync(invocation, deadline, cancellationToken), CancellationToken.None);
        await Task.WhenAny(work, Task.Delay(deadline + Grace, CancellationToken.None)).ConfigureAwait(false);
        if (_isCopy)
        {
            await Task.WhenAny(work, Task.Delay(CopyDeadline + Grace, CancellationToken.None)).ConfigureAwait(false);
        }

        if (!work.IsCompleted)
        {
            SayGaveUp(invocation);
        }

        return ExitCode.Done;
    }

    /// <summary>A client waits for its hooks, and its user for the client.</summary>
    private static TimeSpan Deadline() => EffectiveSettings.Load(null, onUserFault: _ => { }).HookDeadline; // the fault is met again where it can be told

    /// <summary>The settings, also where a file of them cannot be read: nobody's typing error may cost an agent's work its history.</summary>
    private static EffectiveSettings SettingsOf(Invocation invocation, string? root)
    {
        return EffectiveSettings.Load(root, Tell, root is null ? Tell : _ => { }); // the user's is read first for no workspace, and told then

        void Tell(SavepointException fault) => invocation.Terminal.Note($"{fault.Message} It has no effect.");
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "No failure of ours may reach the client.")]
    private async Task GuardAsync(Invocation invocation, TimeSpan deadline, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(deadline);
        try
        {
            var client = invocation.Get(_client) is "claude-code" or "codex" or "gemini" or "opencode"
                ? invocation.Get(_client)!
                : throw new UsageException($"'{invocation.Get(_client)}' is no client that hooks are known of.", "claude-code, codex, gemini and opencode are.");
            using var payload = await HookInput.ReadAsync(Console.OpenStandardInput(), limit.Token).ConfigureAwait(false);
            if (payload is null)
            {
                invocation.Terminal.Error("The event on standard input is too long to be read.", "What stands in the workspace is recorded, as nobody's doing.");
            }

            var hook = payload is null ? HookReader.Unread(client) : HookReader.Read(client, payload.RootElement);
            if (hook.Kind is HookEventKind.WorktreeWanted or HookEventKind.WorktreeUnwanted)
            {
                _isCopy = true;
                limit.CancelAfter(CopyDeadline);
                await ServeWorktreeAsync(invocation, hook, limit.Token).ConfigureAwait(false);
            }
            else if (hook.Kind != HookEventKind.Other)
            {
                await RecordAsync(invocation, hook, limit.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            SayGaveUp(invocation);
        }
        catch (JsonException e)
        {
            invocation.Terminal.Error($"The event on standard input is no JSON: {e.Message}", "A client's hook writes it there: 'savepoint help hook'.");
        }
        catch (Exception e)
        {
            invocation.Terminal.Error($"The hook recorded nothing: {e.Message}", (e as SavepointException)?.Hint ?? (e as UsageException)?.Hint);
        }
    }

    private static void SayGaveUp(Invocation invocation) =>
        invocation.Terminal.Error("The hook gave up: another process holds the workspace, the event never came, or looking at the workspace took too long.", "Nothing is lost; the next event records it.");

    private async Task RecordAsync(Invocation invocation, HookEvent hook, CancellationToken cancellationToken)
    {
        // An agent may move or delete the directory that its client is in: where that was, the workspace is still.
        if (Existing(invocation.WorkspaceOption ?? hook.ProjectDirectory ?? CurrentDirectory.Path) is not { } directory)
        {
            return;
        }

        var settings = SettingsOf(invocation, null);
        if (SnapshotManager.FindWorkspace(directory, settings.ToOptions()) is null && hook.Kind == HookEventKind.TurnBegan && invocation.Get(_user) && settings.AutoInit
            && AutoInit.RepositoryOf(directory) is { } repository)
        {
            await AutoInit.StartAsync(repository, () => HasBaselineAsync(repository, settings.ToOptions(), cancellationToken), cancellationToken).ConfigureAwait(false);
        }

        var found = SnapshotManager.FindWorkspace(directory, settings.ToOptions());
        var root = found is null ? null : await WorkedInAsync(found, Existing(hook.CurrentDirectory), settings.ToOptions(), cancellationToken).ConfigureAwait(false);
        foreach (var other in CallPaths.OtherRoots(hook, root, path => SnapshotManager.FindWorkspace(path, settings.ToOptions())))
        {
            await RecordInAsync(other, SettingsOf(invocation, other), hook, cancellationToken).ConfigureAwait(false);
        }

        if (root is not null && SettingsOf(invocation, root) is var effective && await RecordInAsync(root, effective, hook, cancellationToken).ConfigureAwait(false))
        {
            HookAnswer.Give(hook, invocation.Terminal);
            if (hook.Kind == HookEventKind.TurnEnded && effective.Value("checks.onTurnEnd", isAsked: false) == "true")
            {
                Detached.Start(beginsSession: true, "check", "-q", "--unattended", "-C", root);
            }
        }
    }

    /// <summary>A directory, or the nearest above it that is there; null if none is.</summary>
    private static string? Existing(string? directory)
    {
        while (directory is not null && !Directory.Exists(directory))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return directory is { Length: > 0 } ? directory : null;
    }

    /// <summary>Whether there is a history to record in.</summary>
    private static async Task<bool> RecordInAsync(string root, EffectiveSettings settings, HookEvent hook, CancellationToken cancellationToken)
    {
        var options = settings.ToOptions();
        var scanLimit = settings.HookDeadline * ScanShare;
        var limited = options.ScanDeadline == Timeout.InfiniteTimeSpan || options.ScanDeadline > scanLimit ? options with { ScanDeadline = scanLimit } : options;
        await using var workspace = await SnapshotManager.OpenAsync(root, limited, cancellationToken).ConfigureAwait(false);
        if (workspace.Head is null)
        {
            return false;
        }

        await HookRecorder.RecordAsync(workspace, hook, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>The root that the call is about: the project's, but a branch's copy of it if that is where the client has gone to.</summary>
    private static async Task<string> WorkedInAsync(string root, string? current, SnapshotOptions options, CancellationToken cancellationToken)
    {
        if (current is null || SnapshotManager.FindWorkspace(current, options) is not { } other || other == root)
        {
            return root;
        }

        await using var workspace = await SnapshotManager.OpenAsync(other, options, cancellationToken).ConfigureAwait(false);
        return !workspace.IsMain && workspace.WorkspaceRoot == PosixCalls.WithoutLinks(root) ? other : root;
    }

    /// <summary>Makes the directory that the client asks for, and says where it is; or ends one.</summary>
    private static async Task ServeWorktreeAsync(Invocation invocation, HookEvent hook, CancellationToken cancellationToken)
    {
        var options = SettingsOf(invocation, null).ToOptions();
        var directory = invocation.WorkspaceOption ?? hook.ProjectDirectory ?? CurrentDirectory.Path;
        if (hook.Kind == HookEventKind.WorktreeUnwanted)
        {
            await Worktrees.RemoveAsync(hook.Worktree, directory, options, cancellationToken).ConfigureAwait(false);
            return;
        }

        var root = SnapshotManager.FindWorkspace(directory, options);
        await using var workspace = root is null ? null : await SnapshotManager.OpenAsync(root, SettingsOf(invocation, root).ToOptions(), cancellationToken).ConfigureAwait(false);
        invocation.Terminal.Line(workspace?.Head is null ? Worktrees.CreateByGit(directory, hook) : await Worktrees.CreateAsync(workspace, hook, cancellationToken).ConfigureAwait(false));
    }

    private static async Task<bool> HasBaselineAsync(string repository, SnapshotOptions options, CancellationToken cancellationToken)
    {
        if (SnapshotManager.FindWorkspace(repository, options) is not { } root)
        {
            return false;
        }

        await using var workspace = await SnapshotManager.OpenAsync(root, options, cancellationToken).ConfigureAwait(false);
        return workspace.Head is not null;
    }
}
