using System.Runtime.Versioning;
using Savepoint.Model;
using Savepoint.Storage;
using Xunit;

namespace Savepoint.Tests.Branches;

/// <summary>The ignored files that an overlay shows are the workspace's of when its branch was made, not of when its base was.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class IgnoredFilesTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public IgnoredFilesTests()
    {
        _workspace.Write(".gitignore", "node_modules/\n.env\n");
        _workspace.Write("file", "1\n");
        _workspace.Write(".env", "KEY=old\n");
        _workspace.Write("node_modules/a/index.js", "a\n");
        _workspace.Write("node_modules/b/index.js", "b\n");
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task A_new_overlay_has_the_ignored_files_of_now_and_the_one_before_its_own()
    {
        await using var manager = await _workspace.InitAsync();
        Settle();
        if (await MakeAsync(manager, "first") is not { } first)
        {
            return; // no overlays here: a copy is of now in any case
        }

        Assert.True(first.FileCount > 0);
        _workspace.Write(".env", "KEY=new\n");
        _workspace.Write("node_modules/c/index.js", "c\n");
        File.Delete(_workspace.At("node_modules/b/index.js"));
        Settle();

        var second = await MakeAsync(manager, "second");
        var third = await MakeAsync(manager, "third");

        Assert.Equal((true, 0L), (second!.FileCount > 0, third!.FileCount)); // a base of its own, and then that one again
        const string Now = "grep -q new .env && test -e node_modules/c/index.js && test ! -e node_modules/b/index.js && test -e node_modules/a/index.js";
        Assert.Equal(0, await RunAsync(manager, "second", Now));
        Assert.Equal(0, await RunAsync(manager, "third", Now));
        Assert.Equal(0, await RunAsync(manager, "first", "grep -q old .env && test ! -e node_modules/c && test -e node_modules/b/index.js"));
        await DeleteAllAsync(manager, ["first", "second", "third"]);
        Assert.Empty(Directory.GetDirectories(Path.Combine(manager.StoreDirectory, "bases")));
    }

    [Theory]
    [InlineData("written")]
    [InlineData("replaced, with its time")]
    [InlineData("mode")]
    [InlineData("rules")]
    public async Task Whatever_becomes_of_an_ignored_file_a_base_without_it_is_not_used_again(string change)
    {
        await using var manager = await _workspace.InitAsync();
        Settle();
        if (await MakeAsync(manager, "first") is null)
        {
            return;
        }

        var written = File.GetLastWriteTimeUtc(_workspace.At(".env"));
        switch (change)
        {
            case "mode":
                File.SetUnixFileMode(_workspace.At(".env"), UnixFileMode.UserRead);
                break;
            case "rules":
                Fidelity.Shell.Run(_workspace.Root, "git init -q . && echo local > .git/info/exclude && echo x > local");
                break;
            case "written":
                File.WriteAllText(_workspace.At(".env"), "KEY=new\n");
                break;
            default:
                File.WriteAllText(_workspace.At(".env.new"), "KEY=new\n");
                File.Move(_workspace.At(".env.new"), _workspace.At(".env"), overwrite: true);
                File.SetLastWriteTimeUtc(_workspace.At(".env"), written);
                break;
        }

        Settle();
        Assert.True((await MakeAsync(manager, "second"))!.FileCount > 0);
        Assert.Equal(change is "mode" or "rules" ? 1 : 0, await RunAsync(manager, "second", "grep -q new .env"));
    }

    [Fact]
    public async Task The_approaches_of_one_trial_all_have_the_ignored_files_of_its_beginning()
    {
        await using var manager = await _workspace.InitAsync();
        Settle();
        var mark = manager.BeginTrial("trial");
        var first = await manager.CreateTrialBranchAsync("trial/one", new SnapshotNumber(1), null, mark, isOfWholeTree: true, TestContext.Current.CancellationToken);
        if (first.Branch.Isolation == Isolation.Copy)
        {
            return;
        }

        _workspace.Write(".env", "KEY=new\n");
        var second = await manager.CreateTrialBranchAsync("trial/two", new SnapshotNumber(1), null, mark, isOfWholeTree: true, TestContext.Current.CancellationToken);

        Assert.Equal(0, second.FileCount);
        Assert.Equal(0, await RunAsync(manager, "trial/two", "grep -q old .env"));
    }

    private static async Task<BranchResult?> MakeAsync(SnapshotManager manager, string name)
    {
        var made = await manager.CreateBranchAsync(name, options: new BranchOptions { Isolation = null });
        return made.Branch.Isolation == Isolation.Overlay ? made : null;
    }

    private static async Task<int> RunAsync(SnapshotManager manager, string branch, string script)
    {
        await using var copy = await manager.OpenWorkingCopyAsync(branch);
        return (await copy.RunAsync(CommandStart.Shell(script))).ExitCode;
    }

    private static async Task DeleteAllAsync(SnapshotManager manager, IEnumerable<string> branches)
    {
        foreach (var branch in branches)
        {
            await manager.DeleteBranchAsync(branch);
        }

        await manager.CleanUpAsync();
        Assert.All(BranchFolders.Names.Select(name => Path.Combine(manager.StoreDirectory, name)).Where(Directory.Exists), folder => Assert.Empty(Directory.GetDirectories(folder)));
    }

    /// <summary>Waits until the clock that stamps files has gone on: what is written now is older than what is made next by more than its step.</summary>
    private void Settle()
    {
        var probe = Path.Combine(_workspace.Scratch, "probe");
        File.WriteAllText(probe, "");
        var begun = File.GetLastWriteTimeUtc(probe);
        while (File.GetLastWriteTimeUtc(probe) - begun < TimeSpan.FromMilliseconds(25))
        {
            File.WriteAllText(probe, "x");
        }
    }
}
