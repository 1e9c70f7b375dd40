using System.Text;
using Savepoint.Model;
using Savepoint.Recording;
using Xunit;

namespace Savepoint.Tests.Recording;

/// <summary>What one of several did is told apart from what the others did between.</summary>
public sealed class OwnChangesTests
{
    private static readonly WorkspacePath A = WorkspacePath.Parse("a"), B = WorkspacePath.Parse("b");

    [Fact]
    public void Changes_that_follow_each_other_are_one()
    {
        var own = OwnChanges.Of([At(2, A, "", "1"), At(4, A, "1", "2"), At(5, A, "2", "3")]);

        Assert.Equal([new FileChange(A, State(""), State("3"))], own.Build());
        Assert.Empty(own.Gaps());
    }

    [Fact]
    public void Anothers_change_in_between_begins_a_new_piece()
    {
        var own = OwnChanges.Of([At(2, A, "0", "1"), At(3, B, "0", "1"), At(5, A, "theirs", "mine"), At(6, A, "mine", "last")]);

        Assert.Equal([new FileChange(A, State("0"), State("1")), new FileChange(B, State("0"), State("1")), new FileChange(A, State("theirs"), State("last"))], own.Build());
        Assert.Equal([(A, new SnapshotNumber(2), new SnapshotNumber(5))], own.Gaps());
        Assert.Equal(2, own.FileCount());
    }

    [Fact]
    public void What_another_did_and_took_back_is_no_gap()
    {
        var own = OwnChanges.Of([At(2, A, "0", "1"), At(5, A, "1", "2")]);

        Assert.Equal([new FileChange(A, State("0"), State("2"))], own.Build());
    }

    [Fact]
    public void What_it_took_back_itself_is_no_change_and_still_a_file_it_touched()
    {
        var own = OwnChanges.Of([At(2, A, "0", "1"), At(3, A, "1", "0")]);

        Assert.Empty(own.Build());
        Assert.Equal(1, own.FileCount());
    }

    [Fact]
    public void A_move_of_its_own_stays_a_move()
    {
        var own = OwnChanges.Of([Snapshot(2, new FileChange(B, State("1"), State("1"), A))]);

        Assert.Equal([new FileChange(B, State("1"), State("1"), A)], own.Build());
    }

    private static Snapshot At(long number, WorkspacePath path, string before, string after) => Snapshot(number, new FileChange(path, State(before), State(after)));

    private static Snapshot Snapshot(long number, FileChange change) =>
        new() { Number = new SnapshotNumber(number), Branch = "main", Kind = SnapshotKind.Operation, Time = DateTimeOffset.UnixEpoch, Changes = [change] };

    private static FileState State(string text) => text.Length == 0
        ? FileState.None
        : new FileState.Regular(new UnixMode(0b110_100_100), ContentId.Of(Encoding.UTF8.GetBytes(text)), text.Length);
}
