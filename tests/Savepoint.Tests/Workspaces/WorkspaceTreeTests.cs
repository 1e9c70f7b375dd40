using System.Text;
using CsCheck;
using Savepoint.Model;
using Savepoint.Workspaces;
using Xunit;

namespace Savepoint.Tests.Workspaces;

/// <summary>What every back end promises; one that cannot do a thing says so by a property, and how it then fails is tested.</summary>
public abstract class WorkspaceTreeTests : IDisposable
{
    private readonly TemporaryFolder _outside = new();

    private protected WorkspaceTreeTests() => Tree = null!;

    protected TemporaryFolder Folder { get; } = new();

    private protected WorkspaceTree Tree { get; set; }

    /// <summary>Whether names that are not UTF-8 can be reached; otherwise they must be reported.</summary>
    protected virtual bool HoldsAnyName => true;

    /// <summary>Whether inode, link count, owner and change time are known.</summary>
    protected virtual bool KnowsInodes => true;

    /// <summary>Whether a pipe can be told from a file without opening it.</summary>
    protected virtual bool KnowsPipes => true;

    [Fact]
    public void What_is_written_is_read_back()
    {
        var path = WorkspacePath.Parse("a/b/file");
        Directory.CreateDirectory(Folder["a/b"]);

        Write(path, "some bytes");

        Assert.Equal("some bytes", ReadText(path));
        Assert.Equal("some bytes", File.ReadAllText(Folder["a/b/file"]));
        Assert.Equal(new UnixMode(0b110_000_000), Tree.Stat(path)!.Value.Mode);
        using var stream = Tree.TryOpenRead(path, out var stat)!;
        Assert.Equal(10, stat.SizeBytes);
        Assert.Equal("some bytes", new StreamReader(stream).ReadToEnd());
    }

    [Fact]
    public void A_file_longer_than_asked_for_is_not_read()
    {
        Folder.Write("f", "12345");
        var path = WorkspacePath.Parse("f");

        var read = Tree.TryReadAllBytes(path, 4)!.Value;

        Assert.Null(read.Bytes);
        Assert.Equal(5, read.Stat.SizeBytes);
        Assert.Equal(5, Tree.TryReadAllBytes(path, 5)!.Value.Bytes!.Length);
    }

    [Fact]
    public void Contents_of_any_length_are_read_whole()
    {
        var path = WorkspacePath.Parse("f");
        Gen.Int[0, 200_000].Sample(
            length =>
            {
                var bytes = new byte[length];
                new Random(length).NextBytes(bytes);
                File.WriteAllBytes(Folder["f"], bytes);
                var read = Tree.TryReadAllBytes(path, int.MaxValue)!.Value;
                return read.Bytes.AsSpan().SequenceEqual(bytes) && !read.IsTorn && read.Stat.SizeBytes == length;
            },
            iter: 50,
            threads: 1);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("missing/below")]
    [InlineData("file/below")]
    [InlineData("file/below/that")]
    public void What_is_not_there_is_absent_to_every_reader(string text)
    {
        Folder.Write("file", "x");
        var path = WorkspacePath.Parse(text);

        AssertAbsent(path);
        Assert.Null(Tree.TryReadLink(path));
        Tree.DeleteFile(path.IsWithin(WorkspacePath.Parse("missing")) ? path : WorkspacePath.Parse("missing"));
        Assert.True(Tree.RemoveDirectory(WorkspacePath.Parse("missing")));
    }

    [Fact]
    public void A_name_too_long_for_the_file_system_is_absent()
    {
        AssertAbsent(WorkspacePath.Parse(new string('n', 256)));
        var error = Assert.Throws<SavepointException>(() => Tree.CreateNew(WorkspacePath.Parse(new string('n', 256))));
        Assert.Equal(ErrorCode.Environment, error.Code);
    }

    [Fact]
    public void A_link_is_seen_and_not_followed()
    {
        Folder.Write("target", "secret");
        File.CreateSymbolicLink(Folder["link"], "target");
        var link = WorkspacePath.Parse("link");

        Assert.Equal(EntryType.Symlink, Tree.Stat(link)!.Value.Type);
        Assert.Equal("target"u8.ToArray(), Tree.TryReadLink(link));
        Assert.Null(Tree.TryOpenRead(link, out _));
        Assert.Null(Tree.TryReadAllBytes(link, 100));
        Assert.Null(Tree.TryReadLink(WorkspacePath.Parse("target")));
        Assert.Equal(ErrorCode.RefusedPath, Assert.Throws<SavepointException>(() => Tree.SetMode(link, new UnixMode(0))).Code);
    }

    [Fact]
    public void What_lies_behind_a_link_to_a_directory_is_absent()
    {
        Folder.Write("inside/file", "x");
        _outside.Write("file", "secret");
        Directory.CreateDirectory(_outside["sub"]);
        Directory.CreateSymbolicLink(Folder["out"], _outside.Path);
        Directory.CreateSymbolicLink(Folder["in"], "inside");
        Directory.CreateSymbolicLink(Folder["inside/up"], "..");

        foreach (var text in new[] { "out/file", "in/file", "out/sub", "inside/up/inside/file" })
        {
            AssertAbsent(WorkspacePath.Parse(text));
        }

        Assert.Null(Tree.TryList(WorkspacePath.Parse("out")));
        Assert.Null(Tree.TryList(WorkspacePath.Parse("in")));
    }

    [Fact]
    public void Nothing_is_written_through_a_link()
    {
        _outside.Write("file", "kept");
        Directory.CreateDirectory(_outside["empty"]);
        Directory.CreateSymbolicLink(Folder["out"], _outside.Path);
        File.CreateSymbolicLink(Folder["link"], _outside["file"]);
        File.CreateSymbolicLink(Folder["dangling"], _outside["new"]);
        Folder.Write("mine", "x");
        WorkspacePath P(string text) => WorkspacePath.Parse(text);

        AssertRefused(() => Tree.CreateNew(P("out/new")));
        AssertRefused(() => Tree.Rename(P("mine"), P("out/file")));
        AssertRefused(() => Tree.Rename(P("out/file"), P("stolen")));
        AssertRefused(() => Tree.DeleteFile(P("out/file")));
        AssertRefused(() => Tree.MakeDirectory(P("out/dir"), UnixMode.DefaultDirectory));
        AssertRefused(() => Tree.RemoveDirectory(P("out/empty")));
        AssertRefused(() => Tree.SetMode(P("out/file"), new UnixMode(0)));
        AssertRefused(() => Tree.SetMode(P("link"), new UnixMode(0)));
        AssertRefused(() => Tree.MakeSymlink(P("out/l"), "x"u8));
        Assert.Throws<SavepointException>(() => Tree.CreateNew(P("dangling")));
        Tree.Rename(P("mine"), P("link"));

        Assert.Equal(["empty", "file"], Directory.EnumerateFileSystemEntries(_outside.Path).Select(Path.GetFileName).Order());
        Assert.Equal("kept", File.ReadAllText(_outside["file"]));
        Assert.Equal("x", File.ReadAllText(Folder["link"]));
    }

    [Fact]
    public void Files_of_git_and_the_root_are_never_written()
    {
        Folder.Write(".git/config", "x");
        Folder.Write("f", "x");
        var config = WorkspacePath.Parse(".git/config");

        Assert.Equal("x", ReadText(config));
        AssertRefused(() => Tree.DeleteFile(config));
        AssertRefused(() => Tree.CreateNew(WorkspacePath.Parse("sub/.GIT/x")));
        AssertRefused(() => Tree.Rename(WorkspacePath.Parse("f"), config));
        AssertRefused(() => Tree.MakeDirectory(WorkspacePath.Parse(".git"), UnixMode.DefaultDirectory));
        Assert.Throws<ArgumentException>(() => Tree.RemoveDirectory(WorkspacePath.Root));
    }

    [Fact]
    public void A_new_file_replaces_nothing()
    {
        Folder.Write("f", "old");

        var error = Assert.Throws<SavepointException>(() => Tree.CreateNew(WorkspacePath.Parse("f")));

        Assert.Equal(ErrorCode.Environment, error.Code);
        Assert.StartsWith("Cannot create f: ", error.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(Folder["f"]));
    }

    [Fact]
    public void A_rename_replaces_files_and_links_but_no_directory()
    {
        Folder.Write("d/f", "x");
        File.CreateSymbolicLink(Folder["link"], "d/f");
        Folder.Write("new", "new");

        Assert.Throws<SavepointException>(() => Tree.Rename(WorkspacePath.Parse("new"), WorkspacePath.Parse("d")));
        Tree.Rename(WorkspacePath.Parse("link"), WorkspacePath.Parse("d/f"));
        Tree.Rename(WorkspacePath.Parse("new"), WorkspacePath.Parse("d/f"));

        Assert.Equal("new", ReadText(WorkspacePath.Parse("d/f")));
        Assert.Equal(EntryType.File, Tree.Stat(WorkspacePath.Parse("d/f"))!.Value.Type);
        Assert.Null(Tree.Stat(WorkspacePath.Parse("link")));
    }

    [Fact]
    public void A_rename_to_a_new_name_replaces_nothing()
    {
        Folder.Write("new", "new");
        Folder.Write("taken", "taken");
        Directory.CreateDirectory(Folder["d"]);
        File.CreateSymbolicLink(Folder["dangling"], "nowhere");
        Directory.CreateSymbolicLink(Folder["link"], "d");

        foreach (var name in new[] { "taken", "d", "dangling" })
        {
            Assert.False(Tree.TryRenameNew(WorkspacePath.Parse("new"), WorkspacePath.Parse(name)));
        }

        Assert.True(Tree.TryRenameNew(WorkspacePath.Parse("new"), WorkspacePath.Parse("d/new")));
        Assert.True(Tree.TryRenameNew(WorkspacePath.Parse("link"), WorkspacePath.Parse("d/link")));
        AssertRefused(() => Tree.TryRenameNew(WorkspacePath.Parse("taken"), WorkspacePath.Parse("d/link/x")));
        Assert.Equal("new", ReadText(WorkspacePath.Parse("d/new")));
        Assert.Equal("d"u8.ToArray(), Tree.TryReadLink(WorkspacePath.Parse("d/link")));
        Assert.Equal("taken", ReadText(WorkspacePath.Parse("taken")));
        Assert.Null(Tree.Stat(WorkspacePath.Parse("new")));
    }

    [Fact]
    public void A_directory_goes_only_when_it_is_empty()
    {
        Folder.Write("d/f", "x");
        var directory = WorkspacePath.Parse("d");

        Assert.False(Tree.RemoveDirectory(directory));
        Assert.Throws<SavepointException>(() => Tree.DeleteFile(directory));
        Tree.DeleteFile(WorkspacePath.Parse("d/f"));
        Assert.Throws<SavepointException>(() => { Folder.Write("g", "x"); Tree.RemoveDirectory(WorkspacePath.Parse("g")); });

        Assert.True(Tree.RemoveDirectory(directory));
        Assert.False(Directory.Exists(Folder["d"]));
        Assert.True(File.Exists(Folder["g"]));
    }

    [Fact]
    public void Links_are_made_with_the_target_given()
    {
        Tree.MakeSymlink(WorkspacePath.Parse("l"), "../no/where é"u8);

        Assert.Equal("../no/where é", new FileInfo(Folder["l"]).LinkTarget);
        Assert.Equal("../no/where é"u8.ToArray(), Tree.TryReadLink(WorkspacePath.Parse("l")));
        Assert.Throws<SavepointException>(() => Tree.MakeSymlink(WorkspacePath.Parse("l"), "x"u8));
        Assert.Throws<ArgumentException>(() => Tree.MakeSymlink(WorkspacePath.Parse("m"), "a\0b"u8));
    }

    [Fact]
    public void Every_mode_is_kept_on_files_and_directories()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        var file = WorkspacePath.Parse("f");
        var directory = WorkspacePath.Parse("d");
        Folder.Write("f", "x");
        Directory.CreateDirectory(Folder["d"]);
        for (var bits = 0; bits <= UnixMode.Mask; bits++)
        {
            var mode = new UnixMode(bits);
            Tree.SetMode(file, mode);
            Tree.SetMode(directory, mode);
            Assert.Equal((mode, mode), (Tree.Stat(file)!.Value.Mode, Tree.Stat(directory)!.Value.Mode));
        }
    }

    [Fact]
    public void A_directory_is_made_with_its_mode_whatever_umask_and_parent_say()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        var parent = WorkspacePath.Parse("shared");
        Tree.MakeDirectory(parent, UnixMode.Parse("2777"));
        foreach (var octal in new[] { "0777", "0000", "0755", "1777", "2775", "7777", "0022" })
        {
            var directory = parent.Append(Encoding.ASCII.GetBytes(octal));
            Tree.MakeDirectory(directory, UnixMode.Parse(octal));
            Assert.Equal(octal, Tree.Stat(directory)!.Value.Mode.ToString());
        }

        Assert.Throws<SavepointException>(() => Tree.MakeDirectory(parent, UnixMode.DefaultDirectory));
    }

    [Fact]
    public void A_listing_has_every_entry_and_its_stat()
    {
        Folder.Write("d/file", "12345");
        Directory.CreateDirectory(Folder["d/sub"]);
        File.CreateSymbolicLink(Folder["d/link"], "/nowhere");

        var entries = Tree.TryList(WorkspacePath.Parse("d"))!.ToDictionary(e => Encoding.UTF8.GetString(e.Name), e => e.Stat);

        Assert.Equal(["file", "link", "sub"], entries.Keys.Order());
        foreach (var (name, stat) in entries)
        {
            Assert.Equal(Tree.Stat(WorkspacePath.Parse("d/" + name)), stat);
        }

        Assert.Equal(5, entries["file"].SizeBytes);
        Assert.Equal(EntryType.Symlink, entries["link"].Type);
        Assert.Equal(EntryType.Directory, entries["sub"].Type);
        Assert.Empty(Tree.TryList(WorkspacePath.Parse("d/sub"))!);
        Assert.Null(Tree.TryList(WorkspacePath.Parse("d/file")));
    }

    [Fact]
    public void A_directory_of_many_long_names_is_listed_whole()
    {
        // Far more than one read of the directory gives.
        var names = Enumerable.Range(0, 600).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(255, 'n')).ToArray();
        foreach (var name in names)
        {
            File.WriteAllBytes(Folder[name], []);
        }

        using var reader = Tree.TryOpenDirectory(WorkspacePath.Root)!;
        var found = Tree.TryList(WorkspacePath.Root)!.Select(e => Encoding.UTF8.GetString(e.Name)).Order(StringComparer.Ordinal);
        Assert.Equal(names.Order(StringComparer.Ordinal), found);
    }

    [Fact]
    public void The_root_is_a_directory_like_others()
    {
        Folder.Write("f", "x");

        Assert.Equal(EntryType.Directory, Tree.Stat(WorkspacePath.Root)!.Value.Type);
        Assert.Single(Tree.TryList(WorkspacePath.Root)!);
        Tree.Sync(WorkspacePath.Root);
    }

    [Fact]
    public void Names_of_255_bytes_and_paths_of_4096_are_reached()
    {
        var path = WorkspacePath.Root;
        for (var depth = 0; depth < 15; depth++)
        {
            path = path.Append(Enumerable.Repeat((byte)('a' + depth), 255).ToArray());
            Tree.MakeDirectory(path, UnixMode.DefaultDirectory);
        }

        path = path.Append(Enumerable.Repeat((byte)'f', 256 - (OperatingSystem.IsWindows() ? 10 : 1)).ToArray());
        Assert.InRange(path.Bytes.Length, 4080, WorkspacePath.MaxLengthBytes);
        if (!ReachesLongestPaths)
        {
            Assert.Equal(ErrorCode.Environment, Assert.Throws<SavepointException>(() => Write(path, "deep")).Code);
            return;
        }

        Write(path, "deep");
        Assert.Equal("deep", ReadText(path));
        Assert.Equal(path.Name.ToArray(), Assert.Single(Tree.TryList(path.Parent)!).Name);
    }

    /// <summary>Whether a path of the greatest length can be reached below any root.</summary>
    protected virtual bool ReachesLongestPaths => true;

    [Theory]
    [InlineData("new\nline")]
    [InlineData(" spaces and \"quotes\" ")]
    [InlineData("back\\slash")]
    [InlineData("-rf")]
    [InlineData("~")]
    [InlineData("ünï😀")]
    [InlineData("\u001b[31m")]
    [InlineData("...")]
    public void Odd_names_are_names_like_others(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows forbids these names.");
        var path = WorkspacePath.Root.Append(Encoding.UTF8.GetBytes(name));

        Write(path, name);

        Assert.Equal(name, File.ReadAllText(Folder[name]));
        Assert.Equal(path.Name.ToArray(), Assert.Single(Tree.TryList(WorkspacePath.Root)!).Name);
        Tree.DeleteFile(path);
        Assert.Empty(Directory.GetFileSystemEntries(Folder.Path));
    }

    [Fact]
    public void A_name_that_is_not_UTF8_is_reached_or_reported()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has such names.");
        Folder.Run("sh", "-c", "printf data > \"$(printf 'n\\377\\200')\"");
        var path = WorkspacePath.Root.Append("n\xff\x80".Select(c => (byte)c).ToArray());

        if (HoldsAnyName)
        {
            Assert.Equal("data", ReadText(path));
            Assert.Equal(path.Name.ToArray(), Assert.Single(Tree.TryList(WorkspacePath.Root)!).Name);
        }
        else
        {
            Assert.Equal(ErrorCode.Environment, Assert.Throws<SavepointException>(() => Tree.Stat(path)).Code);
            Assert.Equal(ErrorCode.Environment, Assert.Throws<SavepointException>(() => Tree.TryList(WorkspacePath.Root)).Code);
        }
    }

    [Fact]
    public void Neither_pipe_nor_socket_nor_device_is_read_or_waited_for()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such files.");
        Folder.Run("mkfifo", "pipe");
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, 0);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(Folder["socket"]));

        foreach (var name in new[] { "pipe", "socket" })
        {
            var path = WorkspacePath.Parse(name);
            using var stream = Tree.TryOpenRead(path, out _);
            Assert.Equal(KnowsPipes, stream is null);
            Assert.Equal(-1, stream?.ReadByte() ?? -1);
            Assert.Equal(KnowsPipes ? null : 0, Tree.TryReadAllBytes(path, 100)?.Bytes!.Length);
            Assert.Null(Tree.TryReadLink(path));
        }

        Assert.Equal(KnowsPipes ? EntryType.Fifo : EntryType.File, Tree.Stat(WorkspacePath.Parse("pipe"))!.Value.Type);
        Assert.Equal(KnowsPipes ? EntryType.Socket : EntryType.File, Tree.Stat(WorkspacePath.Parse("socket"))!.Value.Type);
    }

    [Fact]
    public void The_root_is_known_again_and_another_is_not()
    {
        using var other = Open(_outside.Path);
        var identity = Tree.Identify();
        Assert.Equal(identity, Tree.Identify());
        Assert.Equal(KnowsInodes, identity != other.Identify());
        Assert.True(Tree.IsAtRoot());

        Directory.Move(Folder.Path, Folder.Path + "-moved");
        Assert.False(Tree.IsAtRoot());
        Directory.CreateDirectory(Folder.Path);
        var isAtRoot = Tree.IsAtRoot();
        Directory.Delete(Folder.Path);
        Directory.Move(Folder.Path + "-moved", Folder.Path);

        Assert.Equal(KnowsInodes, !isAtRoot);
        Assert.True(Tree.IsAtRoot());
    }

    [Fact]
    public void A_missing_root_is_refused_with_its_name()
    {
        var error = Assert.Throws<SavepointException>(() => Open(Folder["missing"]));

        Assert.Equal(ErrorCode.Environment, error.Code);
        Assert.Contains("missing", error.Message, StringComparison.Ordinal);
        Assert.Throws<SavepointException>(() => Open(Folder.Write("file", "x")));
    }

    [Fact]
    public void The_root_may_be_reached_through_a_link_and_is_canonical()
    {
        Folder.Write("real/f", "x");
        Directory.CreateSymbolicLink(Folder["alias"], "real");

        using var tree = Open(Folder["alias"] + "/");

        Assert.Equal(Folder["real"], tree.Root);
        Assert.NotNull(tree.Stat(WorkspacePath.Parse("f")));
    }

    [Fact]
    public async Task A_directory_swapped_for_a_link_never_leads_outside()
    {
        _outside.Write("file", "secret");
        Folder.Write("d/file", "mine");
        Directory.CreateSymbolicLink(Folder["link"], _outside.Path);
        var path = WorkspacePath.Parse("d/file");
        using var stop = new CancellationTokenSource();
        var token = stop.Token;
        var swaps = 0;
        var attacker = Task.Run(
            () =>
            {
                while (!token.IsCancellationRequested)
                {
                    Directory.Move(Folder["d"], Folder["aside"]);
                    Directory.Move(Folder["link"], Folder["d"]);
                    Directory.Move(Folder["d"], Folder["link"]);
                    Directory.Move(Folder["aside"], Folder["d"]);
                    swaps++;
                }
            },
            TestContext.Current.CancellationToken);

        var leaks = SwapVictim(path, round => round < 4_000 || (Volatile.Read(ref swaps) <= 10 && !attacker.IsCompleted));
        await stop.CancelAsync();
        await attacker;

        Assert.True(swaps > 10, $"The attacker only came to {swaps} swaps.");
        Assert.True(leaks == 0 || !IsSafeFromSwaps, $"{leaks} leaks");
        Assert.True(!IsSafeFromSwaps || !File.Exists(_outside["new"]));
    }

    /// <summary>Whether a swap between check and use is impossible; the portable back end can only make it unlikely.</summary>
    protected virtual bool IsSafeFromSwaps => true;

    [Fact]
    public void Many_threads_share_one_tree()
    {
        for (var i = 0; i < 50; i++)
        {
            Folder.Write($"d/{i}", i.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        Parallel.For(0, 1000, i =>
        {
            var name = (i % 50).ToString(System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(name, ReadText(WorkspacePath.Parse("d/" + name)));
            Assert.Equal(50, Tree.TryList(WorkspacePath.Parse("d"))!.Count);
        });
    }

    [Fact]
    public void A_disposed_tree_answers_no_more()
    {
        Tree.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Tree.Stat(WorkspacePath.Root));
    }

    public void Dispose()
    {
        Tree.Dispose();
        Folder.Dispose();
        _outside.Dispose();
    }

    private protected abstract WorkspaceTree Open(string root);

    private protected string? ReadText(WorkspacePath path) =>
        Tree.TryReadAllBytes(path, int.MaxValue) is { } read ? Encoding.UTF8.GetString(read.Bytes!) : null;

    private protected void Write(WorkspacePath path, string text)
    {
        using var stream = Tree.CreateNew(path);
        stream.Write(Encoding.UTF8.GetBytes(text));
        stream.SyncToDisk();
    }

    private static void AssertRefused(Action action) =>
        Assert.Equal(ErrorCode.RefusedPath, Assert.Throws<SavepointException>(action).Code);

    private void AssertAbsent(WorkspacePath path)
    {
        Assert.Null(Tree.Stat(path));
        Assert.Null(Tree.TryOpenRead(path, out _));
        Assert.Null(Tree.TryReadAllBytes(path, 100));
        Assert.Null(Tree.TryReadLink(path));
        Assert.Null(Tree.TryOpenDirectory(path));
    }

    private int SwapVictim(WorkspacePath path, Predicate<int> goesOn)
    {
        var leaks = 0;
        var fresh = WorkspacePath.Parse("d/new");
        for (var round = 0; goesOn(round); round++)
        {
            leaks += ReadText(path) == "secret" ? 1 : 0;
            try
            {
                Tree.CreateNew(fresh).Dispose();
                Tree.DeleteFile(fresh);
            }
            catch (SavepointException)
            {
                // Refused, or the directory was away: both are right.
            }
        }

        return leaks;
    }
}
