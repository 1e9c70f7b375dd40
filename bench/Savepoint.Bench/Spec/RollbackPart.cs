using Savepoint.Model;

namespace Savepoint.Bench.Spec;

/// <summary>
/// Rollbacks to random snapshots of a long history in which twenty files change, each result held against the SHA-256
/// that every file had then.
/// </summary>
internal sealed class RollbackPart(SpecTree tree, SpecSize size, SnapshotManager manager, SpecReport report)
{
    private const int ChangedFiles = 20;

    private const int NearSnapshots = 3;

    private readonly List<EditedFile> _files = [.. tree.Edited.Take(ChangedFiles)];
    private readonly List<(SnapshotNumber Number, ContentId[] Ids)> _states = [];
    private readonly List<string> _failed = [];
    private readonly List<string> _inexact = [];

    public async Task RunAsync()
    {
        await GrowAsync();
        await Console.Error.WriteLineAsync($"spec:   a history of {size.Effort.RollbackOperations:N0} operations is there");
        var (elapsed, changed, at) = (new Samples(), new List<double>(), _states.Count - 1);
        for (var i = 0; i < size.Effort.Rollbacks; i++)
        {
            at = tree.Text.Next(_states.Count);
            RestoreResult? result = null;
            await elapsed.MeasureAsync(async () => result = await manager.RollbackAsync(_states[at].Number));
            changed.Add(result!.Files.Count);
            Check(result, at);
        }

        report.Set($"rollback-any-{size.Name}", elapsed.P99, elapsed, $"{changed.Average():0.0} files changed on average, in a history of {size.Effort.RollbackOperations:N0} operations");
        if (size.Name == "medium")
        {
            await CountAsync(at);
        }

        await manager.RollbackAsync(_states[^1].Number); // what stands there is what the files are said to be
    }

    private async Task GrowAsync()
    {
        _states.Add((manager.Head!.Value, [.. _files.Select(file => ContentId.Of(file.Bytes))]));
        for (var i = 0; i < size.Effort.RollbackOperations; i++)
        {
            var file = tree.Text.Next(_files.Count);
            var edit = await manager.BeginEditAsync([_files[file].Path]);
            _files[file].Edit(tree.Text);
            var captured = await edit.CommitAsync();
            var ids = _states[^1].Ids.ToArray();
            ids[file] = ContentId.Of(_files[file].Bytes);
            _states.Add((captured.Snapshot!.Number, ids));
        }
    }

    /// <summary>Back and forth by a few snapshots, often enough for a rate: few files change, and all are looked at.</summary>
    private async Task CountAsync(int at)
    {
        for (var i = 0; i < size.Effort.NearRollbacks; i++)
        {
            var (low, high) = (Math.Max(0, at - NearSnapshots), Math.Min(_states.Count - 1, at + NearSnapshots));
            var next = low + tree.Text.Next(high - low);
            at = next >= at ? next + 1 : next; // never where it is
            Check(await manager.RollbackAsync(_states[at].Number), at);
        }

        var rollbacks = size.Effort.Rollbacks + size.Effort.NearRollbacks;
        var rest = $"{size.Effort.NearRollbacks:N0} of them {NearSnapshots} snapshots away at most";
        report.SetSuccess("rollback-success", rollbacks, _failed, rest);
        report.SetSuccess("data-integrity", rollbacks, _inexact, rest);
    }

    private void Check(RestoreResult result, int at)
    {
        var (number, ids) = _states[at];
        _failed.AddRange(result is { Ending: RestoreEnding.Restored, IsVerified: true } ? [] : [$"to {number}"]);
        var wrong = _files.Zip(ids).Where(pair => ContentId.Of(pair.First.Read()) != pair.Second).Select(pair => pair.First.Path.ToString()).ToList();
        _inexact.AddRange(wrong.Count == 0 ? [] : [$"to {number}: {string.Join(", ", wrong)}"]);
    }
}
