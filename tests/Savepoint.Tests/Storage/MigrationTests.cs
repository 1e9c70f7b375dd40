using System.Text;
using Savepoint.Events;
using Savepoint.Model;
using Savepoint.Policies;
using Savepoint.Storage;
using Xunit;
using ZstdSharp;

namespace Savepoint.Tests.Storage;

/// <summary>Stores that older versions wrote (tests/data/stores) are read as they were, and go on.</summary>
public sealed class MigrationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public async Task A_store_of_an_older_format_keeps_its_history_and_takes_more(int format)
    {
        using var workspace = new Workspace();
        await using var manager = await OpenAsync(workspace, format);

        Assert.Equal(new SnapshotNumber(23), manager.Head);
        Assert.Empty(manager.Verify(deep: true).Problems);
        Assert.Equal(["done", "half"], manager.Labels().Select(label => label.Name).Order());
        for (var step = 0; step <= 20; step++)
        {
            var expected = string.Concat(Enumerable.Range(1, 400).Select(line => line <= step ? $"changed {line}\n" : $"{line}\n"));
            var state = Assert.IsType<FileState.Regular>(manager.StateAt(new SnapshotNumber(step + 1), WorkspacePath.Parse("src/numbers.txt")));
            Assert.Equal(expected, Encoding.UTF8.GetString(manager.Contents.Read(state.Content)));
        }

        var redone = await manager.RedoAsync();
        Assert.Equal("a\r\nb", workspace.Read("moved"));
        Assert.Equal(redone.Snapshot, manager.Head);
        await manager.CleanUpAsync();
        Assert.Empty(manager.Verify(deep: true).Problems);
        Assert.Equal(Schema.Version, Sql.Scalar(Path.Combine(manager.StoreDirectory, "store.db"), "PRAGMA user_version"));
    }

    [Fact]
    public async Task What_format_5_brought_is_read_as_it_was()
    {
        using var workspace = new Workspace();
        await using var manager = await OpenAsync(workspace, 5);

        var found = manager.Verifications(new SnapshotNumber(23));
        Assert.Equal([(BuildResult.Failed, CheckOutcome.NotRun), (BuildResult.Unknown, CheckOutcome.Failed)], found.Select(verification => (verification.Build, verification.TestOutcome)));
        Assert.Equal("no number", Assert.Single(found[0].Errors).Message);
        Assert.Equal(["second"], found[1].FailingTests);
        Assert.Equal(["onCompileError", "none"], manager.Decisions().Select(decision => decision.Rule));
        var experiment = Assert.Single(new ExperimentManager(manager).Experiments());
        Assert.Equal(("longer", "true"), (experiment.Winner, experiment.Commands.Build));
        Assert.Equal([("longer", 1, 24L), ("failing", 2, 25L)], experiment.Approaches.Select(approach => (approach.Name, approach.Rank, approach.Snapshot!.Value.Value)));
        Assert.Equal(401, experiment.Approaches[0].Metrics[0].Median);
        Assert.Equal(Workspace.Paths("secret"), manager.Forgotten(new SnapshotNumber(1)));
    }

    /// <summary>Format 7 had the whole policy in each decision, and the decision once more in its event.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(7)]
    public async Task What_was_decided_before_format_8_is_read_as_it_was(int format)
    {
        using var workspace = new Workspace();
        await using var manager = await OpenAsync(workspace, format);

        Assert.All(manager.Decisions(), decision => Assert.Equal(decision.Reason, SnapshotDecisionEngine.Replay(decision)!.Reason));
        var happened = await manager.EventsAsync().OfType<DecisionEvent>().ToListAsync();
        Assert.Equal(manager.Decisions().AsEnumerable().Reverse().Select(decision => (decision.Id, decision.Rule, decision.Reason)), happened.Select(decision => (decision.Decision, decision.Rule, decision.Reason)));
        Assert.Equal(2, happened.Count);
    }

    /// <summary>Format 5 had one base for a snapshot, by whose number overlays knew it.</summary>
    [Fact]
    public async Task The_bases_of_format_5_are_still_those_of_their_overlays()
    {
        using var workspace = new Workspace();
        await using var manager = await OpenAsync(workspace, 5, "format-5-bases");
        var store = Path.Combine(manager.StoreDirectory, "store.db");

        Assert.Equal(1L, Sql.Scalar(store, "SELECT count(*) FROM working_copies JOIN frozen_bases ON base = frozen_bases.id WHERE snapshot = 23 AND frozen_bases.directory LIKE '%/bases/23' AND ignored IS NULL"));
    }

    /// <summary>A workspace with what the golden store's head holds, and that store in place of its own.</summary>
    private static async Task<SnapshotManager> OpenAsync(Workspace workspace, int format, string? golden = null)
    {
        workspace.Write("crlf", "a\r\nb");
        workspace.Write("src/numbers.txt", string.Concat(Enumerable.Range(1, 400).Select(line => line <= 20 ? $"changed {line}\n" : $"{line}\n")));
        Directory.CreateDirectory(workspace.At("empty"));
        File.CreateSymbolicLink(workspace.At("link"), "src/numbers.txt");
        string store;
        await using (var own = await workspace.InitAsync())
        {
            store = Path.Combine(own.StoreDirectory, "store.db");
        }

        File.Delete(store + "-wal");
        File.Delete(store + "-shm");
        using (var source = new DecompressionStream(File.OpenRead(Path.Combine(TestData.Directory(), "stores", $"{golden ?? $"format-{format}"}.db.zst"))))
        using (var target = File.Create(store))
        {
            source.CopyTo(target);
        }

        Assert.Equal(format, Sql.Scalar(store, "PRAGMA user_version"));
        return await workspace.OpenAsync();
    }
}
