using Savepoint.Storage;
using Savepoint.Storage.Packs;
using Xunit;

namespace Savepoint.Tests.Storage.Packs;

/// <summary>What a pack would not make smaller is not read and compressed with each clean-up again.</summary>
public sealed class RefusedContentsTests
{
    private const int Count = 30;
    private const int Hot = 17; // contents of the last 16 snapshots, and the one that the first of these replaced

    [Fact]
    public async Task What_did_not_shrink_is_not_tried_again_and_what_came_since_is()
    {
        using var workspace = new Workspace();
        await using var manager = await workspace.InitAsync();
        await CaptureNoiseAsync(workspace, manager, Count);
        Assert.Equal(0, (await manager.CleanUpAsync()).PackedContents);
        var refused = Refused(manager);

        Assert.Equal((Count - Hot, manager.Head!.Value.Value - Hot), (refused.Count, refused.UpTo));
        Assert.Empty(Find(manager, refused).Candidates);

        await CaptureNoiseAsync(workspace, manager, 3);
        Assert.Equal([refused.UpTo + 1, refused.UpTo + 2, refused.UpTo + 3], Find(manager, refused).Candidates.Select(content => content.Snapshot).Order());
        Assert.Equal(0, (await manager.CleanUpAsync()).PackedContents);
        Assert.Equal(refused with { UpTo = refused.UpTo + 3 }, Refused(manager));
    }

    [Fact]
    public async Task All_is_tried_again_once_there_is_twice_as_much()
    {
        using var workspace = new Workspace();
        await using var manager = await workspace.InitAsync();
        await CaptureNoiseAsync(workspace, manager, Count);
        await manager.CleanUpAsync();
        var refused = Refused(manager);

        await CaptureNoiseAsync(workspace, manager, Count - Hot - 1);
        Assert.False(Find(manager, refused).IsAll);
        await CaptureNoiseAsync(workspace, manager, 1);
        Assert.True(Find(manager, refused).IsAll);

        await manager.CleanUpAsync();
        Assert.Equal(2 * (Count - Hot), Refused(manager).Count);
    }

    [Fact]
    public async Task Bases_that_nobody_names_any_more_count_with_what_needs_them()
    {
        using var workspace = new Workspace();
        await using var manager = await workspace.InitAsync();
        var lines = Enumerable.Range(0, 200).Select(i => $"line {i}: {i * 7919}").ToList();
        for (var i = 0; i < Count; i++)
        {
            lines[i * 3] = $"changed {i}";
            workspace.Write("file.txt", string.Join('\n', lines));
            await manager.CaptureAsync();
        }

        var before = Find(manager, RefusedContents.None, keepLooseAfter: long.MaxValue).Candidates;
        Sql.Execute(Database(manager), "DELETE FROM changes WHERE snapshot BETWEEN 5 AND 25"); // as expiry does, but for the rows' links
        var after = Find(manager, RefusedContents.None, keepLooseAfter: long.MaxValue).Candidates;

        Assert.Equal(before.Count - 21, after.Count);
        DeleteUnnamed(manager);
        Assert.Equal(Sql.Scalar(Database(manager), "SELECT sum(length(data)) FROM contents"), after.Sum(content => content.EncodedBytes));
        Assert.True(after.Sum(content => content.EncodedBytes) > Sql.Scalar(Database(manager), "SELECT sum(length(data)) FROM contents WHERE id IN (SELECT content FROM changes)"), "no base is left");
        var refused = RefusedContents.None.With(before, frameBytes: before.Sum(content => content.EncodedBytes));
        Assert.False(refused.IsTimeForAll(before));
        Assert.True(refused.IsTimeForAll(after));
    }

    [Fact]
    public async Task Contents_are_read_pack_by_pack_those_stored_against_packed_ones_too()
    {
        using var workspace = new Workspace();
        await using var manager = await workspace.InitAsync();
        var number = 0;
        foreach (var file in new[] { "a", "b" })
        {
            for (var i = 0; i < Count; i++)
            {
                workspace.Write(file, $"{file} {string.Concat(Enumerable.Range(0, 300).Select(line => $"line {line} of {file}\n"))} {number++}");
                await manager.CaptureAsync();
            }
        }

        await manager.CleanUpAsync();
        using var store = StoreDatabase.Open(Database(manager), syncEachCommit: false);
        var rows = store.Read(() => store.Prepare("SELECT id FROM contents ORDER BY id % 7, id").Numbers());
        var sorted = store.ReadConsistently(() => new PackOrder(store).Sort(rows, row => row));

        Assert.Equal(rows.Order(), sorted.Order());
        var places = sorted.ConvertAll(row => store.ReadConsistently(() => FirstPlace(store, row)));
        Assert.Equal(places.Order(), places);
        Assert.True(places.Count(place => place.Pack > 0) > Sql.Scalar(Database(manager), "SELECT count(*) FROM contents WHERE method = 4"), "nothing is stored against what is packed");
    }

    private static (long Pack, long Offset) FirstPlace(StoreDatabase store, long row)
    {
        while (store.Prepare("SELECT base FROM contents WHERE id = $1").Scalar(row) is { } next)
        {
            row = next;
        }

        using var found = store.Prepare("SELECT data FROM contents WHERE id = $1 AND method = 4").Query(row);
        return found.Read() && PackPlace.Parse(found.Bytes(0)) is var place ? (place.Pack, place.OffsetBytes) : default;
    }

    private static async Task CaptureNoiseAsync(Workspace workspace, SnapshotManager manager, int count)
    {
        var random = new Random((int)(manager.Head?.Value ?? 0));
        for (var i = 0; i < count; i++)
        {
            var noise = new byte[1000];
            random.NextBytes(noise);
            workspace.Write("noise", noise);
            await manager.CaptureAsync();
        }
    }

    private static void DeleteUnnamed(SnapshotManager manager)
    {
        using var store = StoreDatabase.Open(Database(manager), syncEachCommit: false);
        store.Write(() => new UnnamedContents(store).Delete());
    }

    private static RefusedContents Refused(SnapshotManager manager)
    {
        using var store = StoreDatabase.Open(Database(manager), syncEachCommit: false);
        return store.ReadConsistently(() => RefusedContents.Read(new CounterTable(store)));
    }

    private static (List<PackCandidate> Candidates, bool IsAll) Find(SnapshotManager manager, RefusedContents refused, long? keepLooseAfter = null)
    {
        using var store = StoreDatabase.Open(Database(manager), syncEachCommit: false);
        return store.ReadConsistently(() => new PackCandidates(store).Find(keepLooseAfter ?? manager.Head!.Value.Value - 16, refused));
    }

    private static string Database(SnapshotManager manager) => Path.Combine(manager.StoreDirectory, "store.db");
}
