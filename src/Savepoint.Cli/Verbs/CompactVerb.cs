using System.CommandLine;
using Savepoint.Cli.Output;
using Savepoint.Compaction;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>compact</c>: merges what nobody needs step by step.</summary>
internal sealed class CompactVerb() : Verb("compact", "Merge snapshots whose single steps nobody needs.")
{
    private readonly Option<string?> _level = new("--level") { HelpName = "LEVEL", Description = "normal, aggressive or emergency; normal if it is left out." };

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint compact                       # tidies what 'log' shows; nothing is freed",
        "savepoint compact --level aggressive    # frees the states between the ends of each merge",
    ];

    public override string Details => """
        normal: edits of one file by one actor, each within five seconds of the one before, are shown as one snapshot. Every
        number keeps its exact state.
        aggressive: merges as well what was done and taken back, chains of formatting, and the steps of a refactoring, and
        frees the states between the ends of a merge: such a number then stands for the end of its range.
        emergency: as aggressive, once a milestone (compacted-N) has archived all that is about to be freed.

        Nothing merges across a label, an undo or rollback and what it went back to, a verified state, or the border of a turn
        or session, and nothing of the last 50 snapshots.
        """;

    public override void Declare(Command command)
    {
        command.Add(_level);
    }

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var level = invocation.Get(_level) switch
        {
            null or "normal" => CompactionLevel.Normal,
            "aggressive" => CompactionLevel.Aggressive,
            "emergency" => CompactionLevel.Emergency,
            var other => throw new UsageException($"'{other}' is no level of compaction.", "normal, aggressive and emergency are."),
        };
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        using var progress = Progress.Start(invocation.Terminal, "compacting");
        var done = await workspace.CompactAsync(level, cancellationToken).ConfigureAwait(false);
        var cleaned = level == CompactionLevel.Normal ? null : await workspace.CleanUpAsync(cancellationToken).ConfigureAwait(false);
        if (cleaned is { FreedContents: > 0, PackedContents: > 0 })
        {
            // What was packed needs those no more that it was stored against.
            var again = await workspace.CleanUpAsync(cancellationToken).ConfigureAwait(false);
            cleaned = again with { FreedContents = cleaned.FreedContents + again.FreedContents, BytesBefore = cleaned.BytesBefore };
        }

        var bounds = await workspace.KeepWithinBoundsAsync(cancellationToken).ConfigureAwait(false);
        progress.Dispose();
        if (invocation.Terminal.IsJson)
        {
            Write(invocation.Terminal, workspace, level, done, cleaned);
        }
        else
        {
            Show(invocation.Terminal, done, cleaned);
            BoundsText.Say(invocation.Terminal, bounds);
        }

        BoundsText.Warn(invocation.Terminal, bounds);

        return ExitCode.Done;
    }

    private static void Write(Terminal terminal, SnapshotManager workspace, CompactionLevel level, CompactionResult done, CleanUp? cleaned) => terminal.Json(json =>
    {
        json.WriteStartObject();
        json.WritePosition(workspace, null);
        json.WriteString("level", JsonNames.Of(level));
        json.WriteStartObject("merges");
        foreach (var rule in Enum.GetValues<MergeRule>().Where(rule => rule != MergeRule.Expired))
        {
            json.WriteNumber(JsonNames.Of(rule), done.Merges.GetValueOrDefault(rule));
        }

        json.WriteEndObject();
        json.WriteNumber("operations", done.OperationCount);
        json.WriteNumber("snapshotsBefore", done.SnapshotsBefore);
        json.WriteNumber("snapshotsAfter", done.SnapshotsAfter);
        if (cleaned is not null)
        {
            json.WriteNumber("freedContents", cleaned.FreedContents);
            json.WriteNumber("bytesBefore", cleaned.BytesBefore);
            json.WriteNumber("bytesAfter", cleaned.BytesAfter);
        }

        json.WriteElapsed(done.Elapsed);
        json.WriteEndObject();
    });

    private static void Show(Terminal terminal, CompactionResult done, CleanUp? cleaned)
    {
        if (done.Merges.Count == 0)
        {
            terminal.Say("There is nothing to merge.");
        }

        foreach (var (rule, count) in done.Merges.OrderBy(merge => merge.Key))
        {
            terminal.Say($"  {Quantity.Of(count, "merge")} of {Text(rule)}");
        }

        if (done.Merges.Count > 0)
        {
            terminal.Say(done.SnapshotsBefore == done.SnapshotsAfter
                ? $"{Quantity.Of(done.OperationCount, "operation")} are shown as {done.Merges.Values.Sum()}; every number keeps its state."
                : $"{Quantity.Of(done.OperationCount, "operation")} became {done.Merges.Values.Sum()}; {done.SnapshotsBefore - done.SnapshotsAfter} states between them are freed.");
        }

        if (cleaned is not null)
        {
            terminal.Say($"The store takes {Quantity.Bytes(cleaned.BytesAfter)}, {Quantity.Bytes(cleaned.BytesBefore)} before.");
        }
    }

    private static string Text(MergeRule rule) => rule switch
    {
        MergeRule.ContinuousEdits => "continuous edits",
        MergeRule.AddDeleteCycle => "changes that were taken back",
        MergeRule.FormattingChain => "formatting",
        _ => "refactoring steps",
    };
}
