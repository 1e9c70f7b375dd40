using Savepoint.Model;
using Savepoint.Storage;
using Savepoint.Workspaces;
using Savepoint.Workspaces.Scanning;

namespace Savepoint;

/// <content>What a directory holds, before anybody decides to track it.</content>
public sealed partial class SnapshotManager
{
    /// <inheritdoc cref="StoreDatabase.Statements"/>
    internal List<string> Statements() => _store.Statements();

    /// <summary>
    /// Counts what <see cref="InitAsync"/> would record, by looking at names and stats alone. Nothing is read, recorded or
    /// written.
    /// </summary>
    /// <param name="workspace">A directory, tracked or not.</param>
    /// <param name="options">How it would be tracked; <see cref="SnapshotOptions.ScanDeadline"/> is how long the look may take.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <exception cref="SavepointException">It may not be tracked (<see cref="ErrorCode.RefusedWorkspace"/>), or cannot be looked at.</exception>
    public static WorkspaceSize Measure(string workspace, SnapshotOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        using var tree = WorkspaceTree.Open(workspace);
        Refuse(tree.Root, new StoreCatalog(options.StoreHome), options);
        var rules = new WorkspaceRules(tree.Root, GitUser(options));
        var scan = new TreeScanner(tree, options.Time).Scan(
            new ScanOptions
            {
                Scope = rules,
                Tracked = rules.Tracked,
                ExcludedDirectories = [options.StoreHome],
                TimeLimit = options.ScanDeadline == Timeout.InfiniteTimeSpan ? null : options.ScanDeadline,
            },
            cancellationToken);
        var files = scan.Entries.Where(entry => entry.Stat.IsFile).ToList();
        var isCut = scan.Skipped.Any(skipped => skipped.Reason == SkipReason.Deadline);
        return new WorkspaceSize(scan.Entries.Count, files.Count, files.Sum(file => file.Stat.SizeBytes), !isCut);
    }
}
