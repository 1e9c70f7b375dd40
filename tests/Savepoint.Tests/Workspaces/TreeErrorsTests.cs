using Savepoint.Model;
using Savepoint.Workspaces;
using Xunit;

namespace Savepoint.Tests.Workspaces;

public sealed class TreeErrorsTests
{
    [Theory]
    [InlineData(TreeErrors.NoSpace, ErrorCode.DiskFull)]
    [InlineData(TreeErrors.QuotaExceeded, ErrorCode.DiskFull)]
    [InlineData(TreeErrors.AccessDenied, ErrorCode.PermissionDenied)]
    [InlineData(TreeErrors.NotPermitted, ErrorCode.PermissionDenied)]
    [InlineData(TreeErrors.ReadOnlyFileSystem, ErrorCode.PermissionDenied)]
    [InlineData(TreeErrors.TooManyLinks, ErrorCode.RefusedPath)]
    [InlineData(TreeErrors.TooManyOpen, ErrorCode.Environment)]
    [InlineData(TreeErrors.InputOutput, ErrorCode.Environment)]
    public void A_system_error_has_a_stable_code_and_names_the_quoted_path(int errno, ErrorCode expected)
    {
        var path = WorkspacePath.Parse("odd\nname");

        var error = TreeErrors.FromErrno("write", path, errno);
        var dotnet = TreeErrors.FromException("write", path, new IOException("Said so.", errno));

        Assert.Equal(expected, error.Code);
        Assert.StartsWith("Cannot write \"odd\\nname\": ", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Hint);
        Assert.Equal((expected, error.Hint), (dotnet.Code, dotnet.Hint));
    }

    [Fact]
    public void A_write_to_a_full_disk_is_reported_as_such()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has a device that is always full.");
        using var full = new TreeFileStream(File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write), WorkspacePath.Parse("f"), isNew: true);

        var error = Assert.Throws<SavepointException>(() => full.Write("x"u8));

        Assert.Equal(ErrorCode.DiskFull, error.Code);
    }
}
