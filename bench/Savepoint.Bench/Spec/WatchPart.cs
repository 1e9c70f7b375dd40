using System.Diagnostics;

namespace Savepoint.Bench.Spec;

/// <summary>What a watching process takes in memory while another process edits.</summary>
internal sealed class WatchPart(SpecTree tree, SpecSize size, SnapshotManager manager, SpecReport report)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task RunAsync()
    {
        using var watch = new WatchedProcess(tree);
        for (var i = 0; i < size.Effort.WatchedEdits; i++)
        {
            tree.Any().Edit(tree.Text);
            await Task.Delay(Pause); // an agent's pace, and several to a batch
        }

        await RecordedAsync();
        var (watching, all) = (watch.Watching, watch.All);
        report.Set($"memory-{size.Name}", watching.Values.Max(), watching, $"{size.Effort.WatchedEdits} edits by another process; at its start {all.Values.Max():0} MB");
        if (size.Name == "medium")
        {
            report.Set("memory-typical", all.Values.Max(), all);
        }
    }

    /// <summary>Waits until the last edit is in the history.</summary>
    private async Task RecordedAsync()
    {
        var started = Stopwatch.GetTimestamp();
        while (tree.Edited.Any(file => manager.StateAt(manager.Head!.Value, file.Path) is not Model.FileState.Regular state || state.Content != Model.ContentId.Of(file.Bytes)))
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException("The watcher did not record all edits.");
            }

            await Task.Delay(Pause);
        }
    }
}
