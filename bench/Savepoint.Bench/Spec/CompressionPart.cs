using Savepoint.Diffs;
using Savepoint.Model;
using Savepoint.Storage;

namespace Savepoint.Bench.Spec;

/// <summary>Diffing and encoding each version of a session's files against the one before, and what the store grows by for it.</summary>
internal sealed class CompressionPart(SpecTree tree, SpecSize size, SnapshotManager manager, SpecReport report)
{
    public async Task RunAsync()
    {
        var (elapsed, failures) = (new Samples(), new List<string>());
        long raw = 0, zstd = 0;
        var numbers = new List<(SnapshotNumber Number, EditedFile File, ContentId Id)>();
        var before = await tree.StoreBytesAtRestAsync();
        for (var i = 0; i < size.Effort.Versions; i++)
        {
            var file = tree.Any();
            var edit = await manager.BeginEditAsync([file.Path]);
            file.Edit(tree.Text);
            var snapshot = (await edit.CommitAsync()).Snapshot!;
            numbers.Add((snapshot.Number, file, ContentId.Of(file.Bytes)));
            raw += file.Bytes.Length;
            zstd += ContentCodec.Compress(file.Bytes, default).Length;
            elapsed.Measure(() => Compress(file, snapshot));
        }

        var stored = await tree.StoreBytesAtRestAsync() - before;
        foreach (var (number, file, id) in numbers)
        {
            var isWhole = manager.StateAt(number, file.Path) is FileState.Regular state && ContentId.Of(manager.Contents.Read(state.Content)) == id;
            failures.AddRange(isWhole ? [] : [$"snapshot {number}"]);
        }

        report.Set($"compression-time-{size.Name}", elapsed);
        report.Set($"compression-reduction-{size.Name}", 100 * (1 - ((double)stored / raw)), size.Effort.Versions, $"{stored:N0} bytes more in the store for {raw:N0} bytes of versions");
        report.Set($"compression-to-zstd-{size.Name}", 100 * (1 - ((double)stored / zstd)), size.Effort.Versions, $"{stored:N0} bytes more in the store for {zstd:N0} bytes of zstd frames at the store's own level");
        report.SetSuccess($"compression-success-{size.Name}", size.Effort.Versions, failures);
    }

    // What a capture does with a file once it has read it, done once more by itself.
    private void Compress(EditedFile file, Snapshot snapshot)
    {
        Patch.Create(snapshot.Changes, manager.Contents);
        ContentEncoder.Encode(ContentId.Of(file.Bytes), file.Bytes, new ContentPrefix(ContentId.Of(file.BytesBefore), 1, file.BytesBefore));
    }
}
