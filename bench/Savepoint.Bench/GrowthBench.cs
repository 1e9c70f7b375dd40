namespace Savepoint.Bench;

/// <summary>What 1,000 edits of 1 to 12 lines over 100 files of 10 KB add to the store.</summary>
internal static class GrowthBench
{
    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        using var tree = new ScratchTree(files: 100, fileBytes: 10_000);
        long before, edited = 0;
        await using (var manager = (await SnapshotManager.InitAsync(tree.Root, tree.Options)).Manager)
        {
            before = ScratchTree.SizeOf(tree.StoreHome);
            for (var i = 0; i < 1000; i++)
            {
                var file = tree.Text.Next(tree.Files.Count);
                var edit = await manager.BeginEditAsync([tree.Files[file].Path]);
                edited += tree.Edit(file);
                await edit.CommitAsync();
            }
        }

        var grown = ScratchTree.SizeOf(tree.StoreHome) - before;
        return [new("store growth of 1,000 edits", 100.0 * grown / edited, 10, "%", $"{grown:N0} bytes for {edited:N0} bytes of edited versions")];
    }
}
