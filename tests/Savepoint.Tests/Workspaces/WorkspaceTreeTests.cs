using System.Text;
using CsCheck;
using Savepoint.Model;
using Savepoint.Workspaces;
using Xunit;

namespace Savepoint.Tests.Workspaces;

/// <summary>What every back end promises; one that cannot do a thing says so by a property, and how it then fails is tested.</summary>
public abstract partial class WorkspaceTreeTests : IDisposable
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

    private void AssertAbsent(WorkspacePath path)
    {
        Assert.Null(Tree.Stat(path));
        Assert.Null(Tree.TryOpenRead(path, out _));
        Assert.Null(Tree.TryReadAllBytes(path, 100));
        Assert.Null(Tree.TryReadLink(path));
        Assert.Null(Tree.TryOpenDirectory(path));
    }
}
