using System.Diagnostics;
using System.Text;
using Savepoint.Cli.Platform;

namespace Savepoint.Cli.Hooks;

/// <summary>
/// Tracks a repository that nobody has tracked yet, in a process of its own: the baseline of a large one takes longer than
/// a client waits for a hook, and is gone on with where it was broken off.
/// </summary>
internal static class AutoInit
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    /// <summary>The repository that <paramref name="directory"/> is in; null if it is in none.</summary>
    public static string? RepositoryOf(string directory)
    {
        for (var candidate = directory; candidate is not null; candidate = Path.GetDirectoryName(candidate))
        {
            if (Path.Exists(Path.Combine(candidate, ".git")))
            {
                return candidate;
            }
        }

        return null;
    }

    /// <summary>Begins to track it, and waits a moment.</summary>
    /// <param name="repository">The repository's root.</param>
    /// <param name="isTracked">Whether it is tracked now.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task StartAsync(string repository, Func<bool> isTracked, CancellationToken cancellationToken)
    {
        // The shell ends at once, and what it leaves behind holds none of our streams, for whose end the client waits.
        const string Script = "\"$0\" init -q -C \"$1\" </dev/null >/dev/null 2>&1 &";
        byte[][] command = [Bytes("/bin/sh"), Bytes("-c"), Bytes(Script), Bytes(Environment.ProcessPath!), Bytes(repository)];
        if (OperatingSystem.IsWindows() || ChildCalls.Start(command, outputToError: true, out var shell) != 0)
        {
            return;
        }

        ChildCalls.AwaitEnd(shell);
        ChildCalls.Reap(shell);
        var started = Stopwatch.GetTimestamp();
        while (!isTracked() && Stopwatch.GetElapsedTime(started) < LongestWait)
        {
            await Task.Delay(Look, cancellationToken).ConfigureAwait(false);
        }
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
