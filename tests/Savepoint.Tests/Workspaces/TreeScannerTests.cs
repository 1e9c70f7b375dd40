using System.Globalization;
using System.Text;
using CsCheck;
using Savepoint.Model;
using Savepoint.Workspaces;
using Savepoint.Workspaces.Scanning;
using Xunit;

namespace Savepoint.Tests.Workspaces;

public sealed class TreeScannerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WorkspaceTree _tree;

    public TreeScannerTests() => _tree = WorkspaceTree.Open(_folder.Path);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_scan_finds_what_find_finds(int threadCount)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "GNU find is the witness.");
        MakeTree(seed: 7, count: 2000);
        _folder.Run("sh", "-c", "printf x > \"$(printf 'n\\377\\n')\"; mkdir \"$(printf 'd\\200')\"; printf y > \"$(printf 'd\\200/f')\"");

        var found = Lines(_folder.Run("find", ".", "-mindepth", "1", "-printf", "%P|%y|%m|%s|%i|%n|%U|%G\\0"));
        var scanned = Scan(new ScanOptions { MaxThreadCount = threadCount });

        Assert.True(scanned.IsComplete);
        Assert.Equal(found.Order(StringComparer.Ordinal), scanned.Entries.Select(AsFindPrints).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_entry_is_found_once_whatever_its_name()
    {
        // Names whose bytes lie around the '/' that separates segments.
        string[] names = ["a", "a.", "a-", "a0", "b", "ab", "a b", "ü"];
        var path = Gen.Int[0, names.Length - 1].Select(i => names[i]).Array[1, 4].Select(segments => string.Join('/', segments));
        path.Array[1, 30].Sample(
            paths =>
            {
                using var folder = new TemporaryFolder();
                foreach (var directory in paths)
                {
                    Directory.CreateDirectory(folder[directory]);
                }

                using var tree = WorkspaceTree.Open(folder.Path);
                var found = new TreeScanner(tree, TimeProvider.System).Scan(new ScanOptions(), CancellationToken.None).Entries.Select(e => e.Path).ToList();
                var expected = paths.Select(WorkspacePath.Parse).SelectMany(p => p.Ancestors().Append(p)).Distinct().Order();
                return found.Order().SequenceEqual(expected);
            },
            iter: 40,
            threads: 1);
    }

    [Fact]
    public void Git_temporary_files_and_the_store_are_left_out()
    {
        _folder.Write(".git/config", "x");
        _folder.Write("sub/.git", "gitdir: elsewhere");
        _folder.Write("sub/" + Encoding.ASCII.GetString(TemporaryName.Create(1, 2)), "x");
        _folder.Write("sub/store/db", "x");
        _folder.Write("sub/store2/kept", "x");

        var result = Scan(new ScanOptions { ExcludedDirectories = [_folder["sub/store"], "/elsewhere", Path.GetDirectoryName(_folder.Path)!] });

        Assert.Equal(["sub", "sub/store2", "sub/store2/kept"], Names(result));
        Assert.True(result.IsComplete);
    }

    [Fact]
    public void Pipes_and_sockets_are_skipped_by_name()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The portable back end takes them for files.");
        _folder.Run("mkfifo", "pipe");
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, 0);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(_folder["a-socket"]));

        var result = Scan(new ScanOptions());

        Assert.Empty(result.Entries);
        Assert.Equal(
            [new SkippedEntry(WorkspacePath.Parse("a-socket"), SkipReason.Socket), new SkippedEntry(WorkspacePath.Parse("pipe"), SkipReason.Fifo)],
            result.Skipped);
        Assert.True(result.IsComplete);
    }

    [Fact]
    public void Rules_get_the_ignore_files_of_each_directory_and_hold_below_it()
    {
        _folder.Write(".gitignore", "bin");
        _folder.Write("bin/x", "x");
        _folder.Write("a/bin/x", "x");
        _folder.Write("a/.savepointignore", "log");
        _folder.Write("a/log", "x");
        _folder.Write("a/b/log/y", "x");
        _folder.Write("log/z", "x");

        var result = Scan(new ScanOptions { Scope = new NamesScope([]) });

        Assert.Equal([".gitignore", "a", "a/.savepointignore", "a/b", "log", "log/z"], Names(result));
    }

    [Fact]
    public void A_failure_of_the_rules_reaches_the_caller()
    {
        MakeTree(seed: 1, count: 200);

        Assert.Throws<InvalidOperationException>(() => Scan(new ScanOptions { Scope = new FailingScope(), MaxThreadCount = 4 }));
    }

    [Fact]
    public void What_the_deadline_leaves_is_named()
    {
        _folder.Write("a/f", "x");
        _folder.Write("b/c/f", "x");
        _folder.Write("d/f", "x");
        var clock = new TickingClock(TimeSpan.FromSeconds(1));

        // One reading of the clock at the start and one for each directory but the first: two after the root are in time.
        var result = new TreeScanner(_tree, clock).Scan(new ScanOptions { TimeLimit = TimeSpan.FromSeconds(3), MaxThreadCount = 1 }, CancellationToken.None);

        Assert.False(result.IsComplete);
        Assert.Equal(result.Skipped.Select(skipped => skipped.Path).Order(), result.Turns.Select(turn => turn.Directory).Order());
        Assert.Single(result.Skipped);
        Assert.All(result.Skipped, s => Assert.Equal(SkipReason.Deadline, s.Reason));
        Assert.DoesNotContain(result.Entries, e => result.Skipped.Any(s => e.Path != s.Path && e.Path.IsWithin(s.Path)));
        Assert.Equal(["a", "b", "d"], Names(result).Where(n => n.Length == 1));
    }

    [Fact]
    public void A_directory_that_is_cut_short_counts_as_not_reached_and_gives_what_it_gave()
    {
        for (var i = 0; i < 600; i++)
        {
            _folder.Write(i.ToString(CultureInfo.InvariantCulture), "x");
        }

        var result = new TreeScanner(_tree, new TickingClock(TimeSpan.FromSeconds(1)))
            .Scan(new ScanOptions { TimeLimit = TimeSpan.FromSeconds(2) }, CancellationToken.None);

        Assert.Equal(512, result.Entries.Count);
        Assert.Equal([new SkippedEntry(WorkspacePath.Root, SkipReason.Deadline)], result.Skipped);
        Assert.Equal([new ScanTurn(WorkspacePath.Root, 512)], result.Turns);
    }

    [Fact]
    public void A_tree_may_be_deeper_than_any_stack()
    {
        var path = WorkspacePath.Root;
        for (var depth = 0; depth < 2000; depth++)
        {
            path = path.Append("d"u8);
            _tree.MakeDirectory(path, UnixMode.DefaultDirectory);
        }

        Assert.Equal(2000, Scan(new ScanOptions()).Entries.Count);
    }

    [Fact]
    public async Task Entries_that_vanish_during_a_scan_are_no_failure()
    {
        MakeTree(seed: 3, count: 3000);
        var removal = Task.Run(
            () =>
            {
                foreach (var entry in Directory.EnumerateFileSystemEntries(_folder.Path).ToList())
                {
                    _folder.Run("rm", "-rf", entry);
                }
            },
            TestContext.Current.CancellationToken);

        var scans = 0;
        do
        {
            Assert.True(Scan(new ScanOptions()).IsComplete);
            scans++;
        }
        while (!removal.IsCompleted);
        await removal;

        Assert.True(scans > 0);
        Assert.Empty(Scan(new ScanOptions()).Entries);
    }

    [Fact]
    public void A_cancelled_scan_stops()
    {
        _folder.Write("f", "x");
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.Throws<OperationCanceledException>(() => new TreeScanner(_tree, TimeProvider.System).Scan(new ScanOptions(), cancelled.Token));
    }

    public void Dispose()
    {
        _tree.Dispose();
        _folder.Dispose();
    }

    private static IEnumerable<string> Names(ScanResult result) => result.Entries.Select(e => e.Path.ToString()).Order(StringComparer.Ordinal);

    private static string[] Lines(byte[] output) =>
        Encoding.Latin1.GetString(output).Split('\0', StringSplitOptions.RemoveEmptyEntries);

    private static string AsFindPrints(ScannedEntry entry)
    {
        var stat = entry.Stat;
        var type = stat.Type switch { EntryType.File => 'f', EntryType.Directory => 'd', EntryType.Symlink => 'l', _ => '?' };
        var mode = Convert.ToString(stat.Mode.Bits, 8);
        return string.Create(CultureInfo.InvariantCulture, $"{Encoding.Latin1.GetString(entry.Path.Bytes)}|{type}|{mode}|{stat.SizeBytes}|{stat.Inode}|{stat.LinkCount}|{stat.Uid}|{stat.Gid}");
    }

    private ScanResult Scan(ScanOptions options) => new TreeScanner(_tree, TimeProvider.System).Scan(options, CancellationToken.None);

    private void MakeTree(int seed, int count)
    {
        var random = new Random(seed);
        var directories = new List<string> { _folder.Path };
        for (var i = 0; i < count; i++)
        {
            var path = Path.Combine(directories[random.Next(directories.Count)], $"entry {i}");
            switch (random.Next(10))
            {
                case < 2:
                    Directory.CreateDirectory(path);
                    directories.Add(path);
                    break;
                case 2:
                    File.CreateSymbolicLink(path, "../" + i);
                    break;
                default:
                    File.WriteAllBytes(path, new byte[random.Next(100)]);
                    break;
            }
        }
    }

    /// <summary>Ignores the names that the ignore files from the root down consist of.</summary>
    private sealed class NamesScope(string[] ignored) : ITreeScope
    {
        public ITreeScope Enter(WorkspacePath directory, byte[]? gitIgnore, byte[]? savepointIgnore) =>
            new NamesScope([.. ignored, .. new[] { gitIgnore, savepointIgnore }.OfType<byte[]>().Select(Encoding.UTF8.GetString)]);

        public bool IsIgnored(ReadOnlySpan<byte> name, bool isDirectory) => ignored.Contains(Encoding.UTF8.GetString(name));
    }

    private sealed class FailingScope : ITreeScope
    {
        public ITreeScope Enter(WorkspacePath directory, byte[]? gitIgnore, byte[]? savepointIgnore) =>
            directory.IsRoot ? this : throw new InvalidOperationException("A fault of the rules.");

        public bool IsIgnored(ReadOnlySpan<byte> name, bool isDirectory) => false;
    }

    /// <summary>A clock that goes on by one step each time it is read.</summary>
    private sealed class TickingClock(TimeSpan step) : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Add(ref _now, step.Ticks);
    }
}
