using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests;

/// <summary>What was found out about states is kept, and the newest good one is known.</summary>
public sealed class VerificationTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task What_was_recorded_is_read_back_by_another_process()
    {
        await using var manager = await HistoryAsync();
        var figures = new[] { new Figure("parse \"all\"\n", 12.25, "ms"), new Figure("Größe", -1e-9, "") };

        var recorded = await manager.RecordVerificationAsync(new SnapshotNumber(2), BuildResult.Passed, new TestCounts(7, 0, 1), figures);

        await using var other = await _workspace.OpenAsync();
        var read = Assert.Single(other.Verifications(new SnapshotNumber(2)));
        Assert.Equal(recorded with { Figures = [] }, read with { Figures = [] });
        Assert.Equal(figures, read.Figures);
        Assert.Empty(other.Verify().Problems);
    }

    [Fact]
    public async Task None_is_verified_until_one_passed()
    {
        await using var manager = await HistoryAsync();
        Assert.Null(manager.LastVerified);

        await manager.RecordVerificationAsync(new SnapshotNumber(2), BuildResult.Failed);
        await manager.RecordVerificationAsync(new SnapshotNumber(2), BuildResult.Passed, new TestCounts(7, 1, 0));
        await manager.RecordVerificationAsync(new SnapshotNumber(2), BuildResult.Unknown, null, [new Figure("size", 3, "KB")]);

        Assert.Null(manager.LastVerified);
    }

    [Fact]
    public async Task The_newest_state_that_passed_is_the_last_verified_whenever_it_was_checked()
    {
        await using var manager = await HistoryAsync();
        await manager.RecordVerificationAsync(new SnapshotNumber(3), BuildResult.Unknown, new TestCounts(7, 0, 0));
        await manager.RecordVerificationAsync(new SnapshotNumber(4), BuildResult.Failed, new TestCounts(0, 0, 0));
        await manager.RecordVerificationAsync(new SnapshotNumber(2), BuildResult.Passed);

        Assert.Equal(new SnapshotNumber(3), manager.LastVerified?.Snapshot);
    }

    [Fact]
    public async Task A_state_that_failed_after_it_had_passed_is_not_verified()
    {
        await using var manager = await HistoryAsync();
        await manager.RecordVerificationAsync(new SnapshotNumber(2), BuildResult.Passed);
        await manager.RecordVerificationAsync(new SnapshotNumber(3), BuildResult.Passed);
        await manager.RecordVerificationAsync(new SnapshotNumber(3), BuildResult.Passed, new TestCounts(1, 1, 0));

        Assert.Equal(new SnapshotNumber(2), manager.LastVerified?.Snapshot);
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_and_nothing_is_recorded()
    {
        await using var manager = await HistoryAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => manager.RecordVerificationAsync(new SnapshotNumber(2), BuildResult.Passed, new TestCounts(-1, 0, 0)));
        await Assert.ThrowsAsync<ArgumentException>(() => manager.RecordVerificationAsync(new SnapshotNumber(2), BuildResult.Passed, null, [new Figure("speed", double.NaN, "ms")]));
        var unknown = await Assert.ThrowsAsync<SavepointException>(() => manager.RecordVerificationAsync(new SnapshotNumber(99), BuildResult.Passed));

        Assert.Equal(ErrorCode.UnknownRevision, unknown.Code);
        Assert.Empty(manager.Verifications(new SnapshotNumber(2)));
    }

    /// <summary>A baseline and three edits.</summary>
    private async Task<SnapshotManager> HistoryAsync()
    {
        _workspace.Write("a.txt", "0\n");
        var manager = await _workspace.InitAsync();
        for (var i = 1; i <= 3; i++)
        {
            _workspace.Write("a.txt", $"{i}\n");
            await manager.CaptureAsync();
        }

        return manager;
    }
}
