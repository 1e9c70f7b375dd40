namespace Savepoint.Model;

/// <summary>Who watches a workspace, and how much of it the system reports to him.</summary>
/// <param name="Process">The watcher's process id.</param>
/// <param name="Since">When it began.</param>
/// <param name="DirectoryCount">How many directories the system reports changes of.</param>
/// <param name="IsLimited">
/// Whether that is not all of them, for the system allows no more (on Linux <c>fs.inotify.max_user_watches</c>): changes
/// in the others are found by scans, seconds later.
/// </param>
public sealed record WatcherStatus(int Process, DateTimeOffset Since, int DirectoryCount, bool IsLimited);
