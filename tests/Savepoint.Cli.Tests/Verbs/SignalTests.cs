namespace Savepoint.Cli.Tests.Verbs;

public sealed class SignalTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void A_signal_ends_a_capture_that_waits(string signal, int exitCode)
    {
        _workspace.Run("init").Expect(0);
        _workspace.Write("a.txt", "a\n");
        var store = Directory.GetDirectories(_workspace.StoreHome)[0];
        using (new FileStream(Path.Combine(store, "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            using var process = Executable.Start(Executable.File, ["capture"], _workspace.Root, _workspace.Environment);
            Assert.True(SpinWait.SpinUntil(() => HasOpen(process.Id, "store.db"), TimeSpan.FromSeconds(30)));

            _workspace.Shell($"kill -{signal} {process.Id}").Expect(0);

            Assert.True(process.WaitForExit(TimeSpan.FromSeconds(30)));
            Assert.Equal(exitCode, process.ExitCode);
        }

        Assert.Equal(1, _workspace.Json("status").GetProperty("head").GetInt64());
    }

    private static bool HasOpen(int process, string file)
    {
        try
        {
            return Directory.GetFiles($"/proc/{process}/fd").Any(entry => File.ResolveLinkTarget(entry, false)?.Name == file);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
