using Xunit;

namespace Savepoint.Tests.Structure;

/// <summary>Runs ./install into a scratch prefix.</summary>
public sealed class InstallTests
{
    [Fact]
    public async Task The_command_is_installed_again_and_again_and_taken_away()
    {
        using var scratch = new Scratch();
        var prefix = Path.Combine(scratch.Path, "a prefix");

        var first = await InstallAsync(scratch, "--prefix", prefix);
        var second = await InstallAsync(scratch, $"--prefix={prefix}");

        Assert.StartsWith($"Installed {prefix}/bin/savepoint.\n", first, StringComparison.Ordinal);
        Assert.Equal(first, second);
        Assert.Contains("is not on your PATH", first);
        Assert.StartsWith("savepoint ", await scratch.RunAsync(Path.Combine(prefix, "bin", "savepoint"), ["--version"], scratch.Path), StringComparison.Ordinal);

        await InstallAsync(scratch, "--uninstall", "--prefix", prefix);
        Assert.Empty(Directory.EnumerateFiles(prefix, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_file_of_somebody_else_is_neither_replaced_nor_removed()
    {
        using var scratch = new Scratch();
        var theirs = Path.Combine(scratch.Path, "bin", "savepoint");
        Directory.CreateDirectory(Path.GetDirectoryName(theirs)!);
        await File.WriteAllTextAsync(theirs, "theirs");

        await Assert.ThrowsAsync<InvalidOperationException>(() => InstallAsync(scratch, "--prefix", scratch.Path));
        await Assert.ThrowsAsync<InvalidOperationException>(() => InstallAsync(scratch, "--uninstall", "--prefix", scratch.Path));

        Assert.Equal("theirs", await File.ReadAllTextAsync(theirs));
    }

    private static Task<string> InstallAsync(Scratch scratch, params string[] arguments) =>
        scratch.RunAsync(Repository.At("install"), arguments, scratch.Path);
}
