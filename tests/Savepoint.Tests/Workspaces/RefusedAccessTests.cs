using Savepoint.Model;
using Savepoint.Workspaces.Scanning;
using Savepoint.Workspaces.Linux;
using Xunit;

namespace Savepoint.Tests.Workspaces;

public sealed class RefusedAccessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LinuxTree _tree;

    public RefusedAccessTests()
    {
        _tree = LinuxTree.Open(_folder.Path);
        _folder.Write("closed/file", "x");
        _folder.Write("secret", "x");
        SetMode("", 0b111_101_101);
        SetMode("secret", 0);
        SetMode("closed", 0);
    }

    [Fact]
    public void What_may_not_be_read_is_an_error_and_not_absent() => OrdinaryUser.Run(() =>
    {
        AssertRefused("Cannot read secret: ", () => _tree.TryReadAllBytes(WorkspacePath.Parse("secret"), 100));
        AssertRefused("Cannot read secret: ", () => _tree.TryOpenRead(WorkspacePath.Parse("secret"), out _));
        AssertRefused("Cannot list closed: ", () => _tree.TryList(WorkspacePath.Parse("closed")));
        AssertRefused("Cannot stat closed/file: ", () => _tree.Stat(WorkspacePath.Parse("closed/file")));
    });

    [Fact]
    public void What_may_not_be_written_is_an_error()
    {
        SetMode("closed", 0b101_101_101);
        OrdinaryUser.Run(() =>
        {
            AssertRefused("Cannot create closed/new: ", () => _tree.CreateNew(WorkspacePath.Parse("closed/new")));
            AssertRefused("Cannot delete closed/file: ", () => _tree.DeleteFile(WorkspacePath.Parse("closed/file")));
            AssertRefused("Cannot make the directory closed/d: ", () => _tree.MakeDirectory(WorkspacePath.Parse("closed/d"), UnixMode.DefaultDirectory));
            AssertRefused("Cannot make the link closed/l: ", () => _tree.MakeSymlink(WorkspacePath.Parse("closed/l"), "x"u8));
            AssertRefused("Cannot replace closed/file: ", () => _tree.Rename(WorkspacePath.Parse("secret"), WorkspacePath.Parse("closed/file")));
        });
    }

    [Fact]
    public void A_scan_reports_the_directory_that_it_cannot_read() => OrdinaryUser.Run(() =>
    {
        var result = new TreeScanner(_tree, TimeProvider.System).Scan(new ScanOptions { MaxThreadCount = 1 }, CancellationToken.None);

        Assert.Equal(["closed", "secret"], result.Entries.Select(e => e.Path.ToString()).Order());
        Assert.Equal([new SkippedEntry(WorkspacePath.Parse("closed"), SkipReason.Unreadable)], result.Skipped);
        Assert.False(result.IsComplete);
    });

    public void Dispose()
    {
        _tree.Dispose();
        _folder.Dispose();
    }

    private static void AssertRefused(string message, Action action)
    {
        var error = Assert.Throws<SavepointException>(action);
        Assert.Equal(ErrorCode.PermissionDenied, error.Code);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Hint);
    }

    private void SetMode(string relative, int bits) => _tree.SetMode(WorkspacePath.Parse(relative), new UnixMode(bits));
}
