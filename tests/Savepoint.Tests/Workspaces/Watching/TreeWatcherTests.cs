using System.Collections.Concurrent;
using Savepoint.Model;
using Savepoint.Workspaces;
using Savepoint.Workspaces.Ignore;
using Savepoint.Workspaces.Watching;
using Xunit;

namespace Savepoint.Tests.Workspaces.Watching;

/// <summary>What every back end must report. What happens is done by other programs.</summary>
public abstract class TreeWatcherTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private protected Seen Observer { get; } = new();

    private protected TemporaryFolder Folder { get; } = new();

    private protected List<WorkspacePath> Kept { get; } = [];

    private protected WorkspaceTree Tree { get; init; } = null!;

    private protected TreeWatcher? Watcher { get; set; }

    public void Dispose()
    {
        Watcher?.Dispose();
        Tree.Dispose();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("echo x > new", "new")]
    [InlineData("echo x >> old", "old")]
    [InlineData("chmod 600 old", "old")]
    [InlineData("rm old", "old")]
    [InlineData("mv old renamed", "old", "renamed")]
    [InlineData("ln -s old link", "link")]
    [InlineData("mkdir d", "d")]
    [InlineData("rmdir empty", "empty")]
    [InlineData("chmod 700 dir", "dir")]
    [InlineData("echo x > dir/sub/deep", "dir/sub/deep")]
    [InlineData("mv dir/sub/file dir/file", "dir/sub/file", "dir/file")]
    [InlineData("echo x > 'a b\tc'", "a b\tc")]
    public void Whatever_happens_to_an_entry_is_reported(string script, params string[] paths)
    {
        Folder.Run("sh", "-c", "echo x > old; mkdir -p dir/sub empty; echo x > dir/sub/file");
        Start();

        Folder.Run("sh", "-c", script);

        Await(paths);
    }

    [Fact]
    public void What_is_in_a_new_directory_by_the_time_it_is_seen_is_reported()
    {
        Start();

        Folder.Run("sh", "-c", "mkdir -p a/b/c && echo 1 > a/b/c/one && echo 2 > a/two && mkdir -p ../$(basename \"$PWD\").aside/x && echo 3 > ../$(basename \"$PWD\").aside/x/three && mv ../$(basename \"$PWD\").aside moved-here");

        Await("a", "a/b", "a/b/c", "a/b/c/one", "a/two", "moved-here", "moved-here/x", "moved-here/x/three");
    }

    [Fact]
    public void A_directory_that_moved_is_watched_where_it_is_now()
    {
        Folder.Run("sh", "-c", "mkdir -p one/deep; echo x > one/deep/file");
        Start();
        Folder.Run("mv", "one", "two");
        Await("one", "two", "two/deep/file");
        Observer.Clear();

        Folder.Run("sh", "-c", "echo y >> two/deep/file; echo z > two/deep/new");

        Await("two/deep/file", "two/deep/new");
        Assert.DoesNotContain(Observer.Paths, path => path.StartsWith("one", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_ignored_is_not_reported_but_for_what_is_kept()
    {
        Folder.Run("sh", "-c", "printf 'build/\\n*.o\\n' > .gitignore; mkdir -p build src .git; echo x > build/kept; echo x > src/kept.o");
        Kept.AddRange([WorkspacePath.Parse("build/kept"), WorkspacePath.Parse("src/kept.o")]);
        Start();

        Folder.Run("sh", "-c", "echo x > .git/HEAD; echo x > build/out; echo x > src/a.o; echo x > src/.~sp-0123456789abcdef; echo y > build/kept; echo y > src/kept.o; echo x > src/a.c");

        Await("build/kept", "src/kept.o", "src/a.c");
        Assert.DoesNotContain(Observer.Paths, path => path is ".git/HEAD" or "build/out" or "src/a.o" || path.Contains("~sp", StringComparison.Ordinal));
    }

    [Fact]
    public void A_rule_that_changes_holds_from_then_on()
    {
        Folder.Run("sh", "-c", "echo out/ > .gitignore; mkdir -p out/deep log");
        Start();
        Folder.Run("sh", "-c", "echo log/ > .gitignore");
        Assert.True(SpinWait.SpinUntil(() => Observer.MissedCount > 0, Patience));
        Observer.Clear();

        Folder.Run("sh", "-c", "echo x > log/new; echo x > out/deep/new; echo x > end");

        Await("out/deep/new", "end");
        Assert.DoesNotContain("log/new", Observer.Paths);
    }

    [Fact]
    public void Nothing_is_reported_once_it_is_disposed_of()
    {
        Start();
        Watcher!.Dispose();

        Folder.Run("sh", "-c", "echo x > new");

        Assert.Empty(Observer.Paths);
        Watcher.Dispose();
    }

    private protected abstract TreeWatcher Start(Func<WatchRules> rules);

    private protected void Start() => Watcher = Start(Rules);

    private protected void Await(params string[] paths) => Assert.True(
        SpinWait.SpinUntil(() => paths.All(Observer.Paths.Contains), Patience),
        $"not reported: {string.Join(", ", paths.Except(Observer.Paths))}; reported: {string.Join(", ", Observer.Paths)}");

    private protected WatchRules Rules() =>
        new(new IgnoreTreeScope(IgnoreScope.ForRoot(default, default, ignoreCase: false), WorkspacePath.Root), Kept, new HashSet<WorkspacePath>());

    private protected sealed class Seen : ITreeObserver
    {
        private readonly ConcurrentDictionary<string, bool> _paths = new();
        private int _missedCount;

        public ICollection<string> Paths => _paths.Keys;

        public int MissedCount => Volatile.Read(ref _missedCount);

        public void Clear() => _paths.Clear();

        public void Changed(WorkspacePath path) => _paths[path.ToString()] = true;

        public void Missed() => Interlocked.Increment(ref _missedCount);
    }
}
