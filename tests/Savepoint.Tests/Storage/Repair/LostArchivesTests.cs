using Savepoint.Model;
using Savepoint.Storage;
using Savepoint.Storage.Milestones;
using Xunit;

namespace Savepoint.Tests.Storage.Repair;

/// <summary>Archives of milestones are gone; the database has what they were made of, or has it no more.</summary>
public sealed class LostArchivesTests : IDisposable
{
    private readonly Workspace _workspace = new();
    private string _store = "";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task They_are_made_again_and_a_dry_run_says_so(bool withTheirFolder)
    {
        await RecordAsync();
        Lose(withTheirFolder);

        var foreseen = await RepairAsync(dryRun: true);
        var done = await RepairAsync();

        Assert.Empty(done.Lost);
        Assert.Equal(["milestone first is archived anew", "milestone second is archived anew"], done.Recovered);
        Assert.Equal(done.Recovered, foreseen.Recovered);
        Assert.Equal(done.Lost, foreseen.Lost);
        Assert.True((await RepairAsync()).WasSound);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_whose_contents_are_lost_as_well_is_lost_and_a_dry_run_says_so(bool withTheirFolder)
    {
        await RecordAsync();
        Lose(withTheirFolder);
        Assert.Equal(1, Sql.Execute(Path.Combine(_store, StoreFiles.Database), "UPDATE contents SET method = 0, base = NULL, position = 0, data = x'00' WHERE id = (SELECT content FROM changes WHERE snapshot = 2)"));

        var foreseen = await RepairAsync(dryRun: true);
        var done = await RepairAsync();

        Assert.Equal(["milestone first is archived anew"], done.Recovered);
        Assert.Contains("milestone second: snapshot 3 is in no archive that can be read", done.Lost);
        Assert.Equal(done.Recovered, foreseen.Recovered);
        Assert.Equal(done.Lost.Order(StringComparer.Ordinal), foreseen.Lost.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_damaged_one_is_made_again_and_a_dry_run_says_so()
    {
        await RecordAsync();
        var file = MilestoneFile.PathOf(Path.Combine(_store, MilestoneStore.FolderName), new SnapshotNumber(3));
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[bytes.Length / 2] ^= 0x10;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);

        var foreseen = await RepairAsync(dryRun: true);
        var done = await RepairAsync();

        Assert.Equal(["milestone second is archived anew"], done.Recovered);
        Assert.Equal(done.Recovered, foreseen.Recovered);
    }

    public void Dispose() => _workspace.Dispose();

    private async Task RecordAsync()
    {
        _workspace.Write("f", "one");
        await using var manager = await _workspace.InitAsync();
        _store = manager.StoreDirectory;
        await manager.MilestoneAsync("first", new SnapshotNumber(1), TestContext.Current.CancellationToken);
        foreach (var text in (string[])["two", "three"])
        {
            _workspace.Write("f", text);
            await manager.CaptureAsync(cancellationToken: TestContext.Current.CancellationToken);
        }

        await manager.MilestoneAsync("second", new SnapshotNumber(3), TestContext.Current.CancellationToken);
    }

    private void Lose(bool withTheirFolder)
    {
        var folder = Path.Combine(_store, MilestoneStore.FolderName);
        if (withTheirFolder)
        {
            Directory.Delete(folder, recursive: true);
            return;
        }

        foreach (var file in Directory.GetFiles(folder, "*.l3"))
        {
            File.Delete(file);
        }
    }

    private Task<RepairResult> RepairAsync(bool dryRun = false) => SnapshotManager.RepairAsync(_workspace.Root, _workspace.Options, dryRun, TestContext.Current.CancellationToken);
}
