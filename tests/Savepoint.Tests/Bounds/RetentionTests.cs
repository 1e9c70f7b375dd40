using Savepoint.Model;
using Savepoint.Tests.Maintenance;
using Xunit;

namespace Savepoint.Tests.Bounds;

/// <summary>How long a label holds: gc takes it off when its retention is over.</summary>
public sealed class RetentionTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly Workspace _workspace = new();

    public RetentionTests() => _workspace.Options = _workspace.Options with { Time = _clock };

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task A_sessions_checkpoint_goes_when_the_session_has_ended()
    {
        await using var manager = await StartAsync();
        manager.AddLabel("mine", await EditAsync(manager, "s1"), Retention.Session, "s1");
        manager.AddLabel("others", await EditAsync(manager, "s2"), Retention.Session, "s2");
        Assert.Equal(0, (await manager.CleanUpAsync()).ReleasedLabels);

        await manager.CatchUpAsync("s1", isOver: true);

        Assert.Equal(1, (await manager.CleanUpAsync()).ReleasedLabels);
        Assert.Equal(["others"], manager.Labels().Select(label => label.Name));
    }

    [Fact]
    public async Task A_session_that_is_taken_up_again_is_not_over()
    {
        await using var manager = await StartAsync();
        manager.AddLabel("mine", await EditAsync(manager, "s1"), Retention.Session, "s1");
        await manager.CatchUpAsync("s1", isOver: true);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await EditAsync(manager, "s1");

        Assert.Equal(0, (await manager.CleanUpAsync()).ReleasedLabels);
    }

    [Theory]
    [InlineData("s1")]
    [InlineData(null)]
    public async Task A_session_of_whose_end_nobody_told_is_over_after_a_day_of_silence(string? session)
    {
        await using var manager = await StartAsync();
        manager.AddLabel("mine", await EditAsync(manager, session), Retention.Session, session);
        _clock.Advance(TimeSpan.FromHours(23));
        Assert.Equal(0, (await manager.CleanUpAsync()).ReleasedLabels);
        _clock.Advance(TimeSpan.FromHours(2));

        Assert.Equal(1, (await manager.CleanUpAsync()).ReleasedLabels);
    }

    [Fact]
    public async Task A_checkpoint_until_verification_goes_when_a_later_state_has_passed()
    {
        await using var manager = await StartAsync();
        var before = await EditAsync(manager, "s1");
        manager.AddLabel("before", before, Retention.UntilVerification);
        await manager.RecordVerificationAsync(before, BuildResult.Passed);
        var after = await EditAsync(manager, "s1");
        await manager.RecordVerificationAsync(after, BuildResult.Failed);
        await manager.RecordVerificationAsync(after, BuildResult.Passed, new TestCounts(3, 1, 0));
        Assert.Equal(0, (await manager.CleanUpAsync()).ReleasedLabels);

        await manager.RecordVerificationAsync(after, BuildResult.Passed, new TestCounts(4, 0, 0));

        Assert.Equal(1, (await manager.CleanUpAsync()).ReleasedLabels);
    }

    [Fact]
    public async Task What_a_user_keeps_stays()
    {
        await using var manager = await StartAsync();
        manager.AddLabel("for-good", await EditAsync(manager, "s1"));
        manager.AddLabel("until-told", await EditAsync(manager, "s1"), Retention.User, "s1");
        await manager.RecordVerificationAsync(await EditAsync(manager, "s1"), BuildResult.Passed);
        await manager.CatchUpAsync("s1", isOver: true);
        _clock.Advance(TimeSpan.FromDays(400));

        Assert.Equal(0, (await manager.CleanUpAsync()).ReleasedLabels);
        Assert.Equal(2, manager.Labels().Count);
    }

    private Task<SnapshotManager> StartAsync() => _workspace.InitAsync();

    private async Task<SnapshotNumber> EditAsync(SnapshotManager manager, string? session)
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        _workspace.Write("file", $"{manager.Head}\n");
        return (await manager.CaptureAsync(context: new CaptureContext { Actor = new Actor(Session: session) })).Snapshot!.Number;
    }
}
