using System.Text;
using Savepoint.Model;
using Savepoint.Storage;
using Xunit;

namespace Savepoint.Tests.Storage.Repair;

/// <summary>
/// A page with rows that no hash covers is damaged: names of states, working copies of branches. What is lost is said, and a
/// clean-up afterwards frees nothing that the repair brought back.
/// </summary>
public sealed class TornTablesTests : IDisposable
{
    private readonly Workspace _workspace = new();
    private string _store = "";

    [Theory]
    [InlineData("branches")]
    [InlineData("labels")]
    [InlineData("working_copies")]
    [InlineData("frozen_bases")]
    [InlineData("verifications")]
    [InlineData("policies")]
    [InlineData("decisions")]
    [InlineData("experiments")]
    [InlineData("approaches")]
    [InlineData("trials")]
    [InlineData("events")]
    [InlineData("restores")]
    [InlineData("restore_steps")]
    [InlineData("merges")]
    [InlineData("merged")]
    [InlineData("compactions")]
    [InlineData("turns")]
    [InlineData("ended_sessions")]
    [InlineData("forgotten")]
    [InlineData("lost")]
    public async Task A_table_that_could_not_be_read_is_said_to_be_lost(string table)
    {
        await using (await InitAsync())
        {
        }

        Damage(table);

        Assert.Contains((await RepairAsync()).Lost, line => line.StartsWith($"{table}: not all of it could be read", StringComparison.Ordinal));
        Assert.True((await RepairAsync()).WasSound);
    }

    [Theory]
    [InlineData("labels", "UPDATE labels SET snapshot = 'x'")]
    [InlineData("working_copies", "UPDATE working_copies SET directory = x'00'")]
    public async Task A_row_that_is_not_as_it_was_written_is_said_to_be_lost(string table, string damage)
    {
        await using (var manager = await InitAsync())
        {
            await BranchAsync(manager, "feat", "two");
            manager.AddLabel("keep", new SnapshotNumber(1));
        }

        Sql.Execute(Database, $"{damage}; DELETE FROM tree");

        Assert.Contains((await RepairAsync()).Lost, line => line.StartsWith($"{table}:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_comes_back_whole_from_an_archive_is_not_said_to_be_lost()
    {
        await using (var manager = await InitAsync())
        {
            await manager.MilestoneAsync("one", new SnapshotNumber(1), TestContext.Current.CancellationToken);
        }

        Damage("snapshots");

        Assert.Empty((await RepairAsync()).Lost);
    }

    [Fact]
    public async Task A_branch_whose_working_copy_is_not_known_any_more_has_it_back_and_is_not_freed()
    {
        string copy;
        await using (var manager = await InitAsync())
        {
            copy = await BranchAsync(manager, "feat", "two", "three");
            await RecordAsync(manager, "four");
        }

        Damage("working_copies");
        var result = await RepairAsync();

        Assert.Contains(result.Recovered, line => line.Contains($"branch feat is worked on in {copy}", StringComparison.Ordinal));
        await CleanUpAsync();
        await using var repaired = await _workspace.OpenAsync();
        Assert.Equal(["two", "three"], new[] { 2, 3 }.Select(number => Text(repaired, number)));
        Assert.Equal(copy, repaired.Branches().Single(branch => branch.Name == "feat").Directory);
        await using var feat = await SnapshotManager.OpenAsync(copy, _workspace.Options);
        Assert.Equal(("feat", new SnapshotNumber(3)), (feat.Branch, feat.Head));
        File.WriteAllText(Path.Combine(copy, "file"), "six");
        Assert.Equal(new SnapshotNumber(6), (await feat.CaptureAsync()).Snapshot!.Number);
        Assert.Empty(repaired.Verify(deep: true).Problems);
    }

    [Fact]
    public async Task A_branch_whose_working_copy_nobody_knows_stays_until_it_is_deleted()
    {
        await using (var manager = await InitAsync())
        {
            var copy = await BranchAsync(manager, "feat", "two", "three");
            await RecordAsync(manager, "four");
            Directory.Delete(Record(copy), recursive: true);
        }

        Damage("working_copies");
        await RepairAsync();

        await CleanUpAsync();
        await using (var repaired = await _workspace.OpenAsync())
        {
            Assert.Equal(["two", "three"], new[] { 2, 3 }.Select(number => Text(repaired, number)));
            await repaired.DeleteBranchAsync("feat");
        }

        await CleanUpAsync();
        await using var cleaned = await _workspace.OpenAsync();
        Assert.Throws<SavepointException>(() => cleaned.GetSnapshot(new SnapshotNumber(3)));
    }

    [Fact]
    public async Task A_branch_whose_name_is_lost_has_that_of_its_working_copy()
    {
        string copy;
        await using (var manager = await InitAsync())
        {
            copy = await BranchAsync(manager, "feat", "two", "three");
            await RecordAsync(manager, "four");
        }

        Damage("branches");
        Assert.DoesNotContain((await RepairAsync()).Lost, line => line.StartsWith("snapshot", StringComparison.Ordinal));

        await CleanUpAsync();
        await using var feat = await SnapshotManager.OpenAsync(copy, _workspace.Options);
        Assert.Equal(("feat", new SnapshotNumber(3)), (feat.Branch, feat.Head));
        Assert.Empty(feat.Verify(deep: true).Problems);
    }

    [Fact]
    public async Task An_overlay_whose_row_is_lost_still_lies_on_its_base()
    {
        await using (var manager = await InitAsync())
        {
            await BranchAsync(manager, "feat", "two");
            await RecordAsync(manager, "three");
        }

        // As the making of an overlay leaves it, whether or not one can be mounted here.
        Sql.Execute(Database, $"""
            INSERT INTO frozen_bases (id, snapshot, directory, step, process, process_start) VALUES (7, 1, '{BranchFolders.Base(_store, 7)}', 1, 0, 0);
            UPDATE working_copies SET isolation = 1, directory = '{BranchFolders.Layer(_store, 2)}', base = 7
            """);
        Directory.Delete(Record(Path.Combine(_store, "copies", "feat")), recursive: true);
        Directory.CreateDirectory(Path.Combine(BranchFolders.Layer(_store, 2), "upper"));
        Directory.CreateDirectory(BranchFolders.Base(_store, 7));
        Damage("working_copies");
        await RepairAsync();

        await CleanUpAsync();
        Assert.True(Directory.Exists(BranchFolders.Base(_store, 7)));
        Assert.Equal(7, Sql.Scalar(Database, "SELECT base FROM working_copies WHERE branch = 2 AND isolation = 1 AND step = 1"));
    }

    [Fact]
    public async Task An_overlay_whose_base_is_lost_can_be_deleted()
    {
        await using (var manager = await InitAsync())
        {
            await BranchAsync(manager, "feat", "two");
            Directory.Delete(Record(Path.Combine(_store, "copies", "feat")), recursive: true);
            Directory.CreateDirectory(Path.Combine(BranchFolders.Layer(_store, 2), "upper"));
        }

        Damage("working_copies");
        await RepairAsync();

        await using var repaired = await _workspace.OpenAsync();
        var error = await Assert.ThrowsAsync<SavepointException>(() => repaired.OpenWorkingCopyAsync("feat"));
        Assert.Contains("what it lies on is not known", error.Message, StringComparison.Ordinal);
        await repaired.DeleteBranchAsync("feat");
        Assert.Equal("two", Text(repaired, 2));
        Assert.False(Directory.Exists(BranchFolders.Layer(_store, 2)));
    }

    [Fact]
    public async Task A_milestone_has_its_name_back_and_what_only_another_name_held_is_not_freed()
    {
        await using (var manager = await InitAsync())
        {
            await BranchAsync(manager, "idea", "two", "three");
            manager.AddLabel("keep", new SnapshotNumber(3));
            await manager.DeleteBranchAsync("idea");
            await RecordAsync(manager, "four");
            await manager.MilestoneAsync("one", new SnapshotNumber(4), TestContext.Current.CancellationToken);
        }

        Damage("labels");
        var result = await RepairAsync();

        Assert.Contains(result.Recovered, line => line == "milestone one names snapshot 4 again");
        Assert.Equal(0, (await CleanUpAsync()).FreedArchives);
        await using var repaired = await _workspace.OpenAsync();
        Assert.Equal([("one", 4L, LabelKind.Milestone), ("recovered-3", 3L, LabelKind.Checkpoint)], repaired.Labels().Select(label => (label.Name, label.Snapshot.Value, label.Kind)));
        Assert.All(repaired.Labels(), label => Assert.Equal(Retention.Permanent, label.Retention));
        Assert.Equal("two", Text(repaired, 2));
        Assert.Empty(repaired.Verify(deep: true).Problems);
    }

    [Fact]
    public async Task A_milestone_whose_name_nothing_knows_has_one_made_of_its_number()
    {
        await using (var manager = await InitAsync())
        {
            await manager.MilestoneAsync("one", new SnapshotNumber(1), TestContext.Current.CancellationToken);
            manager.AddLabel("recovered-1", new SnapshotNumber(1));
        }

        Damage("labels");
        Sql.Execute(Database, "DELETE FROM events");
        await RepairAsync();

        Assert.Equal(0, (await CleanUpAsync()).FreedArchives);
        await using var repaired = await _workspace.OpenAsync();
        Assert.Equal(("recovered-1", LabelKind.Milestone), (repaired.Labels().Single().Name, repaired.Labels().Single().Kind));
    }

    [Fact]
    public async Task What_archives_give_back_of_a_lost_database_no_clean_up_frees()
    {
        string copy;
        await using (var manager = await InitAsync())
        {
            copy = await BranchAsync(manager, "feat", "two");
            await manager.MilestoneAsync("idea", new SnapshotNumber(2), TestContext.Current.CancellationToken);
            await RecordAsync(manager, "three");
            await manager.MilestoneAsync("release", new SnapshotNumber(3), TestContext.Current.CancellationToken);
        }

        DamagePage(1);
        var result = await RepairAsync();

        Assert.Contains(result.Lost, line => line.StartsWith("database: nothing of it can be read", StringComparison.Ordinal));
        Assert.Equal(0, (await CleanUpAsync()).FreedArchives);
        await using var repaired = await _workspace.OpenAsync();
        Assert.Equal([("recovered-3", 3L), ("recovered-2", 2L)], repaired.Labels().Select(label => (label.Name, label.Snapshot.Value)));
        Assert.Equal([2, 3], repaired.Milestones().Select(milestone => milestone.Snapshot.Value));
        Assert.Equal(("feat", "two"), (repaired.GetSnapshot(new SnapshotNumber(2)).Branch, Text(repaired, 2)));
        Assert.Equal(copy, repaired.Branches().Single(branch => branch.Name == "feat").Directory);
        Assert.Empty(repaired.Verify(deep: true).Problems);
    }

    [Fact]
    public async Task A_copy_of_a_branch_of_which_nothing_is_left_has_its_branch_back()
    {
        string copy;
        await using (var manager = await InitAsync())
        {
            await manager.MilestoneAsync("one", new SnapshotNumber(1), TestContext.Current.CancellationToken);
            copy = await BranchAsync(manager, "feat", "two");
        }

        DamagePage(1);
        await RepairAsync();

        await using var feat = await SnapshotManager.OpenAsync(copy, _workspace.Options);
        Assert.Equal("feat", feat.Branch);
        var captured = (await feat.CaptureAsync()).Snapshot!.Number;
        Assert.Equal("two", Text(feat, captured.Value));
    }

    [Fact]
    public async Task What_was_lost_and_passed_by_stays_in_its_archive_where_nothing_says_so_any_more()
    {
        await using (var manager = await InitAsync())
        {
            manager.AddLabel("first", new SnapshotNumber(1));
        }

        Sql.Scalar(Database, "PRAGMA wal_checkpoint(TRUNCATE)");
        File.Copy(Database, Path.Combine(_store, "older"));
        await using (var manager = await _workspace.OpenAsync())
        {
            _workspace.Write("passing", "by");
            await RecordAsync(manager, "two");
            await manager.MilestoneAsync("top", new SnapshotNumber(2), TestContext.Current.CancellationToken);
        }

        File.Delete(Database + "-wal");
        File.Delete(Database + "-shm");
        File.Move(Path.Combine(_store, "older"), Database, overwrite: true);
        File.Delete(_workspace.At("passing"));
        await using (var manager = await _workspace.OpenAsync())
        {
            await RecordAsync(manager, "three");
            Assert.Equal(new SnapshotNumber(3), manager.Head);
        }

        Damage("lost");
        Assert.Contains("snapshot 2 was recorded and is lost", (await RepairAsync()).Lost);

        Assert.Equal(0, (await CleanUpAsync()).FreedArchives);
        await using var repaired = await _workspace.OpenAsync();
        Assert.True(repaired.StateAt(new SnapshotNumber(3), WorkspacePath.Parse("passing")).IsAbsent);
        Assert.Equal(new SnapshotNumber(2), repaired.LoadMilestone(new SnapshotNumber(2)).Metadata.Number);
    }

    [Fact]
    public async Task A_restore_of_which_not_all_is_known_is_not_carried_on()
    {
        await using (await InitAsync())
        {
        }

        // Two directories were to be made, and what is said of one of them is not as it was written.
        Sql.Execute(Database, """
            INSERT INTO restores (id, branch, kind, time, target, redoable) VALUES (1, 'main', 5, 0, 1, 0);
            INSERT INTO restore_steps (restore, step, path, before_state, after_state) VALUES (1, 0, x'61', 0, 12781), (1, 1, x'62', 'x', 12781);
            DELETE FROM tree
            """);
        Assert.Contains((await RepairAsync()).Lost, line => line.StartsWith("restore_steps:", StringComparison.Ordinal));

        Assert.False(Directory.Exists(_workspace.At("a")));
    }

    [Fact]
    public async Task What_is_left_of_a_restore_does_not_become_part_of_the_next()
    {
        await using (var manager = await InitAsync())
        {
            await RecordAsync(manager, "two");
        }

        Sql.Execute(Database, "INSERT INTO restore_steps (restore, step, path, before_state, after_state) VALUES (1, 0, x'61', 0, 12781)");
        Damage("restores");
        await RepairAsync();

        await using var repaired = await _workspace.OpenAsync();
        Assert.Equal(RestoreEnding.Restored, (await repaired.RollbackAsync(new SnapshotNumber(1))).Ending);
        Assert.Equal("one", _workspace.Read("file"));
    }

    [Fact]
    public async Task A_copy_says_of_its_branch_what_is_so()
    {
        string copy;
        await using (var manager = await InitAsync())
        {
            copy = await BranchAsync(manager, "feat", "two");
            await RecordAsync(manager, "three");
        }

        Sql.Execute(Database, "DELETE FROM working_copies");
        var ended = await Assert.ThrowsAsync<SavepointException>(() => SnapshotManager.OpenAsync(copy, _workspace.Options));
        Assert.Contains("savepoint log --all", ended.Hint, StringComparison.Ordinal);

        await CleanUpAsync();
        var freed = await Assert.ThrowsAsync<SavepointException>(() => SnapshotManager.OpenAsync(copy, _workspace.Options));
        Assert.Contains("has nothing of", freed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("log --all", freed.Hint, StringComparison.Ordinal);
    }

    public void Dispose() => _workspace.Dispose();

    private string Database => Path.Combine(_store, StoreFiles.Database);

    private async Task<SnapshotManager> InitAsync()
    {
        _workspace.Write("file", "one");
        var manager = await _workspace.InitAsync();
        _store = manager.StoreDirectory;
        return manager;
    }

    private async Task RecordAsync(SnapshotManager manager, string text)
    {
        _workspace.Write("file", text);
        Assert.NotNull((await manager.CaptureAsync()).Snapshot);
    }

    private static async Task<string> BranchAsync(SnapshotManager manager, string name, params string[] texts)
    {
        await manager.CreateBranchAsync(name, options: new BranchOptions { Isolation = Isolation.Copy });
        await using var branch = await manager.OpenBranchAsync(name);
        foreach (var text in texts)
        {
            File.WriteAllText(Path.Combine(branch.Root, "file"), text);
            Assert.NotNull((await branch.CaptureAsync()).Snapshot);
        }

        return branch.Root;
    }

    private Task<RepairResult> RepairAsync() => SnapshotManager.RepairAsync(_workspace.Root, _workspace.Options);

    /// <summary>Something newer is recorded first: a deleted branch with the newest number is not freed.</summary>
    private async Task<CleanUp> CleanUpAsync()
    {
        await using var manager = await _workspace.OpenAsync();
        await RecordAsync(manager, $"recorded at {manager.Head}");
        return await manager.CleanUpAsync();
    }

    /// <summary>The catalog's folder of a working copy.</summary>
    private string Record(string copy) => new StoreCatalog(_workspace.Options.StoreHome).All().Single(entry => entry.Record.Root == copy).Folder;

    private void Damage(string table) => DamagePage(Sql.Scalar(Database, $"SELECT rootpage FROM sqlite_master WHERE name = '{table}'"));

    /// <summary>Overwrites a page of the database, which is whole in its file. Of the first, what is behind the header.</summary>
    private void DamagePage(long page)
    {
        const int PageBytes = 2048;
        const int HeaderBytes = 100;
        Sql.Scalar(Database, "PRAGMA wal_checkpoint(TRUNCATE)");
        using var file = File.Open(Database, FileMode.Open, FileAccess.Write);
        var skipped = page == 1 ? HeaderBytes : 0;
        file.Position = ((page - 1) * PageBytes) + skipped;
        file.Write([.. Enumerable.Repeat((byte)0xEE, PageBytes - skipped)]);
    }

    private static string Text(SnapshotManager manager, long number) =>
        Encoding.UTF8.GetString(manager.Contents.Read(manager.StateAt(new SnapshotNumber(number), WorkspacePath.Parse("file")).ContentId!.Value));
}
