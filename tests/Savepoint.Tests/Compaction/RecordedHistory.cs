using System.Text;
using Savepoint.Compaction;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Compaction;

/// <summary>A history in a real store, made by edits, undos, rollbacks, labels and turns, with a clock of its own.</summary>
internal sealed class RecordedHistory : IDisposable
{
    private readonly Workspace _workspace = new();
    private readonly Clock _clock = new();
    private int _turn;

    public SnapshotManager Manager { get; private set; } = null!;

    public string Root => _workspace.Root;

    public string Stores => _workspace.Options.StoreHome;

    public Task<SnapshotManager> OpenAsync() => _workspace.OpenAsync();

    public static async Task<RecordedHistory> WriteAsync((int Kind, int File, int Text, int Pause)[] steps, long? maxStoreBytes = null)
    {
        var history = new RecordedHistory();
        history._workspace.Options = history._workspace.Options with { Time = history._clock, MaxStoreBytes = maxStoreBytes };
        history.Manager = await history._workspace.InitAsync();
        await history.GoOnAsync(steps);
        return history;
    }

    public async Task GoOnAsync((int Kind, int File, int Text, int Pause)[] steps)
    {
        foreach (var (kind, file, text, pause) in steps)
        {
            Pause(pause);
            await StepAsync(kind, $"dir/file-{file}", text);
        }
    }

    public void Pause(int seconds) => _clock.Now += TimeSpan.FromSeconds(seconds);

    public async Task EditAsync(string path, string? text)
    {
        var context = new CaptureContext { Actor = new Actor("agent", "session", $"turn-{_turn}") };
        var edit = await Manager.BeginEditAsync([WorkspacePath.Parse(path)], context);
        if (text is null)
        {
            File.Delete(_workspace.At(path));
        }
        else
        {
            _workspace.Write(path, text);
        }

        await edit.CommitAsync();
    }

    /// <summary>Snapshots enough that what was before is none of the newest; each of a file of its own, far apart in time.</summary>
    public async Task FillAsync(int count)
    {
        _turn++;
        for (var i = 0; i < count; i++)
        {
            Pause(60);
            await EditAsync($"filler-{_turn}-{i}", $"{i}\n");
        }
    }

    /// <summary>What stands where, at each number that has a state of its own.</summary>
    public Dictionary<long, Dictionary<WorkspacePath, FileState>> States() =>
        Enumerable.Range(1, (int)Manager.Head!.Value.Value).Where(number => Manager.FindMerged(new SnapshotNumber(number)) is not { IsFreed: true }).ToDictionary(number => (long)number, number => new Dictionary<WorkspacePath, FileState>(Manager.TreeAt(new SnapshotNumber(number))));

    /// <summary>Of states that were noted, those of numbers that have their own still, and those of what came since.</summary>
    public Dictionary<long, Dictionary<WorkspacePath, FileState>> RestOf(Dictionary<long, Dictionary<WorkspacePath, FileState>> noted)
    {
        var rest = noted.Where(entry => Manager.FindMerged(new SnapshotNumber(entry.Key)) is not { IsFreed: true }).ToDictionary();
        for (var number = noted.Keys.Max() + 1; number <= Manager.Head!.Value.Value; number++)
        {
            rest[number] = new Dictionary<WorkspacePath, FileState>(Manager.TreeAt(new SnapshotNumber(number)));
        }

        return rest;
    }

    /// <summary>Every number that kept its state has it, byte for byte; at <see cref="CompactionLevel.Normal"/> that is every number.</summary>
    public void Check(Dictionary<long, Dictionary<WorkspacePath, FileState>> before, CompactionLevel level)
    {
        Assert.Empty(Manager.Verify(deep: true).Problems);
        var labelled = Manager.Labels().Select(label => label.Snapshot.Value).ToHashSet();
        foreach (var (number, states) in before)
        {
            var merged = Manager.FindMerged(new SnapshotNumber(number));
            if (merged is { IsFreed: true })
            {
                Assert.NotEqual(CompactionLevel.Normal, level);
                Assert.DoesNotContain(number, labelled);
                Assert.True(merged.First.Value <= number && number < merged.Last.Value);
                Assert.Equal(merged.Last, Manager.Resolve(Revision.Parse(number.ToString(System.Globalization.CultureInfo.InvariantCulture))));
                continue;
            }

            var now = Manager.TreeAt(new SnapshotNumber(number));
            Assert.Equal(states.OrderBy(entry => entry.Key), now.OrderBy(entry => entry.Key));
            Assert.All(now.Values.OfType<FileState.Regular>(), file => Assert.Equal(file.Content, ContentId.Of(Manager.Contents.Read(file.Content))));
        }
    }

    public async Task<List<Snapshot>> ShownAsync()
    {
        var shown = new List<Snapshot>();
        await foreach (var snapshot in Manager.HistoryAsync())
        {
            shown.Add(snapshot);
        }

        return shown;
    }

    public string Text(long number, string path) =>
        Encoding.UTF8.GetString(Manager.Contents.Read(Assert.IsType<FileState.Regular>(Manager.StateAt(new SnapshotNumber(number), WorkspacePath.Parse(path))).Content));

    public void Dispose()
    {
        Manager.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _workspace.Dispose();
    }

    private async Task StepAsync(int kind, string path, int text)
    {
        switch (kind)
        {
            case 0:
                _turn++;
                break;
            case 1 when Manager.Labels().All(label => label.Snapshot != Manager.Head):
                Manager.AddLabel($"label-{Manager.Head}", Manager.Head!.Value);
                break;
            case 2:
                await Manager.UndoAsync();
                break;
            case 3:
                await Manager.RedoAsync();
                break;
            case 4:
                await Manager.RollbackAsync(new SnapshotNumber(Math.Max(1, Manager.Head!.Value.Value - text)));
                break;
            case 5 when File.Exists(_workspace.At(path)):
                File.Move(_workspace.At(path), _workspace.At(path + "-moved"), overwrite: true);
                await Manager.CaptureAsync(context: new CaptureContext { Actor = new Actor("agent", "session", $"turn-{_turn}") });
                break;
            case 6 when File.Exists(_workspace.At(path)):
                await EditAsync(path, null);
                break;
            default:
                await EditAsync(path, string.Concat(Enumerable.Range(0, 6).Select(line => $"line {(line < text ? line + 10 : line)}{(kind % 2 == 0 ? "" : " ")}\n")));
                break;
        }
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now += TimeSpan.FromMilliseconds(10);
    }
}
