using System.CommandLine;
using System.Text.Json;
using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>repair</c>: rebuilds a damaged store as far as it can be read.</summary>
internal sealed class RepairVerb() : Verb("repair", "Rebuild a damaged store as far as it can be read; nothing is deleted.")
{
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Say what would come back and what is lost, and change nothing." };

    public override IReadOnlyList<string> Examples => ["savepoint repair --dry-run", "savepoint repair"];

    public override string Details => """
        What can be read of the database, of the milestones' archives and of the working tree makes a new store, which takes the
        place of the damaged one. The damaged files stay, in a folder of the store. What cannot be had again is listed; what is
        not listed is as it was recorded. The exit code is 0 if nothing was lost, and 5 if something is.
        """;

    public override void Declare(Command command) => command.Add(_dryRun);

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var dryRun = invocation.Get(_dryRun);
        await invocation.FinishInterruptedAsync(cancellationToken).ConfigureAwait(false);
        using var progress = Progress.Start(invocation.Terminal, "reading the store");
        var done = await invocation.RepairAsync(dryRun, cancellationToken).ConfigureAwait(false);
        progress.Dispose();
        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.Json(json => Write(json, done, dryRun));
        }
        else
        {
            Show(invocation.Terminal, done, dryRun);
        }

        if (done.Lost.Count == 0)
        {
            return ExitCode.Done;
        }

        invocation.Terminal.Error($"{Quantity.Of(done.Lost.Count, "thing")} cannot be had again.", dryRun ? "Run 'savepoint repair' to rebuild the rest." : "All that is not listed is as it was recorded, and recording goes on.");
        return ExitCode.Damaged;
    }

    private static void Write(Utf8JsonWriter json, RepairResult done, bool dryRun)
    {
        json.WriteStartObject();
        json.WriteBoolean("ok", done.Lost.Count == 0);
        json.WriteBoolean("dryRun", dryRun);
        json.WriteBoolean("repaired", done.KeptIn is not null);
        WriteLines(json, "problems", done.Problems);
        WriteLines(json, "recovered", done.Recovered);
        WriteLines(json, "lost", done.Lost);
        json.WriteNumber("snapshots", done.SnapshotCount);
        json.WriteNumber("contents", done.ContentCount);
        json.WriteString("keptIn", done.KeptIn);
        json.WriteEndObject();
    }

    private static void WriteLines(Utf8JsonWriter json, string name, IReadOnlyList<string> lines)
    {
        json.WriteStartArray(name);
        foreach (var line in lines)
        {
            json.WriteStringValue(line);
        }

        json.WriteEndArray();
    }

    private static void Show(Terminal terminal, RepairResult done, bool dryRun)
    {
        if (done.WasSound)
        {
            terminal.Say($"There is nothing to repair: {Quantity.Of(done.SnapshotCount, "snapshot")} and {Quantity.Of(done.ContentCount, "content")} hold what their hashes say.");
            return;
        }

        terminal.Say(dryRun ? "A repair would give:" : done.KeptIn is null ? "Nothing that is there is damaged, so nothing is rebuilt." : "The store is rebuilt.");
        terminal.Say($"  {Quantity.Of(done.SnapshotCount, "snapshot")} and {Quantity.Of(done.ContentCount, "content")}");
        foreach (var line in done.Recovered)
        {
            terminal.Say($"  {SafeText.Of(line)}");
        }

        if (done.KeptIn is { } kept)
        {
            terminal.Say($"  the damaged files are kept in {SafeText.Of(kept)}");
        }

        foreach (var line in done.Lost)
        {
            terminal.Line($"lost: {SafeText.Of(line)}");
        }
    }
}
