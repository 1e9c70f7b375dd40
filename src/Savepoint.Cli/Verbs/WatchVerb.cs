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
        Recording does not wait for whoever reads the output: some MB of it wait for him, and of what had to be left out it is said how
        much. 'savepoint events --follow' leaves out nothing.
        """;

    public override void Declare(Command command) => command.Add(_debounce);

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var options = Options(invocation.Get(_debounce));
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        using var trim = new MemoryTrim(() => Task.FromResult(workspace.FreeMemory()));
        await using var upkeep = workspace.StartMaintenance();
        using var output = new UnawaitedOutput(invocation.Terminal, cancellationToken);
        options = options with { Status = new Announcement(output, workspace.Root), Trouble = new TroubleNote(output) };
        try
        {
            await foreach (var snapshot in workspace.WatchAsync(options, output.Ended).ConfigureAwait(false))
            {
                output.Add(terminal => Show(terminal, invocation.Paint, workspace, snapshot));
                workspace.FillLayers();
            }
        }
        finally
        {
            await output.FinishAsync().ConfigureAwait(false);
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

    private static void Show(Terminal terminal, Paint paint, SnapshotManager workspace, Snapshot snapshot)
    {
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
    private sealed class Announcement(UnawaitedOutput output, string root) : IProgress<WatcherStatus>
    {
        public void Report(WatcherStatus value) =>
            output.Add(terminal => terminal.Note(value.IsLimited ? WatcherText.Limit(value) : $"watching {root}, {Quantity.Of(value.DirectoryCount, "directory")}; Ctrl-C ends it"));
    }

    private sealed class TroubleNote(UnawaitedOutput output) : IProgress<SavepointException>
    {
        public void Report(SavepointException value) => output.Add(terminal => terminal.Note($"{value.Message} {value.Hint} It is tried again until it can be recorded."));
    }
}
