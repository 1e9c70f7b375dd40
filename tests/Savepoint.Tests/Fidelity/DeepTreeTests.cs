using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Fidelity;

/// <summary>Directories nested so deep that what is in them has a path longer than a path can be: it is left out, and said, and the rest is recorded.</summary>
public sealed class DeepTreeTests : IDisposable
{
    private readonly Workspace _workspace = new();

    [Fact]
    public async Task What_has_too_long_a_path_is_named_by_its_directory_and_harms_nothing()
    {
        if (!OperatingSystem.IsLinux())
        {
            NotTried.Say("a tree deeper than a path is long is made with the shell of Linux");
            return;
        }

        await using var manager = await _workspace.InitAsync();
        Shell.Run(_workspace.Root, "d=$(printf '%0200d' 0); for i in $(seq 30); do mkdir $d && cd -P $d && echo $i > file; done");

        var captured = await manager.CaptureAsync();

        var skipped = Assert.Single(captured.Coverage.Skipped);
        Assert.Equal((SkipReason.TooDeep, false), (skipped.Reason, captured.Coverage.IsComplete));
        Assert.InRange(skipped.Path.Bytes.Length, 3800, WorkspacePath.MaxLengthBytes);
        Assert.Equal(20, captured.Snapshot!.Changes.Count(change => change.After is FileState.Regular));

        await using var reopened = await _workspace.OpenAsync();
        Assert.Empty(reopened.Verify(deep: true).Problems);
        Assert.Null((await reopened.CaptureAsync()).Snapshot);
        Assert.Single(reopened.GetSnapshot(captured.Snapshot.Number).Coverage.Skipped);
        await reopened.CaptureAsync([skipped.Path]);
        var back = await reopened.RollbackAsync(new SnapshotNumber(1));
        Assert.Equal((RestoreEnding.Restored, false), (back.Ending, back.IsVerified)); // what is left is not of the target, and is named
        Assert.Contains("too long a path", Assert.Single(back.Files, file => file.Path == skipped.Path).Reason, StringComparison.Ordinal);
        Assert.Equal("21\n", Shell.Run(_workspace.Root, "d=$(printf '%0200d' 0); for i in $(seq 21); do cd -P $d; done; cat file"));
        await reopened.UndoAsync();
        Assert.Equal("20\n", Shell.Run(_workspace.Root, "d=$(printf '%0200d' 0); for i in $(seq 20); do cd -P $d; done; cat file"));
    }

    public void Dispose()
    {
        Shell.Run(_workspace.Root, "rm -rf 0*");
        _workspace.Dispose();
    }
}
