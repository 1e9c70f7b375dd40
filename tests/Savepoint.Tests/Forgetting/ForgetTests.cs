using System.Diagnostics;
using System.Text;
using Savepoint.Events;
using Savepoint.Model;
using Savepoint.Tests.Fidelity;
using Xunit;

namespace Savepoint.Tests.Forgetting;

/// <summary>What is forgotten is in no file of the store any more; all else is as it was.</summary>
public sealed class ForgetTests
{
    private const int KillCount = 8;

    private static readonly WorkspacePath[] Secret = Workspace.Paths("conf/secret.env", "conf/moved.env", "conf/noise.key");

    [Fact]
    public async Task Nothing_of_it_is_left_in_any_file_of_the_store_and_all_else_is_as_it_was()
    {
        using var history = new SecretHistory(seed: 5);
        await history.RecordAsync();
        var before = SecretSearch.Find(history.Store, history.Secrets);
        Assert.Contains(before, place => place.StartsWith("store.db", StringComparison.Ordinal));
        Assert.Contains(before, place => place.Contains(".l3: in a frame", StringComparison.Ordinal));

        await using var manager = await history.Workspace.OpenAsync();
        var done = await manager.ForgetAsync(Secret);

        Assert.Empty(SecretSearch.Find(history.Store, history.Secrets));
        Assert.Equal(Secret.Order(), done.Paths);
        Assert.Empty(done.InTree);
        Assert.True(done.ErasedContents >= 5);
        Check(manager, history);
        Assert.Equal(Workspace.Paths("conf/noise.key", "conf/secret.env"), manager.Forgotten(new SnapshotNumber(2)));
        Assert.Empty(manager.Forgotten(new SnapshotNumber(1)));
        Assert.Contains(await EventsAsync(manager), happened => happened is CleanupEvent { Cause: "forget" });
    }

    [Fact]
    public async Task What_expired_and_lies_about_in_a_pack_goes_though_the_history_knows_nothing_of_it()
    {
        using var workspace = new Workspace();
        var secret = Encoding.ASCII.GetBytes($"token {Guid.NewGuid():N}\n");
        workspace.Write("secret.txt", secret);
        for (var i = 0; i < 50; i++)
        {
            workspace.Write($"src/{i}.txt", string.Concat(Enumerable.Range(0, 50).Select(line => $"line {line} of {i}\n")));
        }

        await using (var manager = await workspace.InitAsync())
        {
            File.Delete(workspace.At("secret.txt"));
            await manager.CaptureAsync();
            await CaptureAsync(manager, workspace, 0, 60);
            await manager.CleanUpAsync();
        }

        workspace.Options = workspace.Options with { MaxStoreBytes = 1 };
        await using (var manager = await workspace.OpenAsync())
        {
            await CaptureAsync(manager, workspace, 60, 80);
            await manager.KeepWithinBoundsAsync();
            Assert.True(manager.Bounds().ExpiredCount > 0);
        }

        var store = Directory.GetDirectories(workspace.Options.StoreHome).Single();
        Assert.NotEmpty(SecretSearch.Find(store, [secret]));
        await using var last = await workspace.OpenAsync();
        var done = await last.ForgetAsync(Workspace.Paths("secret.txt"));

        Assert.Empty(done.Paths);
        Assert.Empty(SecretSearch.Find(store, [secret]));
        Assert.Empty(last.Verify(deep: true).Problems);
    }

    private static async Task CaptureAsync(SnapshotManager manager, Workspace workspace, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            workspace.Write("counter", $"{i}\n");
            await manager.CaptureAsync(Workspace.Paths("counter"));
        }
    }

    [Fact]
    public async Task A_directory_stands_for_all_that_was_ever_below_it()
    {
        using var history = new SecretHistory(seed: 6);
        await history.RecordAsync();
        await using var manager = await history.Workspace.OpenAsync();

        var done = await manager.ForgetAsync(Workspace.Paths("conf"));

        Assert.Contains(WorkspacePath.Parse("conf/like.env"), done.Paths);
        Assert.Equal(Workspace.Paths("conf/like.env"), done.InTree);
        Assert.Empty(SecretSearch.Find(history.Store, history.Secrets));
        Assert.Empty(manager.Verify(deep: true).Problems);
    }

    [Fact]
    public async Task What_programs_printed_while_it_was_there_goes_with_it()
    {
        using var printed = new PrintedHistory();
        await printed.RecordAsync();
        var before = SecretSearch.Find(printed.Store, [printed.Secret]);
        Assert.Contains("store.db-wal: plain", before);
        Assert.Contains(before, place => place.Contains(".l3: in a frame", StringComparison.Ordinal));
        await using var manager = await printed.Workspace.OpenAsync();
        var (checkedBefore, decisions, experiment) = (manager.Verifications(new SnapshotNumber(1)), manager.Decisions(100), new ExperimentManager(manager).Experiments(1)[0]);

        await manager.ForgetAsync(Workspace.Paths("conf/secret.env"));

        Assert.Empty(SecretSearch.Find(printed.Store, [printed.Secret]));
        Assert.Empty(manager.Verify(deep: true).Problems);
        Assert.Equal(["from before"], manager.Verifications(new SnapshotNumber(1))[0].FailingTests);
        Assert.Equal(checkedBefore[0].Errors, manager.Verifications(new SnapshotNumber(1))[0].Errors);
        Assert.Equal(decisions.Select(decision => (decision.Rule, decision.Action, decision.Target, decision.Outcome, decision.Result)), manager.Decisions(100).Select(decision => (decision.Rule, decision.Action, decision.Target, decision.Outcome, decision.Result)));
        Assert.Equal(decisions[^1].Reason, manager.Decisions(100)[^1].Reason);
        Assert.Equal(experiment.Approaches.Select(approach => (approach.Name, approach.Rank, approach.ExitCode, approach.Snapshot)), new ExperimentManager(manager).Experiments(1)[0].Approaches.Select(approach => (approach.Name, approach.Rank, approach.ExitCode, approach.Snapshot)));
    }

    [Fact]
    public async Task A_dry_run_says_what_it_would_reach_and_changes_nothing()
    {
        using var history = new SecretHistory(seed: 7);
        await history.RecordAsync();
        await using var manager = await history.Workspace.OpenAsync();
        var state = manager.StateAt(new SnapshotNumber(2), Secret[0]);

        var would = await manager.ForgetAsync(Secret, dryRun: true);

        Assert.Equal(Secret.Order(), would.Paths);
        Assert.Equal(state, manager.StateAt(new SnapshotNumber(2), Secret[0]));
        Assert.Equal(would with { BytesBefore = 0, BytesAfter = 0, Paths = [], Snapshots = [], KeptContents = [], InTree = [], NotReached = [] }, (await manager.ForgetAsync(Secret)) with { BytesBefore = 0, BytesAfter = 0, Paths = [], Snapshots = [], KeptContents = [], InTree = [], NotReached = [] });
    }

    [Fact]
    public async Task What_another_path_holds_as_well_stays_there_and_is_named()
    {
        using var workspace = new Workspace();
        workspace.Write("secret", "the same bytes in two places\n");
        workspace.Write("copy", "the same bytes in two places\n");
        await using var manager = await workspace.InitAsync();

        var done = await manager.ForgetAsync(Workspace.Paths("secret"));

        Assert.Equal(Workspace.Paths("copy"), done.KeptContents);
        Assert.Equal(Workspace.Paths("secret"), done.InTree);
        Assert.Equal(0, done.ErasedContents);
        Assert.IsType<FileState.Regular>(manager.StateAt(new SnapshotNumber(1), WorkspacePath.Parse("copy")));
        Assert.Equal(FileState.None, manager.StateAt(new SnapshotNumber(1), WorkspacePath.Parse("secret")));
        Assert.Empty(manager.Verify(deep: true).Problems);
    }

    [Fact]
    public async Task What_it_does_not_reach_is_named()
    {
        using var workspace = new Workspace();
        workspace.Write("secret", "in a copy as well\n");
        await using var manager = await workspace.InitAsync();
        await manager.CreateBranchAsync("side", options: new BranchOptions { Isolation = Isolation.Copy });
        var kept = Directory.CreateDirectory(Path.Combine(manager.StoreDirectory, "damaged-1")).FullName;

        var done = await manager.ForgetAsync(Workspace.Paths("secret"));

        Assert.Equal(Workspace.Paths("secret"), done.InTree);
        Assert.Contains(done.NotReached, line => line.StartsWith(kept, StringComparison.Ordinal));
        Assert.Contains(done.NotReached, line => line.Contains("branch side", StringComparison.Ordinal));
        Assert.Contains(done.NotReached, line => line.Contains("messages", StringComparison.Ordinal));
        Assert.Contains(done.NotReached, line => line.Contains("exported", StringComparison.Ordinal));

        // The copy's index is made anew: what still stands there is recorded again, as in the tree.
        await using var side = await manager.OpenBranchAsync("side");
        Assert.Equal(Workspace.Paths("secret"), (await side.CaptureAsync()).Snapshot!.Changes.Select(change => change.Path));
    }

    [Fact]
    public async Task A_rollback_leaves_a_forgotten_path_as_it_is()
    {
        using var workspace = new Workspace();
        workspace.Write("secret", "one");
        workspace.Write("other", "one");
        await using var manager = await workspace.InitAsync();
        workspace.Write("other", "two");
        await manager.CaptureAsync();
        await manager.ForgetAsync(Workspace.Paths("secret"));
        await manager.CaptureAsync(); // it stands in the tree, and is recorded again

        await manager.RollbackAsync(new SnapshotNumber(1));

        Assert.Equal("one", workspace.Read("other"));
        Assert.Equal("one", workspace.Read("secret"));
    }

    [Fact]
    public async Task A_process_that_has_archives_open_goes_on_making_milestones_after_another_forgot_something_in_them()
    {
        using var workspace = new Workspace();
        workspace.Write("secret", "in an archive\n");
        workspace.Write("other", "one");
        await using var manager = await workspace.InitAsync();
        await manager.MilestoneAsync("first", manager.Head!.Value);
        workspace.Write("other", "two");
        await manager.CaptureAsync();
        await manager.MilestoneAsync("second", manager.Head!.Value);
        Assert.Equal(2, manager.Milestones().Count); // and has them open from here on
        await using (var other = await workspace.OpenAsync())
        {
            await other.ForgetAsync(Workspace.Paths("secret"));
        }

        Assert.True((await manager.MilestoneAsync("again", new SnapshotNumber(1))).WasArchived);
        workspace.Write("other", "three");
        await manager.CaptureAsync([WorkspacePath.Parse("other")]);
        await manager.MilestoneAsync("third", manager.Head!.Value);
        await manager.CleanUpAsync();

        Assert.Empty(manager.Verify(deep: true).Problems);
        Assert.Equal(3, manager.Milestones().Count);
    }

    [Fact]
    public async Task What_cannot_be_deleted_is_told_with_what_to_do()
    {
        using var workspace = new Workspace();
        workspace.Write("secret", "in an archive\n");
        await using var manager = await workspace.InitAsync();
        await manager.MilestoneAsync("first", manager.Head!.Value);
        Directory.CreateDirectory(Path.Combine(manager.StoreDirectory, "milestones", "new"));

        var failure = await Assert.ThrowsAsync<SavepointException>(() => manager.ForgetAsync(Workspace.Paths("secret")));

        Assert.Contains("milestones/new", failure.Message, StringComparison.Ordinal);
        Directory.Delete(Path.Combine(manager.StoreDirectory, "milestones", "new"));
        await manager.ForgetAsync(Workspace.Paths("secret"));
        Assert.Empty(manager.Verify(deep: true).Problems);
    }

    [Fact]
    public async Task Killed_at_any_moment_it_is_finished_by_the_next()
    {
        var random = new Random(3);
        for (var i = 0; i < KillCount; i++)
        {
            using var history = new SecretHistory(seed: 100 + i);
            await history.RecordAsync();
            using (var child = ChildProcess.Start("forget", history.Workspace.Root, history.Workspace.Options.StoreHome, "conf/secret.env"))
            {
                Assert.Equal("begins", await child.HearAsync());
                for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromMilliseconds(120 * random.NextDouble());)
                {
                    Thread.SpinWait(1000);
                }

                child.Kill();
            }

            await using var manager = await history.Workspace.OpenAsync();
            await manager.ForgetAsync(Secret);
            Assert.Empty(SecretSearch.Find(history.Store, history.Secrets));
            Check(manager, history);
        }
    }

    private static void Check(SnapshotManager manager, SecretHistory history)
    {
        Assert.Empty(manager.Verify(deep: true).Problems);
        foreach (var (number, others) in history.Others)
        {
            Assert.Equal(others.OrderBy(entry => entry.Key), SecretHistory.OthersAt(manager, number).OrderBy(entry => entry.Key));
            Assert.All(Secret, path => Assert.Equal(FileState.None, manager.StateAt(new SnapshotNumber(number), path)));
        }

        foreach (var milestone in manager.Milestones())
        {
            var state = manager.LoadMilestone(milestone.Snapshot).ProjectState.Entries;
            Assert.Equal(manager.TreeAt(milestone.Snapshot).OrderBy(entry => entry.Key), state.OrderBy(entry => entry.Key));
        }
    }

    private static async Task<List<SnapshotEvent>> EventsAsync(SnapshotManager manager)
    {
        var events = new List<SnapshotEvent>();
        await foreach (var happened in manager.EventsAsync())
        {
            events.Add(happened);
        }

        return events;
    }
}
