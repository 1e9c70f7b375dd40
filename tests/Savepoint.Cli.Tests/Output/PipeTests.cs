namespace Savepoint.Cli.Tests.Output;

public sealed class PipeTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public PipeTests()
    {
        _workspace.Write("a.txt", new string('a', 200_000) + "\n");
        _workspace.Run("init").Expect(0);
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_reader_that_leaves_ends_it_quietly()
    {
        var result = _workspace.Shell("set -o pipefail; savepoint cat 1 a.txt | head -c 1").Expect(0);

        Assert.Equal("a", result.Output);
        Assert.Equal("", result.Error);
    }

    [Fact]
    public void A_full_disk_behind_standard_output_is_a_failure()
    {
        var result = _workspace.Shell("savepoint log > /dev/full").Expect(1);

        Assert.Contains("No space left", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Output_follows_what_others_wrote_to_the_same_file()
    {
        var result = _workspace.Shell("{ echo before; savepoint labels; echo after; } > ../out; cat ../out").Expect(0);

        Assert.Equal(["before", "There are no labels. 'savepoint checkpoint NAME' makes one.", "after"], result.Output.TrimEnd().Split('\n'));
    }

    [Fact]
    public void Nothing_but_the_bytes_is_in_the_output_of_cat()
    {
        byte[] bytes = [0, 0xFF, (byte)'\r', (byte)'\n', 0x1B, 0xC3];
        File.WriteAllBytes(_workspace.At("b.bin"), bytes);
        _workspace.Capture();

        var result = _workspace.Run("cat", "@", "b.bin", "--verbose").Expect(0);

        Assert.Equal(bytes, result.Bytes);
        Assert.Equal("", result.Error);
    }

    [Fact]
    public void There_is_no_colour_and_no_progress_in_a_pipe()
    {
        _workspace.Write("a.txt", "b\n");

        foreach (var verb in (string[])["status", "log", "diff", "capture"])
        {
            var result = _workspace.Run(verb).Expect(0);
            Assert.DoesNotContain('\e', result.Output + result.Error);
        }
    }
}
