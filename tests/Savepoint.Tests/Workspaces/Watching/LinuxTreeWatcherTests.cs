using Savepoint.Model;
using Savepoint.Workspaces.Linux;
using Savepoint.Workspaces.Watching;
using Xunit;

namespace Savepoint.Tests.Workspaces.Watching;

/// <summary>The Linux back end, by inotify.</summary>
public sealed class LinuxTreeWatcherTests : TreeWatcherTests
{
    private int _maxWatches = int.MaxValue;

    public LinuxTreeWatcherTests() => Tree = LinuxTree.Open(Folder.Path);

    [Fact]
    public void An_ignored_directory_is_not_watched()
    {
        Folder.Run("sh", "-c", "echo out/ > .gitignore; mkdir -p a/b out/c/d .git/objects");
        Start();

        Assert.Equal(3, Watcher!.DirectoryCount); // the root, a, a/b
        Assert.False(Watcher.IsLimited);
    }

    [Fact]
    public void A_directory_that_goes_takes_its_watch_along()
    {
        Folder.Run("mkdir", "-p", "a/b", "c");
        Start();

        Folder.Run("sh", "-c", "rm -r a; mv c ..; rmdir ../c; echo x > end");

        Await("end");
        Assert.True(SpinWait.SpinUntil(() => Watcher!.DirectoryCount == 1, TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void Past_the_systems_limit_it_watches_what_it_may_and_says_so()
    {
        Folder.Run("mkdir", "a", "b", "c");
        _maxWatches = 2;
        Start();

        Assert.True(Watcher!.IsLimited);
        Assert.Equal(2, Watcher.DirectoryCount);
        Folder.Run("sh", "-c", "echo x > seen");
        Await("seen");
    }

    [Fact]
    public void A_queue_that_ran_over_is_a_reason_to_look_at_everything_and_new_and_moved_directories_are_watched_still()
    {
        Folder.Run("mkdir", "-p", "moved/inner");
        using var blocked = new ManualResetEventSlim();
        var first = 0;
        Watcher = LinuxTreeWatcher.Start((LinuxTree)Tree, Rules, new Blocked(Observer, () =>
        {
            if (Interlocked.Exchange(ref first, 1) == 0)
            {
                blocked.Wait();
            }
        }));
        Folder.Run("touch", "first");
        var limit = int.Parse(File.ReadAllText("/proc/sys/fs/inotify/max_queued_events"), System.Globalization.CultureInfo.InvariantCulture);
        for (var i = 0; i <= limit / 2; i++)
        {
            File.WriteAllBytes(Folder[$"f{i}"], []); // two events at least: it is made, it is closed
        }

        Folder.Run("mkdir", "unseen");
        Folder.Run("mv", "moved", "elsewhere");
        blocked.Set();
        Assert.True(SpinWait.SpinUntil(() => Observer.MissedCount > 0, TimeSpan.FromSeconds(20)));

        Folder.Run("sh", "-c", "echo x > unseen/file");

        Await("unseen/file");
        Folder.Run("sh", "-c", "echo x > elsewhere/inner/file");
        Await("elsewhere/inner/file");
    }

    [Fact]
    public void A_workspace_that_goes_is_a_reason_to_look()
    {
        Folder.Run("mkdir", "w");
        using var tree = LinuxTree.Open(Folder["w"]);
        using var watcher = LinuxTreeWatcher.Start(tree, Rules, Observer);

        Folder.Run("mv", "w", "elsewhere");

        Assert.True(SpinWait.SpinUntil(() => Observer.MissedCount > 0, TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void Names_that_are_not_utf8_are_reported_byte_for_byte()
    {
        var seen = new List<string>();
        using var tree = LinuxTree.Open(Folder.Path);
        using var watcher = LinuxTreeWatcher.Start(tree, Rules, new Exact(seen));

        Folder.Run("sh", "-c", "echo x > \"$(printf 'caf\\351')\"");

        Assert.True(SpinWait.SpinUntil(() => { lock (seen) { return seen.Contains("636166E9"); } }, TimeSpan.FromSeconds(20)));
    }

    private protected override TreeWatcher Start(Func<WatchRules> rules) => LinuxTreeWatcher.Start((LinuxTree)Tree, rules, Observer, _maxWatches);

    private sealed class Blocked(ITreeObserver inner, Action before) : ITreeObserver
    {
        public void Changed(WorkspacePath path)
        {
            before();
            inner.Changed(path);
        }

        public void Missed() => inner.Missed();
    }

    private sealed class Exact(List<string> seen) : ITreeObserver
    {
        public void Changed(WorkspacePath path)
        {
            lock (seen)
            {
                seen.Add(Convert.ToHexString(path.Bytes));
            }
        }

        public void Missed()
        {
        }
    }
}
