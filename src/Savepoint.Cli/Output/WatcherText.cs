using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>Who watches, and how far that reaches.</summary>
internal static class WatcherText
{
    public static string Of(WatcherStatus watcher) =>
        $"process {watcher.Process} since {SnapshotText.Time(watcher.Since)}, {Quantity.Of(watcher.DirectoryCount, "directory")}";

    /// <summary>What it means that not all is watched, and what to do about it.</summary>
    public static string Limit(WatcherStatus watcher) =>
        $"the system allows no more than {Quantity.Of(watcher.DirectoryCount, "watched directory")}: changes in the others are found by scans, seconds later. "
        + (OperatingSystem.IsLinux() ? "'sysctl fs.inotify.max_user_watches=524288' allows more; then start the watch again." : "Watch a smaller directory.");
}
