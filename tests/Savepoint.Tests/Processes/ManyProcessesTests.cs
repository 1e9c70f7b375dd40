using System.Globalization;
using System.Text.Json;
using Savepoint.Model;
using Savepoint.Tests.Fidelity;
using Savepoint.Tests.Workspaces;
using Xunit;

namespace Savepoint.Tests.Processes;

/// <summary>Ten processes on one workspace at once. SAVEPOINT_TEST_CROWD_SECONDS=60 is the long version.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ManyProcessesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static TimeSpan Duration =>
        TimeSpan.FromSeconds(int.TryParse(Environment.GetEnvironmentVariable("SAVEPOINT_TEST_CROWD_SECONDS"), out var seconds) ? seconds : 8);

    private string Root => Directory.CreateDirectory(_folder["work"]).FullName;

    private string Home => Directory.CreateDirectory(_folder["home"]).FullName;

    private SnapshotOptions Options => new() { StoreHome = Path.Combine(Home, "stores") };

    [Fact]
    public async Task Captures_undos_redos_and_rollbacks_at_once_lose_nothing()
    {
        var crowd = new Crowd(_folder);

        await crowd.RunAsync(Duration);

        TestContext.Current.TestOutputHelper?.WriteLine($"{crowd.Versions.Count} versions; {crowd.Summary}");
        Assert.True(crowd.Failures.IsEmpty, string.Join('\n', crowd.Failures));
        crowd.Savepoint.Do("verify", "--deep");
        await using var manager = await SnapshotManager.OpenAsync(Root, Options);
        Assert.Equal(Manifest.OfTree(Root), Recorded(manager));
        var history = await manager.HistoryAsync().OrderBy(snapshot => snapshot.Number.Value).ToListAsync();
        AssertNothingTwice(history);
        AssertKept(manager, history, crowd.Versions);
    }

    [Fact]
    public async Task Captures_of_one_change_by_many_make_one_snapshot()
    {
        var savepoint = new NativeCommand(Root, Home);
        savepoint.Do("init");
        await File.WriteAllTextAsync(Path.Combine(Root, "file"), "changed once");

        var captures = await AllAtOnceAsync(10, i => i % 2 == 0 ? savepoint.Do("capture", "--json") : savepoint.Do("capture", "file", "--json"));

        Assert.Equal(2, captures.Select(capture => capture.Json().GetProperty("snapshot")).Single(number => number.ValueKind != JsonValueKind.Null).GetInt64());
        Assert.Equal(2, savepoint.Do("status", "--json").Json().GetProperty("head").GetInt64());
    }

    [Fact]
    public async Task A_workspace_that_ten_begin_to_track_at_once_has_one_baseline()
    {
        await File.WriteAllTextAsync(Path.Combine(Root, "file"), "bytes");
        var other = Directory.CreateDirectory(_folder["other"]).FullName;
        var savepoint = new[] { new NativeCommand(Root, Home), new NativeCommand(other, Home) };

        var inits = await AllAtOnceAsync(10, i => (Workspace: i % 2, Ended: savepoint[i % 2].Do("init", "--json")));

        foreach (var workspace in inits.GroupBy(init => init.Workspace))
        {
            var baselines = workspace.Select(init => init.Ended.Json().GetProperty("snapshot")).Where(number => number.ValueKind != JsonValueKind.Null);
            Assert.Equal(1, Assert.Single(baselines).GetInt64());
            savepoint[workspace.Key].Do("verify", "--deep");
        }

        Assert.Equal(2, SnapshotManager.Stores(Options).Count);
    }

    [Fact]
    public async Task Who_captures_while_another_stops_and_starts_tracking_gets_a_record_or_is_told()
    {
        var savepoint = new NativeCommand(Root, Home);
        savepoint.Do("init");

        var ended = await AllAtOnceAsync(10, i =>
        {
            File.WriteAllText(Path.Combine(Root, $"file{i}"), "bytes");
            return i switch { 0 => savepoint.Run("untrack"), 1 => savepoint.Run("untrack", "--delete"), < 4 => savepoint.Run("init"), _ => savepoint.Run("capture") };
        });

        Assert.All(ended, run => Assert.True(run.ExitCode == 0 || run.Error.Contains(" tracked", StringComparison.Ordinal) || run.Error.Contains("no baseline yet", StringComparison.Ordinal), run.Error));
        savepoint.Do("init");
        savepoint.Do("capture");
        savepoint.Do("verify", "--deep");
    }

    public void Dispose() => _folder.Dispose();

    private static Task<T[]> AllAtOnceAsync<T>(int count, Func<int, T> act) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Factory.StartNew(() => act(i), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

    /// <summary>What the head holds, in the words of <see cref="Manifest.OfTree"/>.</summary>
    private static string Recorded(SnapshotManager manager) => string.Join('\n', manager.TreeAt(manager.Head!.Value).SelectMany(entry => entry.Value switch
    {
        FileState.Regular file => new[] { Line('f', file.Mode, entry.Key, ""), $"{file.Content}  ./{entry.Key}" },
        FileState.Directory directory => [Line('d', directory.Mode, entry.Key, "")],
        FileState.Symlink link => [Line('l', new UnixMode(0b111_111_111), entry.Key, System.Text.Encoding.Latin1.GetString(manager.Contents.Read(link.Target)))],
        _ => [],
    }).Append("").Order(StringComparer.Ordinal));

    private static string Line(char type, UnixMode mode, WorkspacePath path, string target) =>
        $"{type} {Convert.ToString(mode.Bits, 8)} ./{path} -> {target}";

    /// <summary>Each change begins where the one before it at its path ended, and none says what is recorded already.</summary>
    private static void AssertNothingTwice(List<Snapshot> history)
    {
        var now = new Dictionary<WorkspacePath, FileState>();
        foreach (var snapshot in history)
        {
            foreach (var change in snapshot.Changes.SelectMany(change => change.PerPath()))
            {
                Assert.Equal(now.GetValueOrDefault(change.Path, FileState.None), change.Before);
                Assert.NotEqual(change.Before, change.After);
                now[change.Path] = change.After;
            }
        }
    }

    /// <summary>Each version is at its path at some number, and comes back from there with its bytes.</summary>
    private static void AssertKept(SnapshotManager manager, List<Snapshot> history, IReadOnlyCollection<(string Path, byte[] Bytes)> versions)
    {
        var numbers = history.SelectMany(snapshot => snapshot.Changes.SelectMany(change => change.PerPath()).Select(change => (change.Path, change.After.ContentId, snapshot.Number)))
            .Where(entry => entry.ContentId is not null)
            .ToLookup(entry => (entry.Path.ToString(), entry.ContentId!.Value), entry => entry.Number);
        Assert.NotEmpty(versions);
        foreach (var (path, bytes) in versions)
        {
            var kept = numbers[(path, ContentId.Of(bytes))].ToList();
            Assert.True(kept.Count > 0, string.Create(CultureInfo.InvariantCulture, $"{path}: no snapshot has '{System.Text.Encoding.UTF8.GetString(bytes).Split('\n')[0]}'"));
            Assert.Equal(bytes, manager.Contents.Read(manager.StateAt(kept[0], WorkspacePath.Parse(path)).ContentId!.Value));
        }
    }
}
