using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Savepoint.Cli.Tests.Verbs;

public sealed class WatchTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CliWorkspace _workspace = new();
    private readonly List<Process> _watchers = [];

    public void Dispose()
    {
        foreach (var watcher in _watchers)
        {
            watcher.Kill();
            watcher.WaitForExit();
            watcher.Dispose();
        }

        _workspace.Dispose();
    }

    [Fact]
    public void Each_snapshot_is_a_line_of_json_as_it_is_recorded()
    {
        _workspace.Run("init").Expect(0);
        var watcher = Watch("--json");

        _workspace.Shell("echo one > one.txt").Expect(0);
        var line = JsonDocument.Parse(watcher.StandardOutput.ReadLine()!).RootElement;

        JsonSchema.Check("watch", line);
        Assert.Equal(2, line.GetProperty("snapshot").GetInt64());
        Assert.Equal("one.txt", Assert.Single(line.GetProperty("changes").EnumerateArray()).GetProperty("path").GetString());
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void A_signal_stops_it_after_a_last_look(string signal)
    {
        _workspace.Run("init").Expect(0);
        var watcher = Watch("--debounce", "60000");

        _workspace.Shell($"echo last > new; mv new last.txt; kill -{signal} {watcher.Id}").Expect(0);

        Assert.True(watcher.WaitForExit(Patience));
        Assert.Equal(0, watcher.ExitCode);
        Assert.Equal("last\n", _workspace.Run("cat", "@", "last.txt").Expect(0).Output);
        Assert.True(Status().GetProperty("clean").GetBoolean());
        Assert.Equal(JsonValueKind.Null, Status().GetProperty("watcher").ValueKind);
    }

    [Fact]
    public async Task Nobody_need_read_what_it_says_and_it_says_what_it_left_out()
    {
        _workspace.Run("init").Expect(0);
        var watcher = Watch("--json");

        // Each round is a line or two, of some MB together: the pipe takes 64 KB, the queue the first ones.
        foreach (var round in (int[])[1, 2, 3])
        {
            _workspace.Shell($"seq -f 'a-file-whose-name-is-not-short-%05.0f' 7000 | while read name; do echo {round} > $name; done").Expect(0);
            AwaitClean();
        }

        // Once it is read, a line comes that was recorded after the gap, and says so before it.
        var said = watcher.StandardError.ReadLineAsync();
        for (var reading = watcher.StandardOutput.ReadLineAsync(); !said.IsCompleted; reading = watcher.StandardOutput.ReadLineAsync())
        {
            _workspace.Shell("date +%N > a-line-after-the-gap.txt").Expect(0);
            JsonDocument.Parse((await reading.WaitAsync(Patience))!).Dispose();
        }

        var note = await said;
        Assert.Contains("had to be left out, since nobody read the output", note, StringComparison.Ordinal);
        Assert.Contains("'savepoint events'", note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signal_ends_it_after_a_last_look_though_nobody_reads_what_it_says()
    {
        _workspace.Run("init").Expect(0);
        var watcher = Watch("--json");
        _workspace.Shell("seq -f 'a-file-whose-name-is-not-short-%05.0f' 1000 | while read name; do echo x > $name; done").Expect(0);
        AwaitClean();

        _workspace.Shell($"echo last > new; mv new last.txt; kill -TERM {watcher.Id}").Expect(0);

        Assert.True(watcher.WaitForExit(TimeSpan.FromSeconds(15)));
        Assert.Equal(0, watcher.ExitCode);
        Assert.Equal("last\n", _workspace.Run("cat", "@", "last.txt").Expect(0).Output);
        Assert.Contains("had to be left out", watcher.StandardError.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_that_leaves_ends_it_after_a_last_look()
    {
        _workspace.Run("init").Expect(0);
        var watcher = Watch("--json");
        watcher.StandardOutput.Close();

        _workspace.Write("seen.txt", "x");

        Assert.True(watcher.WaitForExit(Patience));
        Assert.Equal(0, watcher.ExitCode);
        Assert.True(Status().GetProperty("clean").GetBoolean());
    }

    [Fact]
    public void A_checkout_of_thousands_of_files_is_few_snapshots_and_exact()
    {
        _workspace.Shell("""
            git init -q -b one . && git config user.email t@t && git config user.name t && git config gc.auto 0
            mkdir -p src && for d in $(seq 40); do mkdir src/$d; for f in $(seq 50); do echo "$d $f" > src/$d/$f.txt; done; done
            git add -A && git commit -qm one && git checkout -qb two
            for d in $(seq 1 2 39); do for f in $(seq 50); do echo changed > src/$d/$f.txt; done; done; git rm -rqf src/40; mkdir new; cp -r src/1 new/1; echo x > .gitignore
            git add -A && git commit -qm two
            """).Expect(0);
        _workspace.Run("init").Expect(0);
        Watch();

        _workspace.Shell("git checkout -q one; git checkout -q two; git checkout -q one").Expect(0);
        var manifest = Manifest();
        AwaitClean();

        var head = Status().GetProperty("head").GetInt64();
        Assert.InRange(head, 2, 60); // of more than 6,000 changes; on an idle machine some ten
        _workspace.Shell("rm -rf src .gitignore new; mkdir src").Expect(0);
        _workspace.Run("rollback", head.ToString(CultureInfo.InvariantCulture)).Expect(0);
        Assert.Equal(manifest, Manifest());
    }

    [Fact]
    public void A_queue_that_runs_over_loses_nothing()
    {
        _workspace.Run("init").Expect(0);
        var watcher = Watch();
        var limit = int.Parse(File.ReadAllText("/proc/sys/fs/inotify/max_queued_events"), CultureInfo.InvariantCulture);

        // A stopped process reads no events: the system's queue runs over.
        _workspace.Shell($"kill -STOP {watcher.Id}").Expect(0);
        for (var i = 0; i <= limit / 2; i++)
        {
            File.WriteAllBytes(_workspace.At($"{i}"), [(byte)i]);
        }

        _workspace.Write("deep/in/new/directory.txt", "x");
        _workspace.Shell($"kill -CONT {watcher.Id}").Expect(0);

        AwaitClean();
        _workspace.Write("deep/in/new/later.txt", "x");
        AwaitRecorded("deep/in/new/later.txt");
    }

    [Fact]
    public void A_killed_watcher_misses_nothing_once_it_is_started_again()
    {
        _workspace.Run("init").Expect(0);
        var first = Watch();
        first.Kill();
        first.WaitForExit();
        _workspace.Shell("echo missed > missed.txt").Expect(0);

        Watch();

        AwaitRecorded("missed.txt");
        _workspace.Write("seen.txt", "x");
        AwaitRecorded("seen.txt");
    }

    [Fact]
    public void A_second_watcher_is_refused_and_status_names_the_first()
    {
        _workspace.Run("init").Expect(0);
        var first = Watch();

        Assert.Contains($"being watched already, by process {first.Id}", _workspace.Run("watch").Expect(1).Error, StringComparison.Ordinal);
        Assert.Equal(first.Id, Status().GetProperty("watcher").GetProperty("process").GetInt32());
        Assert.False(Status().GetProperty("watcher").GetProperty("limited").GetBoolean());
        JsonSchema.Check("status", Status());
        Assert.Contains($"Watcher    process {first.Id} since", _workspace.Run("status").Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void At_the_systems_limit_it_scans_and_status_says_so()
    {
        // In a namespace of its own, a process may lower the limit for itself.
        if (_workspace.Shell("unshare -r sh -c 'echo 1000 > /proc/sys/user/max_inotify_watches'").ExitCode != 0)
        {
            return; // no such namespaces here; LinuxTreeWatcherTests has the same by other means
        }

        _workspace.Shell("mkdir -p a/b c/d").Expect(0);
        _workspace.Run("init").Expect(0);
        Watch("unshare", ["-r", "sh", "-c", $"echo 2 > /proc/sys/user/max_inotify_watches; exec {Executable.File} watch"]);

        Assert.True(Status().GetProperty("watcher").GetProperty("limited").GetBoolean());
        Assert.Contains("max_user_watches", _workspace.Run("status").Expect(0).Output, StringComparison.Ordinal);
        _workspace.Write("a/b/unwatched.txt", "x");
        _workspace.Write("c/d/unwatched.txt", "x");
        AwaitRecorded("a/b/unwatched.txt");
        AwaitRecorded("c/d/unwatched.txt");
    }

    [Fact]
    public void A_run_beside_it_is_one_snapshot_with_its_agent_and_exit_code()
    {
        _workspace.Run("init").Expect(0);
        Watch("--debounce", "1");

        var run = _workspace.Run("run", "--json", "--agent", "a", "--", "sh", "-c", "for i in 1 2 3 4 5; do echo $i > f$i; sleep 0.1; done; exit 3").Expect(3).Json;
        _workspace.Write("after.txt", "x");
        AwaitRecorded("after.txt");

        Assert.Equal(5, run.GetProperty("changes").GetArrayLength());
        Assert.Equal(["after.txt"], Recorded(after: run.GetProperty("snapshot").GetInt64()));
        Assert.Equal(2, run.GetProperty("snapshot").GetInt64());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("soon")]
    [InlineData("60001")]
    public void A_debounce_that_is_no_time_is_wrong_usage(string debounce)
    {
        _workspace.Run("init").Expect(0);

        _workspace.Run("watch", "--debounce", debounce).Expect(2);
    }

    private Process Watch(params string[] options) => Watch(Executable.File, ["watch", .. options]);

    /// <summary>Starts a watcher and waits until it says that it watches.</summary>
    private Process Watch(string program, string[] arguments)
    {
        var watcher = Executable.Start(program, arguments, _workspace.Root, _workspace.Environment);
        _watchers.Add(watcher);
        Assert.Contains("watch", watcher.StandardError.ReadLine(), StringComparison.Ordinal);
        return watcher;
    }

    private JsonElement Status() => _workspace.Json("status");

    private void AwaitClean() => Assert.True(SpinWait.SpinUntil(() => Status().GetProperty("clean").GetBoolean(), Patience));

    private void AwaitRecorded(string path) => Assert.True(SpinWait.SpinUntil(() => Recorded(after: 0).Contains(path), Patience), $"{path} was not recorded");

    private List<string> Recorded(long after) =>
        [.. _workspace.Run("log", "--json").Expect(0).JsonLines.Where(snapshot => snapshot.GetProperty("snapshot").GetInt64() > after)
            .SelectMany(snapshot => snapshot.GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("path").GetString()!))];

    private string Manifest() => _workspace.Shell("find . -path ./.git -prune -o -mindepth 1 -printf '%y %m %p %l\\n' | sort; find . -path ./.git -prune -o -type f -print0 | sort -z | xargs -0 sha256sum").Expect(0).Output;
}
