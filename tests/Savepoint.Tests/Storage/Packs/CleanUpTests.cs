using System.Text;
using CsCheck;
using Savepoint.Model;
using Savepoint.Storage;
using Xunit;

namespace Savepoint.Tests.Storage.Packs;

/// <summary>A clean-up changes how contents are stored and nothing else.</summary>
public sealed class CleanUpTests
{
    private static readonly WorkspacePath File = WorkspacePath.Parse("file.txt");

    [Fact]
    public void Whatever_is_captured_undone_and_cleaned_up_every_state_keeps_its_bytes() =>
        Gen.Int[0, 9].List[80, 140].Sample(steps => CheckAsync(steps).GetAwaiter().GetResult(), iter: 12);

    [Fact]
    public async Task Many_versions_take_less_afterwards_and_the_newest_stay_outside_packs()
    {
        using var workspace = new Workspace();
        await using var manager = await workspace.InitAsync();
        var versions = await CaptureVersionsAsync(workspace, manager, 400);

        var done = await manager.CleanUpAsync();

        // Of 400 versions the newest 16 and the one before them stay loose, and a rest that would not shrink.
        Assert.InRange(done.PackedContents, 330, 383);
        Assert.InRange(done.BytesAfter, 1, done.BytesBefore / 2);
        Assert.Equal(manager.StoreSizeBytes(), done.BytesAfter);
        Assert.Equal(400 - done.PackedContents, Sql.Scalar(Database(manager), "SELECT count(*) FROM contents WHERE method <> 4"));
        Assert.Equal(0, Sql.Scalar(Database(manager), "SELECT count(*) FROM contents k JOIN changes c ON c.content = k.id WHERE c.snapshot > 384 AND k.method = 4"));
        await AssertHoldsAsync(workspace, versions);
    }

    [Fact]
    public async Task Another_process_that_has_the_store_open_reads_on_while_packs_are_made_anew()
    {
        using var workspace = new Workspace();
        await using var manager = await workspace.InitAsync();
        await using var other = await workspace.OpenAsync();
        var versions = new Dictionary<SnapshotNumber, byte[]>();
        for (var round = 0; round < 4; round++)
        {
            foreach (var (number, bytes) in await CaptureVersionsAsync(workspace, manager, 60, seed: round))
            {
                versions[number] = bytes;
            }

            await manager.CleanUpAsync();
            Assert.All(versions, version => Assert.True(Streamed(other, version.Key).AsSpan().SequenceEqual(version.Value)));
        }

        Assert.Equal(1, Sql.Scalar(Database(manager), "SELECT count(*) FROM packs"));
    }

    [Fact]
    public async Task A_second_clean_up_finds_nothing_to_do()
    {
        using var workspace = new Workspace();
        await using var manager = await workspace.InitAsync();
        await CaptureVersionsAsync(workspace, manager, 100);
        await manager.CleanUpAsync();

        var second = await manager.CleanUpAsync();

        Assert.Equal((0, 0), (second.FreedContents, second.PackedContents));
    }

    [Fact]
    public async Task A_pack_that_is_mostly_waste_is_packed_anew()
    {
        using var workspace = new Workspace();
        await using var manager = await workspace.InitAsync();
        var versions = await CaptureVersionsAsync(workspace, manager, 200);
        await manager.CleanUpAsync();
        var before = Sql.Scalar(Database(manager), "SELECT sum(size) FROM packs");
        // As erasing most of a history would: the changes that named them are gone, all but those of the last hundred.
        Sql.Execute(Database(manager), "DELETE FROM contents WHERE method = 4 AND id NOT IN (SELECT content FROM changes WHERE snapshot > 120 AND content IS NOT NULL)");

        await manager.CleanUpAsync();

        Assert.InRange(Sql.Scalar(Database(manager), "SELECT sum(size) FROM packs"), 1, before / 2);
        await using var fresh = await workspace.OpenAsync();
        Assert.All(versions.Where(version => version.Key.Value > 120), version => Assert.True(Streamed(fresh, version.Key).AsSpan().SequenceEqual(version.Value)));
    }

    [Fact]
    public async Task A_content_that_nothing_names_is_freed_and_what_a_named_one_needs_is_not()
    {
        using var workspace = new Workspace();
        await using var manager = await workspace.InitAsync();
        var versions = await CaptureVersionsAsync(workspace, manager, 3);
        var lost = Encoding.UTF8.GetBytes("stored by a capture that never committed");
        using (var store = SnapshotStore.Open(manager.StoreDirectory, syncEachCommit: false))
        {
            store.Contents.Add(ContentId.Of(lost), lost, previous: null);
            store.Contents.Commit(() => true);
        }

        var done = await manager.CleanUpAsync();

        Assert.Equal(1, done.FreedContents);
        await AssertHoldsAsync(workspace, versions);
    }

    [Fact]
    public async Task What_a_capture_under_way_has_stored_is_not_freed()
    {
        using var workspace = new Workspace();
        await using var manager = await workspace.InitAsync();
        var early = Encoding.UTF8.GetBytes("stored ahead of the snapshot that will name it");
        using var store = SnapshotStore.Open(manager.StoreDirectory, syncEachCommit: false);
        using (await WorkspaceLock.SharedAsync(manager.StoreDirectory, TimeProvider.System, TestContext.Current.CancellationToken))
        {
            store.Contents.Add(ContentId.Of(early), early, previous: null);
            store.Contents.Commit(() => true);
            using var patience = new CancellationTokenSource();
            var cleaning = manager.CleanUpAsync(patience.Token);

            Assert.False(cleaning.IsCompleted);
            await patience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cleaning);
        }

        Assert.True(store.Contents.Contains(ContentId.Of(early)));
    }

    [Fact]
    public async Task A_damaged_pack_costs_its_contents_and_a_clean_up_does_not_hide_it()
    {
        using var workspace = new Workspace();
        await using var manager = await workspace.InitAsync();
        await CaptureVersionsAsync(workspace, manager, 80);
        workspace.Write("other.txt", "not in the pack");
        await manager.CaptureAsync();
        await manager.CleanUpAsync();
        Sql.Execute(Database(manager), "UPDATE packs SET data = substr(data, 1, 20) || x'FFFFFFFF' || substr(data, 25)");

        await using var fresh = await workspace.OpenAsync();
        var before = fresh.Verify().Problems.Count;
        await fresh.CleanUpAsync();

        // The newest versions are loose, but stored against packed ones: the whole line of this file is lost, and no other.
        Assert.Equal(80, before);
        Assert.Equal(before, fresh.Verify().Problems.Count);
        var other = fresh.StateAt(fresh.Head!.Value, WorkspacePath.Parse("other.txt"));
        Assert.Equal("not in the pack", Encoding.UTF8.GetString(fresh.Contents.Read(other.ContentId!.Value)));
    }

    private static async Task CheckAsync(List<int> steps)
    {
        using var workspace = new Workspace();
        await using var manager = await workspace.InitAsync();
        var random = new Random(steps.Count);
        var states = new Dictionary<SnapshotNumber, string>();
        foreach (var step in steps)
        {
            switch (step)
            {
                case 0:
                    await manager.CleanUpAsync();
                    break;
                case 1:
                    await manager.UndoAsync(random.Next(1, 4));
                    break;
                default:
                    workspace.Write($"file-{random.Next(6)}", Text(random, random.Next(20, 3000)));
                    workspace.Write("grows", Text(new Random(step), 400) + states.Count);
                    await manager.CaptureAsync();
                    break;
            }

            states[manager.Head!.Value] = Describe(manager, manager.Head.Value);
        }

        await manager.CleanUpAsync();
        await using var other = await workspace.OpenAsync();
        Assert.All(states, state => Assert.Equal(state.Value, Describe(other, state.Key)));
        Assert.Empty(other.Verify(deep: true).Problems);
    }

    private static string Describe(SnapshotManager manager, SnapshotNumber number) => string.Join('\n', manager.TreeAt(number).OrderBy(entry => entry.Key)
        .Select(entry => $"{entry.Key} {entry.Value} {(entry.Value.ContentId is { } id ? Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(manager.Contents.Read(id))) : "")}"));

    private static async Task<Dictionary<SnapshotNumber, byte[]>> CaptureVersionsAsync(Workspace workspace, SnapshotManager manager, int count, int seed = 0)
    {
        var versions = new Dictionary<SnapshotNumber, byte[]>();
        var random = new Random(seed);
        var lines = Enumerable.Range(0, 300).Select(_ => Text(random, 40)).ToList();
        for (var i = 0; i < count; i++)
        {
            lines[random.Next(lines.Count)] = Text(random, 40);
            var bytes = Encoding.UTF8.GetBytes(string.Join('\n', lines));
            workspace.Write("file.txt", bytes);
            versions[(await manager.CaptureAsync([File])).Snapshot!.Number] = bytes;
        }

        return versions;
    }

    private static async Task AssertHoldsAsync(Workspace workspace, Dictionary<SnapshotNumber, byte[]> versions)
    {
        await using var fresh = await workspace.OpenAsync();
        Assert.All(versions, version => Assert.True(Streamed(fresh, version.Key).AsSpan().SequenceEqual(version.Value)));
        Assert.Empty(fresh.Verify(deep: true).Problems);
    }

    private static byte[] Streamed(SnapshotManager manager, SnapshotNumber number)
    {
        using var copy = new MemoryStream();
        manager.Contents.CopyTo(manager.StateAt(number, File).ContentId!.Value, copy);
        return copy.ToArray();
    }

    private static string Text(Random random, int length) => string.Create(length, random, (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = (char)source.Next('a', 'z' + 1);
        }
    });

    private static string Database(SnapshotManager manager) => Path.Combine(manager.StoreDirectory, "store.db");
}
