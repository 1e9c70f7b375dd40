using Savepoint.Model;
using Savepoint.Storage;
using Xunit;

namespace Savepoint.Tests.Storage.Repair;

/// <summary>The row of a content is gone, so that nothing in the database says which content a path had.</summary>
public sealed class LostContentRowsTests : IDisposable
{
    private readonly Workspace _workspace = new();
    private string _database = "";

    [Fact]
    public async Task One_that_comes_back_from_an_archive_leaves_nothing_on_the_list()
    {
        await RecordAsync(milestone: true);
        LoseTheSecond();

        Assert.Empty((await RepairAsync(dryRun: true)).Lost);
        Assert.Empty((await RepairAsync()).Lost);

        await using var manager = await _workspace.OpenAsync();
        Assert.True(manager.Verify(deep: true).IsClean);
        Assert.Equal("a 2"u8.ToArray(), Read(manager, 2));
    }

    [Fact]
    public async Task What_an_earlier_repair_left_in_its_place_goes_once_nothing_needs_it()
    {
        await RecordAsync(milestone: true);
        Sql.Execute(_database, $"INSERT INTO contents (hash, size, method, position, data) VALUES (x'{UnknownContent.Id}', 0, 0, 0, x'')");

        Assert.Empty((await RepairAsync()).Lost);
        Assert.True((await RepairAsync()).WasSound);
    }

    [Fact]
    public async Task One_that_no_state_names_is_not_lost()
    {
        await RecordAsync(milestone: false);
        Sql.Execute(_database, $"INSERT INTO contents (hash, size, method, position, data) VALUES (x'{new string('a', 64)}', 3, 0, 0, x'010203')");

        Assert.Empty((await RepairAsync()).Lost);
        Assert.True((await RepairAsync()).WasSound);
    }

    [Fact]
    public async Task One_that_stands_nowhere_is_named_by_its_path_and_by_no_hash()
    {
        await RecordAsync(milestone: false);
        LoseTheSecond();

        var result = await RepairAsync();

        Assert.Contains(result.Lost, line => line.StartsWith("content", StringComparison.Ordinal) && line.EndsWith("its record was lost, and its hash with it: f at 2", StringComparison.Ordinal));
        Assert.DoesNotContain(result.Lost, line => line.Contains(UnknownContent.Id.ToString(), StringComparison.Ordinal));
        await using var manager = await _workspace.OpenAsync();
        Assert.DoesNotContain(UnknownContent.Id.ToString(), Assert.Throws<SavepointException>(() => Read(manager, 2)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _workspace.Dispose();

    private async Task RecordAsync(bool milestone)
    {
        _workspace.Write("f", "a 1");
        await using var manager = await _workspace.InitAsync();
        _database = Path.Combine(manager.StoreDirectory, StoreFiles.Database);
        foreach (var text in (string[])["a 2", "a 3"])
        {
            _workspace.Write("f", text);
            await manager.CaptureAsync(cancellationToken: TestContext.Current.CancellationToken);
        }

        if (milestone)
        {
            await manager.MilestoneAsync("m", new SnapshotNumber(3), TestContext.Current.CancellationToken);
        }
    }

    private void LoseTheSecond() => Assert.Equal(1, Sql.Execute(_database, "DELETE FROM contents WHERE id = (SELECT content FROM changes WHERE snapshot = 2)"));

    private static byte[] Read(SnapshotManager manager, long number) => manager.Contents.Read(manager.StateAt(new SnapshotNumber(number), WorkspacePath.Parse("f")).ContentId!.Value);

    private Task<RepairResult> RepairAsync(bool dryRun = false) => SnapshotManager.RepairAsync(_workspace.Root, _workspace.Options, dryRun, TestContext.Current.CancellationToken);
}
