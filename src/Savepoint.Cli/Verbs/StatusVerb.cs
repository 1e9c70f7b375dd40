using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>status</c>: where the workspace stands.</summary>
internal sealed class StatusVerb() : Verb("status", "Show the head, what is not recorded yet, the sessions, the layers, and the last verified state.")
{
    private const int MaxChanges = 20;
    private const int MaxSessions = 5;
    private const int MaxSessionsInJson = 100; // 'sessions' has all

    public override IReadOnlyList<string> Examples => ["savepoint status", "savepoint status --json"];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        using var progress = Progress.Start(invocation.Terminal, "looking at the files");
        var found = await workspace.PeekAsync(cancellationToken).ConfigureAwait(false);
        progress.Dispose();
        var changes = found.Snapshot?.Changes ?? [];
        var head = workspace.GetSnapshot(workspace.Head!.Value);
        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.Json(json =>
            {
                json.WriteStartObject();
                json.WritePosition(workspace, null);
                json.WriteString("workspace", workspace.Root);
                json.WriteString("store", workspace.StoreDirectory);
                json.WriteTime("headTime", head.Time);
                json.WriteBoolean("clean", changes.Count == 0 && found.Coverage.IsComplete);
                ChangeJson.WriteAll(json, changes, workspace.ContentsWithTree(changes));
                CoverageJson.Write(json, found.Coverage);
                SessionJson.WriteAll(json, workspace.NewestSessions(MaxSessionsInJson));
                LabelJson.WriteAll(json, workspace.Labels());
                json.WriteNumber("storeBytes", workspace.StoreSizeBytes());
                BoundsJson.Write(json, workspace.Bounds());
                LostJson.WriteAll(json, workspace.LostSnapshots());
                LayerJson.WriteAll(json, workspace.Layers());
                MilestoneJson.WriteMissing(json, workspace.MilestonesWithoutArchive());
                VerificationJson.WriteLast(json, workspace.LastVerified);
                WatcherJson.Write(json, workspace.Watcher);
                json.WriteElapsed(found.Elapsed);
                json.WriteEndObject();
            });
            return ExitCode.Done;
        }

        Show(invocation, workspace, head, changes);
        foreach (var line in CoverageText.Lines(found.Coverage))
        {
            invocation.Terminal.Line($"  {line}");
        }

        return ExitCode.Done;
    }

    private static void Show(Invocation invocation, SnapshotManager workspace, Snapshot head, IReadOnlyList<FileChange> changes)
    {
        var (terminal, paint) = (invocation.Terminal, invocation.Paint);
        var labels = workspace.Labels().Where(label => label.Snapshot == head.Number);
        terminal.Line($"Workspace  {SafeText.Of(workspace.Root)}, branch {workspace.Branch}");
        terminal.Line($"Head     {SnapshotText.Title(head, labels, isUndone: false, paint)}");
        terminal.Line($"Store      {Quantity.Bytes(workspace.StoreSizeBytes())} in {SafeText.Of(workspace.StoreDirectory)}");
        foreach (var line in BoundsText.Lines(workspace.Bounds(), paint))
        {
            terminal.Line($"           {line}");
        }

        foreach (var lost in workspace.LostSnapshots())
        {
            terminal.Line($"           {paint.Deleted($"{lost}; 'savepoint repair' says what is left of it")}");
        }

        terminal.Line($"Layers     {LayerText.Of(workspace.Layers())}");
        foreach (var milestone in workspace.MilestonesWithoutArchive())
        {
            terminal.Line($"           {paint.Deleted(MilestoneText.Missing(milestone))}");
        }

        terminal.Line($"Verified   {VerificationText.Of(workspace.LastVerified, paint)}");
        if (workspace.Watcher is { } watcher)
        {
            terminal.Line($"Watcher    {WatcherText.Of(watcher)}");
            if (watcher.IsLimited)
            {
                terminal.Line($"           {WatcherText.Limit(watcher)}");
            }
        }

        foreach (var session in workspace.NewestSessions(MaxSessions))
        {
            terminal.Line($"Session    {SessionText.Of(session, paint)}");
        }

        terminal.Line(changes.Count == 0 ? "Everything is recorded." : $"{Quantity.Of(changes.Count, "unrecorded change")} ('savepoint capture' records them):");
        foreach (var change in changes.Take(MaxChanges))
        {
            terminal.Line($"  {ChangeText.Of(change, paint)}");
        }

        if (changes.Count > MaxChanges)
        {
            terminal.Line($"  and {changes.Count - MaxChanges} more");
        }
    }
}
