using System.Text;
using Savepoint.Checking.Running;

namespace Savepoint.Cli.Hooks;

/// <summary>Our own executable in a process that goes on when we have ended, and holds none of our streams, for whose end a client waits.</summary>
internal static class Detached
{
    // The shell ends at once.
    private const string Script = "\"$0\" \"$@\" </dev/null >/dev/null 2>&1 &";

    /// <summary>Starts it.</summary>
    /// <param name="beginsSession">Whether it is out of reach of what ends our terminal or our process group.</param>
    /// <param name="arguments">What it is to do.</param>
    /// <returns>Whether it was started.</returns>
    public static bool Start(bool beginsSession, params string[] arguments)
    {
        byte[][] command = [.. ((string[])["/bin/sh", "-c", Script, Environment.ProcessPath!, .. arguments]).Select(Encoding.UTF8.GetBytes)];
        if (OperatingSystem.IsWindows() || ChildCalls.Start(new ChildStart(command) { Output = 2, BeginsSession = beginsSession }, out var shell) != 0)
        {
            return false;
        }

        ChildCalls.AwaitEnd(shell);
        ChildCalls.Reap(shell);
        return true;
    }
}
