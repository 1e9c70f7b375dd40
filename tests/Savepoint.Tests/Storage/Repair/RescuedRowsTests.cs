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
