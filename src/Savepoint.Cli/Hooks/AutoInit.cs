using System.Diagnostics;
using Savepoint.Cli.Platform;
using Savepoint.Cli.Settings;

namespace Savepoint.Cli.Hooks;

/// <summary>
/// Tracks a repository that nobody has tracked yet, in a process of its own: the baseline of a large one takes longer than
/// a client waits for a hook, and is gone on with where it was broken off.
/// </summary>
internal static class AutoInit
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>The repository that <paramref name="directory"/> is in; null if it is in none, or in one that would not be tracked.</summary>
    public static string? RepositoryOf(string directory)
    {
        for (var candidate = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)); candidate is not null; candidate = Path.GetDirectoryName(candidate))
        {
            if (Path.Exists(Path.Combine(candidate, ".git")))
            {
                return IsRefused(candidate) ? null : candidate;
            }
        }

        return null;
    }

    /// <summary>Begins to track it, and waits a moment for the baseline: what the agent does before that is taken for what was there.</summary>
    /// <param name="repository">The repository's root.</param>
    /// <param name="hasBaseline">Whether it is there now.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task StartAsync(string repository, Func<Task<bool>> hasBaseline, CancellationToken cancellationToken)
    {
        if (!Detached.Start(beginsSession: false, "init", "-q", "-C", repository))
        {
            return;
        }

        var started = Stopwatch.GetTimestamp();
        while (!await hasBaseline().ConfigureAwait(false) && Stopwatch.GetElapsedTime(started) < LongestWait)
        {
            await Task.Delay(Look, cancellationToken).ConfigureAwait(false);
        }
    }

    // People keep their dotfiles in a repository that is their home directory: to begin in vain there would cost each prompt the wait.
    private static bool IsRefused(string repository) =>
        Path.GetPathRoot(repository) == repository || (UserFolders.Home is { } home && PosixCalls.WithoutLinks(repository) == PosixCalls.WithoutLinks(home));
}
