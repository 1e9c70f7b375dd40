using System.Globalization;
using System.Text;
using Savepoint.Model;
using Savepoint.Storage;
using Xunit;

namespace Savepoint.Tests.Storage.Repair;

/// <summary>What belongs to which branch in a rebuilt database, and what is gone because its branch is.</summary>
public sealed class RescuedBranchesTests : IDisposable
{
    private readonly Workspace _workspace = new();
    private string _database = "";

    [Fact]
    public async Task What_was_freed_with_its_branch_is_not_lost()
    {
        await using (var manager = await InitAsync())
        {
            await BranchAsync(manager, "idea", "two", "three");
            await manager.DeleteBranchAsync("idea");
            await RecordAsync(manager, "four");
            await manager.CleanUpAsync();
            Assert.Equal([1, 4], Numbers());
        }

        Sql.Execute(_database, "DELETE FROM tree");
        Assert.Empty((await RepairAsync()).Lost);
    }

    [Theory]
    [InlineData("DELETE FROM snapshots WHERE number = 2; DELETE FROM changes WHERE snapshot = 2", "snapshot 2: nothing is left of its record")]
    [InlineData("DELETE FROM snapshots WHERE number IN (3, 4); DELETE FROM changes WHERE snapshot IN (3, 4)", "snapshots 3 to 4: nothing is left of their records")]
    public async Task What_something_leads_to_or_ends_with_is_lost(string damage, string line)
    {
        await using (var manager = await InitAsync())
        {
            await RecordAsync(manager, "two");
            await BranchAsync(manager, "idea", "three", "four");
            await RecordAsync(manager, "five");
        }

        Sql.Execute(_database, damage);
        Assert.Contains(line, (await RepairAsync()).Lost);
    }

    [Theory]
    [InlineData("UPDATE snapshots SET message = 'x' WHERE number = 2")]
    [InlineData("DELETE FROM snapshots WHERE number = 2")]
    [InlineData("DELETE FROM snapshots WHERE number = 2; DELETE FROM changes WHERE snapshot = 2")]
    public async Task What_an_archive_holds_of_a_deleted_branch_does_not_go_to_the_one_that_has_its_name_now(string damage)
    {
        await using (var manager = await InitAsync())
        {
            await BranchAsync(manager, "idea", "two");
            await manager.MilestoneAsync("kept", new SnapshotNumber(2), TestContext.Current.CancellationToken);
            await manager.DeleteBranchAsync("idea");
            await BranchAsync(manager, "idea", "three");
        }

        Sql.Execute(_database, damage);
        Assert.Empty((await RepairAsync()).Lost);

        await using var repaired = await _workspace.OpenAsync();
        Assert.Equal(("idea@2", "idea"), (repaired.GetSnapshot(new SnapshotNumber(2)).Branch, repaired.GetSnapshot(new SnapshotNumber(3)).Branch));
        Assert.Equal("two", Text(repaired, 2));
        Assert.Empty(repaired.Verify(deep: true).Problems);
    }

    [Fact]
    public async Task A_branch_whose_row_is_lost_begins_where_its_first_snapshot_did()
    {
        await using (var manager = await InitAsync())
        {
            await manager.CreateBranchAsync("idea", options: new BranchOptions { Isolation = Isolation.Copy });
            await RecordAsync(manager, "two");
            await using var idea = await manager.OpenBranchAsync("idea");
            File.WriteAllText(Path.Combine(idea.Root, "other"), "three");
            await idea.CaptureAsync();
        }

        Sql.Execute(_database, "DELETE FROM branches WHERE id = 2");
        await RepairAsync();

        await using var repaired = await _workspace.OpenAsync();
        Assert.Equal(["one", "two", "one"], new[] { 1, 2, 3 }.Select(number => Text(repaired, number)));
    }

    public void Dispose() => _workspace.Dispose();

    private async Task<SnapshotManager> InitAsync()
    {
        _workspace.Write("file", "one");
        var manager = await _workspace.InitAsync();
        _database = Path.Combine(manager.StoreDirectory, StoreFiles.Database);
        return manager;
    }

    private async Task RecordAsync(SnapshotManager manager, string text)
    {
        _workspace.Write("file", text);
        Assert.NotNull((await manager.CaptureAsync()).Snapshot);
    }

    private static async Task BranchAsync(SnapshotManager manager, string name, params string[] texts)
    {
        await manager.CreateBranchAsync(name, options: new BranchOptions { Isolation = Isolation.Copy });
        await using var branch = await manager.OpenBranchAsync(name);
        foreach (var text in texts)
        {
            File.WriteAllText(Path.Combine(branch.Root, "file"), text);
            Assert.NotNull((await branch.CaptureAsync()).Snapshot);
        }
    }

    private Task<RepairResult> RepairAsync() => SnapshotManager.RepairAsync(_workspace.Root, _workspace.Options);

    private List<long> Numbers() => Sql.Texts(_database, "SELECT CAST(number AS TEXT) FROM snapshots ORDER BY number").ConvertAll(text => long.Parse(text, CultureInfo.InvariantCulture));

    private static string Text(SnapshotManager manager, long number) =>
        Encoding.UTF8.GetString(manager.Contents.Read(manager.StateAt(new SnapshotNumber(number), WorkspacePath.Parse("file")).ContentId!.Value));
}
