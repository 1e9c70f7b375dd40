using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Savepoint.Cli.Arguments;
using Savepoint.Cli.Hooks;
using Savepoint.Cli.Settings;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>hook</c>: what an agent's client tells of its work, recorded.</summary>
internal sealed class HookVerb() : Verb("hook", "Record what an agent's client tells of its work (its hooks call this).")
{
    /// <summary>A client waits for its hooks, and its user for the client.</summary>
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ScanLimit = TimeSpan.FromSeconds(2);

    private readonly Argument<string> _client = new("CLIENT") { Arity = ArgumentArity.ZeroOrOne, Description = "claude-code, codex, gemini or opencode." };
    private readonly Option<bool> _user = new("--user") { Description = "The hook is installed for all of the user's projects: a repository that is not tracked is tracked at its first prompt." };

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

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "No failure of ours may reach the client.")]
    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeLimit);
        try
        {
            var client = invocation.Get(_client) is "claude-code" or "codex" or "gemini" or "opencode"
                ? invocation.Get(_client)!
                : throw new UsageException($"'{invocation.Get(_client)}' is no client that hooks are known of.", "claude-code, codex, gemini and opencode are.");
            using var payload = await JsonDocument.ParseAsync(Console.OpenStandardInput(), cancellationToken: limit.Token).ConfigureAwait(false);
            var hook = HookReader.Read(client, payload.RootElement);
            if (hook.Kind != HookEventKind.Other)
            {
                await RecordAsync(invocation, hook, limit.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            invocation.Terminal.Error("The hook gave up: another process holds the workspace, or looking at it took too long.", "Nothing is lost; the next event records it.");
        }
        catch (JsonException e)
        {
            invocation.Terminal.Error($"The event on standard input is no JSON: {e.Message}", "A client's hook writes it there: 'savepoint help hook'.");
        }
        catch (Exception e)
        {
            invocation.Terminal.Error($"The hook recorded nothing: {e.Message}", (e as SavepointException)?.Hint ?? (e as UsageException)?.Hint);
        }

        return ExitCode.Done;
    }

    private async Task RecordAsync(Invocation invocation, HookEvent hook, CancellationToken cancellationToken)
    {
        var directory = invocation.WorkspaceOption ?? hook.ProjectDirectory ?? CurrentDirectory.Path;
        if (!Directory.Exists(directory))
        {
            return;
        }

        var settings = EffectiveSettings.Load(null);
        if (SnapshotManager.FindWorkspace(directory, settings.ToOptions()) is null && hook.Kind == HookEventKind.TurnBegan && invocation.Get(_user) && settings.AutoInit
            && AutoInit.RepositoryOf(directory) is { } repository)
        {
            await AutoInit.StartAsync(repository, () => IsTracked(directory), cancellationToken).ConfigureAwait(false);
        }

        if (SnapshotManager.FindWorkspace(directory, settings.ToOptions()) is not { } root)
        {
            return;
        }

        var options = EffectiveSettings.Load(root).ToOptions();
        var limited = options.ScanDeadline == Timeout.InfiniteTimeSpan || options.ScanDeadline > ScanLimit ? options with { ScanDeadline = ScanLimit } : options;
        await using var workspace = await SnapshotManager.OpenAsync(root, limited, cancellationToken).ConfigureAwait(false);
        if (workspace.Head is not null)
        {
            await HookRecorder.RecordAsync(workspace, hook, cancellationToken).ConfigureAwait(false);
            HookAnswer.Give(hook, invocation.Terminal);
        }
    }

    private static bool IsTracked(string directory) => SnapshotManager.FindWorkspace(directory, EffectiveSettings.Load(null).ToOptions()) is not null;
}
