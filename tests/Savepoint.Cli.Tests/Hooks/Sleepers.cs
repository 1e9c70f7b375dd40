using System.Diagnostics;

namespace Savepoint.Cli.Tests.Hooks;

/// <summary>
/// A <c>sleep</c> that lasts until the test wakes it, however fast or slow the machine is: what recorded commands do before
/// their sleep is done when it begins, what they do after it when <see cref="Wake"/> returns.
/// </summary>
internal sealed class Sleepers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private int _seen;

    public Sleepers(string home)
    {
        _folder = Directory.CreateDirectory(Path.Combine(home, "sleepers")).FullName;
        var bin = Directory.CreateDirectory(Path.Combine(_folder, "bin")).FullName;
        var sleep = Path.Combine(bin, "sleep");
        File.WriteAllText(sleep, $"#!/bin/sh\n: >'{_folder}/asleep.'$$\nuntil [ -e '{_folder}/awake' ] || ! [ -e '{_folder}' ]; do /bin/sleep 0.01; done\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(sleep, (UnixFileMode)0b111_101_101);
        }
    }

    /// <summary>What a command does first, so that <see cref="Wake"/> can tell when it and all that it started have ended.</summary>
    public string Watched => $"exec 9>>'{_folder}/busy'; flock -s 9";

    public Dictionary<string, string?> Environment(IReadOnlyDictionary<string, string?> environment) =>
        new(environment) { ["PATH"] = $"{_folder}/bin:{environment["PATH"]}" };

    /// <summary>Waits until a command that was just started sleeps, or has ended.</summary>
    /// <returns>Whether it sleeps.</returns>
    public bool AwaitNext(Func<bool> hasEnded)
    {
        if (File.Exists(Path.Combine(_folder, "awake")))
        {
            return false;
        }

        Assert.True(SpinWait.SpinUntil(() => Count() > _seen || hasEnded(), Patience));
        var sleeps = Count() > _seen;
        _seen = Count();
        return sleeps;
    }

    /// <summary>Ends every sleep, now and from now on, and waits for what comes after it.</summary>
    public void Wake()
    {
        File.WriteAllText(Path.Combine(_folder, "awake"), "");
        using var waiting = Process.Start("flock", ["-x", Path.Combine(_folder, "busy"), "true"]);
        Assert.True(waiting.WaitForExit(Patience));
    }

    private int Count() => Directory.EnumerateFiles(_folder, "asleep.*").Count();
}
