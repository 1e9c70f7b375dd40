using Savepoint.Model;
using Savepoint.Policies;
using Savepoint.Tests.Maintenance;
using Xunit;

namespace Savepoint.Tests.Policies;

/// <summary>What the policies name is kept by gc for as long as its retention says, and no longer: the session's, until verified, for good, until the user decides.</summary>
public sealed class CheckpointRetentionTests : IDisposable
{
    private const string Session = "s1";

    private readonly ManualClock _clock = new();
    private readonly Workspace _workspace = new();

    public CheckpointRetentionTests() => _workspace.Options = _workspace.Options with { Time = _clock, Policies = new PolicyOptions() };

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Each_of_the_four_is_kept_for_its_time()
    {
        await using var manager = await StartAsync();
        Assert.Equal(["dependencies-2", "feature-3", "safety-1", "tricky"], Names(manager));
        Assert.Equal(0, (await manager.CleanUpAsync()).ReleasedLabels);

        await manager.CatchUpAsync(Session, isOver: true);
        Assert.Equal(1, (await manager.CleanUpAsync()).ReleasedLabels);
        Assert.Equal(["dependencies-2", "feature-3", "tricky"], Names(manager));

        var fails = await EditAsync(manager, "later", "1");
        await manager.RecordVerificationAsync(fails, BuildResult.Failed);
        Assert.Equal(0, (await manager.CleanUpAsync()).ReleasedLabels);
        await manager.RecordVerificationAsync(await EditAsync(manager, "later", "2"), BuildResult.Passed);
        Assert.Equal(1, (await manager.CleanUpAsync()).ReleasedLabels);

        _clock.Advance(TimeSpan.FromDays(400));
        Assert.Equal(0, (await manager.CleanUpAsync()).ReleasedLabels);
        Assert.Equal(["feature-3", "tricky"], Names(manager));
    }

    [Fact]
    public async Task A_rollback_to_any_of_them_gives_its_state_after_gc()
    {
        await using var manager = await StartAsync();
        await manager.CleanUpAsync();

        foreach (var (name, manifest, files) in new[] { ("safety-1", "{}", 1), ("dependencies-2", "{}", 31), ("feature-3", "{\"a\":1}", 31) })
        {
            await manager.RollbackAsync(manager.Labels().Single(label => label.Name == name).Snapshot);
            Assert.Equal(manifest, _workspace.Read("package.json"));
            Assert.Equal(files, Directory.GetFiles(_workspace.Root, "*", SearchOption.AllDirectories).Length);
        }

        Assert.Empty(manager.Verify().Problems);
    }

    /// <summary>A project in which each of the four came up, one after the other; the last is only suggested, and the user follows.</summary>
    private async Task<SnapshotManager> StartAsync()
    {
        _workspace.Write("package.json", "{}");
        var manager = await _workspace.InitAsync();
        for (var i = 0; i < 30; i++)
        {
            _workspace.Write($"src/file{i}.txt", "text");
        }

        await manager.CaptureAsync(context: new CaptureContext { Actor = new Actor(Session: Session) });
        var done = await EditAsync(manager, "package.json", "{\"a\":1}");
        await manager.MilestoneAsync($"feature-{done}", done);
        var complex = await EditAsync(manager, "a.py", "def f(x):\n" + string.Concat(Enumerable.Repeat("  if x: x += 1\n", 11)) + "  return x\n");
        Assert.Equal(Retention.User, Assert.Single(await manager.MeasureQualityAsync(), decision => decision.Rule == PolicyRule.ComplexityThreshold).Retention);
        manager.AddLabel("tricky", complex, Retention.User);
        return manager;
    }

    private static List<string> Names(SnapshotManager manager) => [.. manager.Labels().Select(label => label.Name).Order(StringComparer.Ordinal)];

    private async Task<SnapshotNumber> EditAsync(SnapshotManager manager, string path, string text)
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        _workspace.Write(path, text);
        return (await manager.CaptureAsync(context: new CaptureContext { Actor = new Actor(Session: Session) })).Snapshot!.Number;
    }
}
