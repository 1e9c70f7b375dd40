using Savepoint.Model;
using Savepoint.Storage;
using Xunit;

namespace Savepoint.Tests.Storage.Repair;

/// <summary>What a rebuilt database says of what was never lost.</summary>
public sealed class RescuedRowsTests : IDisposable
{
    private readonly Workspace _workspace = new();
    private string _database = "";

    [Fact]
    public async Task A_rollback_after_a_repair_lets_be_what_could_not_be_recorded_then()
    {
        _workspace.Options = _workspace.Options with { MaxFileBytes = 1000 };
        _workspace.Write("file", "one");
        _workspace.Write("large", new byte[2000]);
        await RecordAsync();
        _workspace.Write("file", "two");
        _workspace.Write("large", new byte[500]);
        await RecordAsync();

        await RepairAsync();

        await using var manager = await _workspace.OpenAsync();
        Assert.Equal(RestoreEnding.Restored, (await manager.RollbackAsync(new SnapshotNumber(1))).Ending);
        Assert.Equal("one", _workspace.Read("file"));
        Assert.True(File.Exists(_workspace.At("large")));
    }

    [Fact]
    public async Task A_rollback_after_a_repair_leaves_an_ignored_file_that_was_named_later()
    {
        _workspace.Write(".gitignore", "*.log\n");
        _workspace.Write("old.log", "old");
        await RecordAsync();
        await using (var manager = await _workspace.OpenAsync())
        {
            await manager.CaptureAsync(Workspace.Paths("old.log"), cancellationToken: TestContext.Current.CancellationToken);
        }

        await RepairAsync();

        await using var repaired = await _workspace.OpenAsync();
        await repaired.RollbackAsync(new SnapshotNumber(1), cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(File.Exists(_workspace.At("old.log")));
    }

    [Theory]
    [InlineData("DELETE FROM tree", true)]
    [InlineData("DELETE FROM tree; UPDATE approaches SET details = '['", false)]
    [InlineData("DELETE FROM tree; DELETE FROM approaches; DELETE FROM experiments", false)]
    public async Task What_came_of_an_experiment_is_kept_and_its_number_not_given_again(string damage, bool isKept)
    {
        _workspace.Write("file", "one");
        await RecordAsync();
        Experiment first;
        await using (var manager = await _workspace.OpenAsync())
        {
            first = (await new ExperimentManager(manager).TryApproachesAsync([Approach.Run("a", "echo 2 > file")])).Experiment;
        }

        Sql.Execute(_database, damage);
        var lost = (await SnapshotManager.RepairAsync(_workspace.Root, _workspace.Options)).Lost;

        Assert.Equal(damage.Contains("'['", StringComparison.Ordinal) ? ["experiment 1: it cannot be read"] : [], lost);
        await using var repaired = await _workspace.OpenAsync();
        var experiments = new ExperimentManager(repaired);
        Assert.Equal(isKept ? first.Approaches[0].Snapshot : null, experiments.Find(first.Id)?.Approaches[0].Snapshot);
        Assert.Equal(first.Id + 1, (await experiments.TryApproachesAsync([Approach.Run("b", "echo 3 > file")])).Experiment.Id);
    }

    public void Dispose() => _workspace.Dispose();

    private async Task RecordAsync()
    {
        await using var manager = await _workspace.InitAsync();
        _database = Path.Combine(manager.StoreDirectory, StoreFiles.Database);
        await manager.CaptureAsync();
    }

    private async Task RepairAsync()
    {
        Sql.Execute(_database, "DELETE FROM tree");
        var result = await SnapshotManager.RepairAsync(_workspace.Root, _workspace.Options);
        Assert.NotNull(result.KeptIn);
        Assert.Empty(result.Lost);
    }
}
