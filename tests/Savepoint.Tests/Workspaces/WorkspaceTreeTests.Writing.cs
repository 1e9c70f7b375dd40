using System.Text;
using Savepoint.Model;
using Savepoint.Workspaces;
using Xunit;

namespace Savepoint.Tests.Workspaces;

/// <content>What is written, where, and with which modes.</content>
public abstract partial class WorkspaceTreeTests
{
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

    private static void AssertRefused(Action action) =>
        Assert.Equal(ErrorCode.RefusedPath, Assert.Throws<SavepointException>(action).Code);
}
