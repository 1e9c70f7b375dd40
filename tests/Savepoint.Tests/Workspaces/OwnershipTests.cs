using System.Runtime.InteropServices;
using Savepoint.Model;
using Savepoint.Workspaces.Linux;
using Xunit;

namespace Savepoint.Tests.Workspaces;

public sealed partial class OwnershipTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Extended_attributes_go_over_to_the_file_that_replaces_another()
    {
        var (from, to) = (_folder.Write("old", "x"), _folder.Write("new", "y"));
        var value = "value"u8.ToArray();
        Assert.Equal(0, SetAttribute(from, "user.note", value, value.Length, 0));
        using var tree = LinuxTree.Open(_folder.Path);

        var lost = tree.CopyOwnership(WorkspacePath.Parse("old"), WorkspacePath.Parse("new"));

        var copied = new byte[100];
        Assert.Empty(lost);
        Assert.Equal(value.Length, GetAttribute(to, "user.note", copied, copied.Length));
        Assert.Equal(value, copied[..value.Length]);
    }

    [Fact]
    public void The_owner_is_kept_or_reported()
    {
        _folder.Write("old", "x");
        _folder.Write("new", "y");
        using var tree = LinuxTree.Open(_folder.Path);
        tree.SetMode(WorkspacePath.Root, new UnixMode(0b111_111_111));

        if (Environment.IsPrivilegedProcess)
        {
            // What root made stays root's for an ordinary user, and becomes the owner's for root.
            _folder.Run("chown", "12345:12345", "old");
            OrdinaryUser.Run(() => Assert.Equal(["owner", "group"], tree.CopyOwnership(WorkspacePath.Parse("old"), WorkspacePath.Parse("new"))));
        }

        Assert.Empty(tree.CopyOwnership(WorkspacePath.Parse("old"), WorkspacePath.Parse("new")));
        var (old, replacement) = (tree.Stat(WorkspacePath.Parse("old"))!.Value, tree.Stat(WorkspacePath.Parse("new"))!.Value);
        Assert.Equal((old.Uid, old.Gid), (replacement.Uid, replacement.Gid));
    }

    public void Dispose() => _folder.Dispose();

    [LibraryImport("libc", EntryPoint = "setxattr", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetAttribute(string path, string name, byte[] value, nint size, int flags);

    [LibraryImport("libc", EntryPoint = "getxattr", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetAttribute(string path, string name, byte[] value, nint size);
}
