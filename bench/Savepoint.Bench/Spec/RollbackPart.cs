using Savepoint.Model;

namespace Savepoint.Bench.Spec;

/// <summary>
/// Rollbacks to random snapshots of a long history in which twenty files change, each result held against the SHA-256
/// that every file had then.
/// </summary>
internal sealed class RollbackPart(SpecTree tree, SpecSize size, SnapshotManager manager, SpecReport report)
{
    private const int ChangedFiles = 20;

    public async Task RunAsync()
    {
        var (operations, rollbacks) = (size.Effort.RollbackOperations, size.Effort.Rollbacks);
        var files = tree.Edited.Take(ChangedFiles).ToList();
        var first = manager.Head!.Value;
        var states = new List<(SnapshotNumber Number, ContentId[] Ids)> { (first, [.. files.Select(file => ContentId.Of(file.Bytes))]) };
        for (var i = 0; i < operations; i++)
        {
            var file = tree.Text.Next(files.Count);
            var edit = await manager.BeginEditAsync([files[file].Path]);
            files[file].Edit(tree.Text);
            var captured = await edit.CommitAsync();
            var ids = states[^1].Ids.ToArray();
            ids[file] = ContentId.Of(files[file].Bytes);
            states.Add((captured.Snapshot!.Number, ids));
        }

        await Console.Error.WriteLineAsync($"spec:   a history of {operations:N0} operations is there");
        var (elapsed, failed, inexact, changed) = (new Samples(), new List<string>(), new List<string>(), new List<double>());
        for (var i = 0; i < rollbacks; i++)
        {
            var (number, ids) = states[tree.Text.Next(states.Count)];
            RestoreResult? result = null;
            await elapsed.MeasureAsync(async () => result = await manager.RollbackAsync(number));
            changed.Add(result!.Files.Count);
            failed.AddRange(result is { Ending: RestoreEnding.Restored, IsVerified: true } ? [] : [$"to {number}"]);
            inexact.AddRange(files.Zip(ids).Where(pair => ContentId.Of(pair.First.Read()) != pair.Second).Select(pair => $"to {number}: {pair.First.Path}"));
        }

        await manager.RollbackAsync(states[^1].Number); // what stands there is what the files are said to be
        report.Set("rollback-any", elapsed.P99, elapsed, $"{changed.Average():0.0} files changed on average, in a history of {operations:N0} operations");
        report.SetSuccess("rollback-success", rollbacks, failed);
        report.SetSuccess("data-integrity", rollbacks * ChangedFiles, inexact);
    }
}
