using System.CommandLine;
using System.Globalization;
using Savepoint.Cli.Output;
using Savepoint.Cli.Platform;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>watch</c>: records every change by any process, as it happens.</summary>
internal sealed class WatchVerb() : Verb("watch", "Record every change by any process, as it happens, until stopped.")
{
    private const int MaxDebounceMilliseconds = 60_000;

    private readonly Option<string?> _debounce = new("--debounce") { HelpName = "MS", Description = "How long nothing must happen before what happened is recorded, in milliseconds; 100 if it is left out." };

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint watch &",
        "savepoint watch --debounce 500",
        "savepoint watch --json        # a JSON object in each line, as in 'log --json'",
    ];

    public override string Details => """
        What happened while nobody watched is recorded first. Ctrl-C or SIGTERM stops it, after a last look. What an announced
        edit or 'savepoint run' changes is left to its own snapshot. 'savepoint status' says whether somebody watches.
        """;

    public override void Declare(Command command) => command.Add(_debounce);

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var options = Options(invocation.Get(_debounce));
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        using var trim = new MemoryTrim(() => Task.FromResult(workspace.FreeMemory()));
        await using var upkeep = workspace.StartMaintenance();
        options = options with { Status = new Announcement(invocation.Terminal, workspace.Root), Trouble = new TroubleNote(invocation.Terminal) };
        await foreach (var snapshot in workspace.WatchAsync(options, cancellationToken).ConfigureAwait(false))
        {
            Show(invocation, workspace, snapshot);
            invocation.Terminal.Flush();
            workspace.FillLayers();
        }

        return ExitCode.Done;
    }

    private static WatchOptions Options(string? debounce)
    {
        if (debounce is null)
        {
            return new WatchOptions();
        }

        return int.TryParse(debounce, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds is >= 1 and <= MaxDebounceMilliseconds
            ? new WatchOptions { Debounce = TimeSpan.FromMilliseconds(milliseconds) }
            : throw new UsageException($"'{debounce}' is no time to wait: a number of milliseconds, 1 to {MaxDebounceMilliseconds}, is expected.");
    }

    private static void Show(Invocation invocation, SnapshotManager workspace, Snapshot snapshot)
    {
        var (terminal, paint) = (invocation.Terminal, invocation.Paint);
        if (terminal.IsJson)
        {
            terminal.Json(json =>
            {
                json.WriteStartObject();
                SnapshotJson.WriteMembers(json, snapshot, [], isUndone: false, workspace.Contents);
                json.WriteEndObject();
            });
            return;
        }

        terminal.Say($"{SnapshotText.Title(snapshot, [], isUndone: false, paint)}  {ChangeText.Summary(snapshot.Changes, paint)}");
        foreach (var line in CoverageText.Lines(snapshot.Coverage))
        {
            terminal.Note(line);
        }
    }

    /// <summary>Tells the user at once, on the thread that reports: .NET's Progress would tell him at some time.</summary>
    private sealed class Announcement(Terminal terminal, string root) : IProgress<WatcherStatus>
    {
        public void Report(WatcherStatus value) =>
            terminal.Note(value.IsLimited ? WatcherText.Limit(value) : $"watching {root}, {Quantity.Of(value.DirectoryCount, "directory")}; Ctrl-C ends it");
    }

    private sealed class TroubleNote(Terminal terminal) : IProgress<SavepointException>
    {
        public void Report(SavepointException value) => terminal.Note($"{value.Message} {value.Hint} It is tried again until it can be recorded.");
    }
}
