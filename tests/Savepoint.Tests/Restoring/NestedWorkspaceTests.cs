using Xunit;

namespace Savepoint.Tests.Restoring;

/// <summary>A workspace inside another one that is tracked as well.</summary>
public sealed class NestedWorkspaceTests : IDisposable
{
    private const string Name = ".~sp-0123456789abcdef";

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Files_of_a_restore_inside_are_left_to_the_workspace_that_they_are_of()
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
