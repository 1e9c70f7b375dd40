using System.Diagnostics;
using Savepoint.Model;

namespace Savepoint.Bench.Spec;

/// <summary>A long session in one process: every edit is captured and undone, and each result held against what we wrote ourselves.</summary>
internal sealed class EditsPart(SpecTree tree, SpecSize size, SnapshotManager manager, SpecReport report)
{
    private const int RoundsPerKeptEdit = 10;

    private readonly Samples _capture = new();
    private readonly Samples _synchronous = new();
    private readonly Samples _undo = new();
    private readonly List<string> _captureFailures = [];
    private readonly List<string> _undoFailures = [];

    /// <summary>All captures and undos, and those that failed.</summary>
    public (int Count, int Failed) Operations => (2 * size.Rounds, _captureFailures.Count + _undoFailures.Count);

    public async Task RunAsync()
    {
        CountTracked();
        for (var round = 0; round < size.Rounds; round++)
        {
            await RoundAsync(round);
        }

        report.Set($"capture-synchronous-{size.Name}", _synchronous);
        report.Set($"l1-capture-time-{size.Name}", _capture);
        report.Set($"l1-rollback-time-{size.Name}", _undo);
        report.SetSuccess($"l1-capture-success-{size.Name}", size.Rounds, _captureFailures);
        report.SetSuccess($"l1-rollback-success-{size.Name}", size.Rounds, _undoFailures);
        if (size.Name == "medium")
        {
            report.Set("capture-speed", 100.0 * _capture.Values.Count(milliseconds => milliseconds < 10) / _capture.Count, _capture.Count);
            report.Set("responsiveness", _capture.Values.Max(), _capture);
        }

        await SustainAsync();
    }

    private void CountTracked()
    {
        var recorded = manager.TreeAt(manager.Head!.Value);
        var tracked = tree.AllFiles.Count(file => recorded.TryGetValue(WorkspacePath.Parse(file), out var state)
            && state is FileState.Regular regular && regular.Content == ContentId.Of(File.ReadAllBytes(Path.Combine(tree.Root, file))));
        report.Set($"files-tracked-{size.Name}", tracked, tree.AllFiles.Count, tracked == tree.AllFiles.Count ? null : $"{tree.AllFiles.Count - tracked} files are not");
    }

    private async Task RoundAsync(int round)
    {
        var file = tree.Any();
        var (begin, commit, undo) = (new Samples(), new Samples(), new Samples());
        PendingEdit? edit = null;
        CaptureResult? captured = null;
        RestoreResult? undone = null;
        await begin.MeasureAsync(async () => edit = await manager.BeginEditAsync([file.Path]));
        file.Edit(tree.Text);
        await commit.MeasureAsync(async () => captured = await edit!.CommitAsync());
        if (captured!.Snapshot?.Changes is not [{ After: FileState.Regular after }] || after.Content != ContentId.Of(file.Bytes))
        {
            _captureFailures.Add($"round {round}: {file.Path}");
        }

        await undo.MeasureAsync(async () => undone = await manager.UndoAsync());
        file.WasTurned();
        if (undone is not { Ending: RestoreEnding.Restored, IsVerified: true } || !file.Read().AsSpan().SequenceEqual(file.Bytes))
        {
            _undoFailures.Add($"round {round}: {file.Path}");
        }

        if (round % RoundsPerKeptEdit == 0)
        {
            await manager.RedoAsync(); // the files move on
            file.WasTurned();
        }

        if (round >= size.Effort.WarmUpRounds)
        {
            _capture.Add(begin.Sum + commit.Sum);
            _synchronous.Add(commit.Sum);
            _undo.Add(undo.Sum);
        }
    }

    private async Task SustainAsync()
    {
        var count = 0;
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < size.Sustained)
        {
            var file = tree.Any();
            var edit = await manager.BeginEditAsync([file.Path]);
            file.Edit(tree.Text);
            await edit.CommitAsync();
            count++;
        }

        report.Set($"operations-an-hour-{size.Name}", count / Stopwatch.GetElapsedTime(started).TotalHours, count, $"{count:N0} captures in {size.Sustained.TotalSeconds:0} s, extrapolated");
    }
}
