using Savepoint.Compaction;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests;

/// <summary>What git has no counterpart for; the rest is held against git blame, in the command's tests.</summary>
public sealed class BlameTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Compaction_changes_at_most_which_of_the_merged_is_named()
    {
        var lines = Enumerable.Range(0, 100).Select(i => $"line {i}\n").ToArray();
        _workspace.Write("f", string.Concat(lines));
        await using var manager = await _workspace.InitAsync();
        for (var i = 10; i < 80; i++)
        {
            lines[i] = $"edit {i}\n";
            _workspace.Write("f", string.Concat(lines));
            await manager.CaptureAsync(Workspace.Paths("f"), new CaptureContext { Actor = new Actor("a", "s") }, TestContext.Current.CancellationToken);
        }

        var before = await BlamedAsync(manager);

        await manager.CompactAsync(CompactionLevel.Normal, TestContext.Current.CancellationToken);
        Assert.Equal(before, await BlamedAsync(manager));

        await manager.CompactAsync(CompactionLevel.Aggressive, TestContext.Current.CancellationToken);
        var after = await BlamedAsync(manager);
        Assert.NotEqual(before, after);
        Assert.All(before.Zip(after), pair => Assert.True(pair.Second >= pair.First, $"{pair.First} became {pair.Second}"));
    }

    private static async Task<List<SnapshotNumber?>> BlamedAsync(SnapshotManager manager) =>
        [.. (await manager.BlameAsync(WorkspacePath.Parse("f"))).Lines.Select(line => line.Snapshot)];
}
