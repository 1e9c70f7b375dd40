using Savepoint.Compaction;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Storage;

/// <summary>What goes with a deleted branch.</summary>
public sealed class DeletedBranchesTests : IDisposable
{
    private readonly Workspace _workspace = new();

    [Fact]
    public async Task What_compaction_freed_on_a_branch_goes_with_it()
    {
        await using var manager = await _workspace.InitAsync();
        await manager.CreateBranchAsync("idea", options: new BranchOptions { Isolation = Isolation.Copy });
        await using (var idea = await manager.OpenBranchAsync("idea"))
        {
            for (var i = 0; i < 60; i++)
            {
                var edit = await idea.BeginEditAsync([WorkspacePath.Parse("file")], new CaptureContext { Actor = new Actor("agent", "session", "turn") });
                File.WriteAllText(Path.Combine(idea.Root, "file"), $"{i}\n");
                await edit.CommitAsync();
            }

            var compacted = await idea.CompactAsync(CompactionLevel.Aggressive);
            Assert.True(compacted.SnapshotsAfter < compacted.SnapshotsBefore);
        }

        await manager.DeleteBranchAsync("idea");
        _workspace.Write("file", "newer");
        await manager.CaptureAsync();
        await manager.CleanUpAsync();

        Assert.Empty(manager.Verify(deep: true).Problems);
    }

    public void Dispose() => _workspace.Dispose();
}
