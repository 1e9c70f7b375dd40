using Savepoint.Model;
using Savepoint.Tests.Workspaces;
using Xunit;

namespace Savepoint.Tests.Fidelity;

/// <summary>The promise of the whole: what was recorded comes back, however the tree was ruined, and nothing else is touched.</summary>
public sealed class FidelityTests
{
    public static TheoryData<string> Wrecks => [.. Wreck.Names];

    [Theory]
    [MemberData(nameof(Wrecks))]
    public Task A_wrecked_tree_comes_back(string wreck) => FidelityCheck.RunAsync(wreck, eachEntry: false);

    [Theory]
    [MemberData(nameof(Wrecks))]
    public async Task A_wrecked_tree_comes_back_for_an_ordinary_user(string wreck) => await ChildProcess.RunAsync("fidelity", wreck);

    [Fact]
    public async Task A_recorded_file_that_changed_and_cannot_be_read_refuses_the_rollback_and_is_named()
    {
        var said = await ChildProcess.RunAsync("unreadable");

        Assert.Equal(["Failed verified=False open=2", "closed:Failed open:Unchanged"], said);
    }

    [Fact]
    public async Task Files_that_did_not_change_keep_their_time()
    {
        using var folder = new TemporaryFolder();
        var root = Directory.CreateDirectory(folder["work"]).FullName;
        HardTree.Make(root);
        var options = new SnapshotOptions { StoreHome = folder["stores"] };
        await using var manager = (await SnapshotManager.InitAsync(root, options)).Manager;
        string TimesOfOthers() => string.Join('\n', Manifest.OfTimes(root).Split('\n').Where(line => !line.EndsWith(" ./plain", StringComparison.Ordinal)));
        var times = TimesOfOthers();
        await File.WriteAllTextAsync(Path.Combine(root, "plain"), "wrecked");

        var result = await manager.RollbackAsync(new SnapshotNumber(1));

        Assert.Equal("plain", Assert.Single(result.Files).Path.ToString());
        Assert.Equal(times, TimesOfOthers());
    }
}
