using Savepoint.Model;
using Savepoint.Storage;
using Xunit;

namespace Savepoint.Tests.Storage.Repair;

/// <summary>A large file of which one chunk is damaged.</summary>
public sealed class RescuedContentsTests : IDisposable
{
    private readonly Workspace _workspace = new();
    private readonly byte[] _bytes = new byte[ContentStore.MaxWholeBytes + 1_000_000];
    private string _database = "";

    public RescuedContentsTests() => new Random(7).NextBytes(_bytes);

    [Fact]
    public async Task It_comes_back_from_the_working_tree()
    {
        await RecordAsync(milestone: false);
        DamageAChunk();

        await AssertComesBackAsync();
    }

    [Fact]
    public async Task It_comes_back_from_an_archive()
    {
        await RecordAsync(milestone: true);
        DamageAChunk();
        _workspace.Write("large", "another");

        await AssertComesBackAsync();
    }

    [Fact]
    public async Task What_stands_nowhere_is_lost_and_not_said_to_have_come_back()
    {
        await RecordAsync(milestone: false);
        DamageAChunk();
        _workspace.Write("large", "another");

        var result = await RepairAsync();

        Assert.Empty(result.Recovered);
        Assert.Contains(result.Lost, line => line.Contains("large at 1", StringComparison.Ordinal));
    }

    public void Dispose() => _workspace.Dispose();

    private async Task RecordAsync(bool milestone)
    {
        _workspace.Write("large", _bytes);
        await using var manager = await _workspace.InitAsync();
        _database = Path.Combine(manager.StoreDirectory, StoreFiles.Database);
        if (milestone)
        {
            await manager.MilestoneAsync("kept", new SnapshotNumber(1), TestContext.Current.CancellationToken);
        }
    }

    private void DamageAChunk() =>
        Assert.Equal(1, Sql.Execute(_database, "UPDATE contents SET data = CAST(x'ff' || substr(data, 2) AS BLOB) WHERE id = (SELECT min(id) FROM contents WHERE size BETWEEN 10000 AND 3000000)"));

    private async Task AssertComesBackAsync()
    {
        var result = await RepairAsync();

        Assert.Empty(result.Lost);
        await using var manager = await _workspace.OpenAsync();
        var id = manager.StateAt(new SnapshotNumber(1), WorkspacePath.Parse("large")).ContentId!.Value;
        Assert.Equal(_bytes, manager.Contents.Read(id));
    }

    private Task<RepairResult> RepairAsync() => SnapshotManager.RepairAsync(_workspace.Root, _workspace.Options);
}
