using Savepoint.Cli.Output;

namespace Savepoint.Cli.Verbs;

/// <summary><c>gc</c>: frees what nothing refers to, and packs what is seldom read.</summary>
internal sealed class GcVerb() : Verb("gc", "Free what nothing refers to, and pack what is seldom read.")
{
    public override IReadOnlyList<string> Examples => ["savepoint gc", "savepoint gc --json"];

    public override string Details => """
        No snapshot is lost, and none changes: every number keeps its exact bytes. Captures go on meanwhile. Only where the
        store takes more than its quota (the setting maxStoreBytes) do old states expire: single steps first, then the oldest
        history; never the last 50 operations, nor what a label or a branch holds.
        """;

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        using var progress = Progress.Start(invocation.Terminal, "cleaning up");
        var done = await workspace.CleanUpAsync(cancellationToken).ConfigureAwait(false);
        var bounds = await workspace.KeepWithinBoundsAsync(cancellationToken).ConfigureAwait(false);
        progress.Dispose();
        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.Json(json =>
            {
                json.WriteStartObject();
                json.WritePosition(workspace, null);
                json.WriteNumber("freedContents", done.FreedContents);
                json.WriteNumber("packedContents", done.PackedContents);
                json.WriteNumber("freedArchives", done.FreedArchives);
                json.WriteNumber("packedArchives", done.PackedArchives);
                json.WriteNumber("bytesBefore", done.BytesBefore);
                json.WriteNumber("bytesAfter", Math.Min(done.BytesAfter, bounds.BytesAfter));
                json.WriteNumber("releasedLabels", done.ReleasedLabels);
                json.WriteNumber("expiredSnapshots", bounds.ExpiredCount);
                json.WriteBoolean("overQuota", bounds.IsOver);
                json.WriteElapsed(done.Elapsed);
                json.WriteEndObject();
            });
        }
        else
        {
            invocation.Terminal.Say($"The store takes {Quantity.Bytes(done.BytesAfter)}, {Quantity.Bytes(done.BytesBefore)} before.");
            invocation.Terminal.Say($"  {Quantity.Of(done.FreedContents, "content")} freed, {Quantity.Of(done.PackedContents, "content")} packed");
            if (done.FreedArchives + done.PackedArchives > 0)
            {
                invocation.Terminal.Say($"  {Quantity.Of(done.FreedArchives, "archive")} of milestones freed, {Quantity.Of(done.PackedArchives, "archive")} packed better");
            }
            if (done.ReleasedLabels > 0)
            {
                invocation.Terminal.Say($"  {Quantity.Of(done.ReleasedLabels, "checkpoint")} released: their retention was over");
            }

            BoundsText.Say(invocation.Terminal, bounds);
        }

        BoundsText.Warn(invocation.Terminal, bounds);
        return ExitCode.Done;
    }
}
