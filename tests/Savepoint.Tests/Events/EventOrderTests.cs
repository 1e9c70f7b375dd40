using CsCheck;
using Savepoint.Events;
using Savepoint.Model;
using Savepoint.Storage;
using Xunit;

namespace Savepoint.Tests.Events;

/// <summary>The order of events, in a store written directly.</summary>
public sealed class EventOrderTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("0", 0, 0)]
    [InlineData("42", 42, 0)]
    [InlineData("42.7", 42, 7)]
    public void A_position_is_written_and_read_back(string text, long snapshot, long number)
    {
        Assert.Equal(new EventPosition(snapshot, number), EventPosition.TryParse(text));
        Assert.Equal(text, new EventPosition(snapshot, number).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("4.")]
    [InlineData("-4")]
    [InlineData("4.5.6")]
    [InlineData("9223372036854775808")]
    public void What_is_no_position_is_not_taken_for_one(string text) => Assert.Null(EventPosition.TryParse(text));

    [Fact]
    public void Rows_and_snapshots_come_in_the_order_of_their_commits_from_any_place_on()
    {
        // Runs of one kind longer than a page, of both kinds, and mixtures.
        Gen.Bool.Array[0, 30].Select(Gen.Int[0, 3], (mix, longRun) => (mix, longRun)).Sample(
            sample =>
            {
                var isSnapshot = sample.longRun switch
                {
                    0 => sample.mix,
                    1 => [.. Enumerable.Repeat(true, SnapshotReader.PageLength + 3), .. sample.mix],
                    2 => [.. Enumerable.Repeat(false, SnapshotReader.PageLength + 3), .. sample.mix],
                    _ => (bool[])[.. sample.mix, .. Enumerable.Repeat(false, SnapshotReader.PageLength), .. sample.mix, .. Enumerable.Repeat(true, SnapshotReader.PageLength)],
                };
                using var store = NewStore();
                var written = isSnapshot.Select((snapshot, i) => Write(store, snapshot, i)).ToList();
                using var reader = store.ReadEvents();

                var read = ReadAll(reader, EventPosition.Start);

                Assert.Equal(written, read.ConvertAll(Mark));
                Assert.Empty(ReadAll(reader, store.NewestEvent()));
                foreach (var (happened, i) in read.Select((happened, i) => (happened, i)).Where(pair => pair.i % 37 == 0))
                {
                    Assert.Equal(read[(i + 1)..].ConvertAll(Mark), ReadAll(reader, happened.Position).ConvertAll(Mark));
                }
            },
            iter: 12, threads: 1);
    }

    [Fact]
    public void Of_the_rare_events_the_newest_are_kept()
    {
        using var store = NewStore();
        for (var i = 1; i <= EventTable.MaxRows + 5; i++)
        {
            store.Publish(new CleanupEvent("store", i, 0, 0));
        }

        using var reader = store.ReadEvents();
        var kept = ReadAll(reader, EventPosition.Start);

        Assert.Equal(EventTable.MaxRows, kept.Count);
        Assert.Equal(6, Assert.IsType<CleanupEvent>(kept[0]).Items);
    }

    [Fact]
    public void Every_kind_that_has_a_row_reads_back_as_it_was()
    {
        SnapshotEvent[] events =
        [
            new MilestoneCreatedEvent("one\"\u001b", new SnapshotNumber(3), 12),
            new MilestoneCreatedEvent("two", new SnapshotNumber(3), null),
            new CompressionEvent("aggressive", 7, 100, 50),
            new CleanupEvent("store", 7, 100, 50),
            new CleanupEvent("memory", null, 100, 50),
            new BranchCreatedEvent("try-1", new SnapshotNumber(2)),
            new BranchMergedEvent("try-1", "main", new SnapshotNumber(9)),
        ];
        using var store = NewStore();
        foreach (var happened in events)
        {
            store.Publish(happened with { Time = DateTimeOffset.UnixEpoch });
        }

        using var reader = store.ReadEvents();
        var read = ReadAll(reader, EventPosition.Start);

        Assert.Equal(events.Select((happened, i) => happened with { Position = new EventPosition(0, i + 1), Time = DateTimeOffset.UnixEpoch }), read);
    }

    /// <summary>Its row has only what the decision's may lose: what had become of it then.</summary>
    [Fact]
    public void The_event_of_a_decision_says_what_was_decided_and_had_come_of_it_then()
    {
        using var store = NewStore();
        var decision = store.Decide(new Decision
        {
            Snapshot = new SnapshotNumber(9),
            Rule = "onTestFailure",
            Action = "rollbackWithAnalysis",
            Mode = PolicyMode.Act,
            Target = new SnapshotNumber(3),
            Reason = "13 of \"40\"",
            Outcome = DecisionOutcome.Begun,
            Time = DateTimeOffset.UnixEpoch,
        });
        store.Settle(decision, DecisionOutcome.Done, "10");

        using var reader = store.ReadEvents();
        var expected = new DecisionEvent(1, new SnapshotNumber(9), "onTestFailure", "rollbackWithAnalysis", PolicyMode.Act, DecisionOutcome.Begun, new SnapshotNumber(3), "13 of \"40\"");
        Assert.Equal(expected with { Position = new EventPosition(0, 1), Time = DateTimeOffset.UnixEpoch }, Assert.Single(ReadAll(reader, EventPosition.Start)));
    }

    private SnapshotStore NewStore() => SnapshotStore.OpenOrCreate(Directory.CreateDirectory(Path.Combine(_workspace.Scratch, Path.GetRandomFileName())).FullName, syncEachCommit: false);

    private static string Write(SnapshotStore store, bool isSnapshot, int i)
    {
        if (!isSnapshot)
        {
            store.Publish(new CleanupEvent("store", i, 0, 0));
            return $"cleanup {i}";
        }

        store.Append(new Snapshot { Branch = "main", Kind = SnapshotKind.Undo, Time = DateTimeOffset.UnixEpoch, Message = $"{i}", Changes = [] });
        return $"undo {i}";
    }

    private static string Mark(SnapshotEvent happened) => happened is CleanupEvent cleanup ? $"cleanup {cleanup.Items}" : $"undo {Assert.IsType<SnapshotRollbackEvent>(happened).Snapshot.Message}";

    private static List<SnapshotEvent> ReadAll(EventReader reader, EventPosition place)
    {
        var all = new List<SnapshotEvent>();
        for (var page = reader.After(place); page.Count > 0; page = reader.After(all[^1].Position))
        {
            all.AddRange(page);
        }

        return all;
    }
}
