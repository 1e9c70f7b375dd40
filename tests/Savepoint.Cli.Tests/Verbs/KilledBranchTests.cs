using System.Diagnostics;
using System.Globalization;

namespace Savepoint.Cli.Tests.Verbs;

/// <summary>Processes that make, use and delete branches, killed in the middle: the next command leaves no folder, no process and no mount of theirs.</summary>
public sealed class KilledBranchTests : IDisposable
{
    private const int Kills = 6;
    private const int Files = 400;

    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    private readonly CliWorkspace _workspace = new();

    public KilledBranchTests()
    {
        for (var i = 0; i < Files; i++)
        {
            _workspace.Write($"dir{i % 20}/file{i}", $"{i}\n");
        }

        _workspace.Run("init").Expect(0);
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Killed_while_copying_nothing_is_left()
    {
        for (var i = 0; i < Kills; i++)
        {
            // The further on each time: when so many files are there.
            KillWhen(() => Directory.Exists(Copies) && Directory.EnumerateFiles(Copies, "*", SearchOption.AllDirectories).Count() >= Files * i / Kills, "branch", "create", $"killed{i}");
            _workspace.Run("status").Expect(0);
            AssertNoHalfMadeFolder();
        }

        _workspace.Run("branch", "create", "whole").Expect(0);
        _workspace.Run("verify", "--deep").Expect(0);
    }

    [Fact]
    public void Killed_while_deleting_the_next_command_goes_on()
    {
        for (var i = 0; i < Kills; i++)
        {
            _workspace.Run("branch", "create", $"idea{i}").Expect(0);
            KillWhen(() => Directory.EnumerateFiles(Copies, "*", SearchOption.AllDirectories).Count() <= Files - (Files * i / Kills), "branch", "delete", $"idea{i}");
            _workspace.Run("status").Expect(0);
            AssertNoHalfMadeFolder();
        }
    }

    [Fact]
    public void Killed_while_a_command_runs_in_an_overlay_its_mount_and_processes_go()
    {
        for (var i = 0; i < 2; i++)
        {
            KillWhen(() => File.Exists(Path.Combine(_workspace.Scratch, "pids")), "branch", "run", "idea", "--", "sh", "-c", "echo half > half; sleep 1000 & echo $$ $! > ../pids.new; mv ../pids.new ../pids; wait");
            var pids = File.ReadAllText(Path.Combine(_workspace.Scratch, "pids")).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
            File.Delete(Path.Combine(_workspace.Scratch, "pids"));

            var isOverlay = _workspace.Json("branch").GetProperty("branches")[1].GetProperty("isolation").GetString() == "overlay";
            Assert.Equal("half\n", _workspace.Run("branch", "run", "idea", "--", "cat", "half").Expect(0).Output);

            Assert.All(isOverlay ? pids : [], pid => Assert.False(IsRunning(int.Parse(pid, CultureInfo.InvariantCulture)), $"{pid} is still running"));
            foreach (var pid in pids.Where(pid => IsRunning(int.Parse(pid, CultureInfo.InvariantCulture))))
            {
                Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture)).Kill(); // of a copy, an ordinary directory
            }

            Assert.DoesNotContain(_workspace.Scratch, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
            Assert.False(Path.Exists(_workspace.At("half")));
        }
    }

    private string Store => Directory.GetDirectories(_workspace.StoreHome, "work-*").Single(folder => File.Exists(Path.Combine(folder, "store.db")));

    private string Copies => Path.Combine(Store, "copies");

    private void AssertNoHalfMadeFolder()
    {
        var known = _workspace.Json("branch").GetProperty("branches").EnumerateArray().Select(branch => branch.GetProperty("directory").GetString()).ToHashSet();
        Assert.All(Directory.Exists(Copies) ? Directory.GetDirectories(Copies) : [], folder => Assert.Contains(folder, known));
        foreach (var copy in known.Where(copy => copy != _workspace.Root))
        {
            Assert.Equal(Files, Directory.EnumerateFiles(copy!, "*", SearchOption.AllDirectories).Count()); // the kill came too late
        }
    }

    /// <summary>Starts the command and kills it as soon as something is so, or lets it end.</summary>
    private void KillWhen(Func<bool> isSo, params string[] arguments)
    {
        using var process = Executable.Start(Executable.File, arguments, _workspace.Root, _workspace.Environment);
        var started = Stopwatch.GetTimestamp();
        while (!process.HasExited && !Holds(isSo))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeLimit, "It does not come to that.");
            process.WaitForExit(1);
        }

        process.Kill();
        process.WaitForExit();
    }

    // A folder may go while it is listed.
    private static bool Holds(Func<bool> isSo)
    {
        try
        {
            return isSo();
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
    }

    private static bool IsRunning(int process)
    {
        try
        {
            return !File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/stat").Contains(") Z", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
