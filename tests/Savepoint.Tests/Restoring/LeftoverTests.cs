using Xunit;

namespace Savepoint.Tests.Restoring;

/// <summary>Files under the names of restores, whose restore nobody remembers: a power loss took the journal.</summary>
public sealed class LeftoverTests : IDisposable
{
    private const string Name = ".~sp-0123456789abcdef";

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task What_the_store_has_is_deleted_and_what_it_has_not_is_shown_and_recorded()
    {
        _workspace.Write("known", "known");
        await using var manager = await _workspace.InitAsync();
        _workspace.Write(Name, "known");
        _workspace.Write($"sub/{Name}", "unknown");

        await manager.CaptureAsync(cancellationToken: TestContext.Current.CancellationToken);
        await manager.CaptureAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.False(File.Exists(_workspace.At(Name)));
        Assert.Equal("unknown", _workspace.Read("sub/savepoint-found-0123456789abcdef"));
        Assert.Equal(["known", "sub", "sub/savepoint-found-0123456789abcdef"], manager.TreeAt(manager.Head!.Value).Keys.Select(path => path.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Those_of_a_workspace_inside_are_left_to_it_since_its_restore_may_be_at_work()
    {
        _workspace.Write("inner/known", "known");
        await using var outer = await _workspace.InitAsync();
        await using var inner = (await SnapshotManager.InitAsync(_workspace.At("inner"), _workspace.Options)).Manager;
        _workspace.Write($"inner/{Name}", "known");
        _workspace.Write($"inner/sub/{Name}", "unknown");

        await outer.CaptureAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(File.Exists(_workspace.At($"inner/{Name}")));
        Assert.True(File.Exists(_workspace.At($"inner/sub/{Name}")));

        await inner.CaptureAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.False(File.Exists(_workspace.At($"inner/{Name}")));
        Assert.True(File.Exists(_workspace.At("inner/sub/savepoint-found-0123456789abcdef")));
    }
}
