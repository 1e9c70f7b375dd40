using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Fidelity;

/// <summary>Capture, wreck, bring back, compare with what find and sha256sum saw before. For any user.</summary>
internal static class FidelityCheck
{
    /// <summary>One wreck, taken back by a rollback, an undo, and (which takes longest) a rollback of each entry by itself.</summary>
    public static async Task RunAsync(string wreck, bool eachEntry)
    {
        using var folder = new Workspaces.TemporaryFolder();
        var root = Directory.CreateDirectory(folder["work"]).FullName;
        HardTree.Make(root);
        var (tree, git) = (Manifest.OfTree(root), Manifest.OfGit(root));
        var options = new SnapshotOptions { StoreHome = folder["stores"], ScanDeadline = Timeout.InfiniteTimeSpan };
        var (opened, baseline) = await SnapshotManager.InitAsync(root, options, cancellationToken: TestContext.Current.CancellationToken);
        await using var manager = opened;
        CheckCoverage(baseline.Coverage);

        Wreck.Run(wreck, root);
        var wrecked = Manifest.OfTree(root);
        Assert.NotEqual(tree, wrecked);
        await ExpectAsync(manager.RollbackAsync(new SnapshotNumber(1)), root, tree);

        await ExpectAsync(manager.UndoAsync(), root, wrecked);
        await ExpectAsync(manager.RollbackAsync(new SnapshotNumber(1)), root, tree);

        Wreck.Run(wreck, root);
        wrecked = Manifest.OfTree(root);
        await manager.CaptureAsync();
        await ExpectAsync(manager.UndoAsync(), root, tree);
        await ExpectAsync(manager.RedoAsync(), root, wrecked);

        foreach (var entry in eachEntry ? TopLevel(manager) : [WorkspacePath.Root])
        {
            var result = await manager.RollbackAsync(new SnapshotNumber(1), [entry]);
            Assert.True(result.Ending is RestoreEnding.Restored or RestoreEnding.NothingToDo, $"{entry}: {Describe(result)}");
        }

        Assert.Equal(tree, Manifest.OfTree(root));
        Assert.Equal(git, Manifest.OfGit(root));
        Assert.Empty(manager.Verify().Problems);
        Assert.Equal("", Shell.Run(root, "find . -name '.~sp-*'"));
    }

    private static async Task ExpectAsync(Task<RestoreResult> restore, string root, string expected)
    {
        var result = await restore;
        Assert.True(result.Ending == RestoreEnding.Restored, Describe(result));
        Assert.True(result.IsVerified);
        Assert.Equal(expected, Manifest.OfTree(root));
    }

    private static void CheckCoverage(Coverage coverage)
    {
        var skipped = coverage.Skipped.ToDictionary(entry => entry.Path.ToString(), entry => entry.Reason);
        Assert.Equal(SkipReason.Fifo, skipped["pipe"]);
        Assert.Equal(SkipReason.Socket, skipped["socket"]);
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Equal(SkipReason.Unreadable, skipped["unreadable"]);
            Assert.False(coverage.IsComplete);
        }
    }

    private static List<WorkspacePath> TopLevel(SnapshotManager manager) =>
        [.. new[] { new SnapshotNumber(1), manager.Head!.Value }.SelectMany(number => manager.TreeAt(number).Keys).Where(path => path.Parent.IsRoot).Distinct()];

    private static string Describe(RestoreResult result) =>
        $"{result.Ending}: " + string.Join('\n', result.Files.Where(file => file.Result == RestoreFileResult.Failed).Select(file => $"{file.Path} {file.Action} {file.Reason}"));
}
