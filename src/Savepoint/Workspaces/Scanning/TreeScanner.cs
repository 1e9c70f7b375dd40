using Savepoint.Model;

namespace Savepoint.Workspaces.Scanning;

/// <summary>
/// Walks a whole tree, on several threads, with one stat for each entry that is not left out, and reports what is not as
/// the index says. What is new and ignored costs no stat: names and types come from the directory. The entries
/// <c>.git</c> and the temporary files of restores are always left out.
/// </summary>
internal sealed class TreeScanner
{
    private readonly WorkspaceTree _tree;
    private readonly TimeProvider _clock;

    /// <param name="tree">The tree to walk.</param>
    /// <param name="clock">Tells when <see cref="ScanOptions.TimeLimit"/> is over.</param>
    public TreeScanner(WorkspaceTree tree, TimeProvider clock)
    {
        _tree = tree;
        _clock = clock;
    }

    /// <summary>Scans the tree. Entries that come, go or change meanwhile are found or not; each stat is true of one moment.</summary>
    /// <exception cref="SavepointException">The root itself cannot be read.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public ScanResult Scan(ScanOptions options, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxThreadCount, 1);
        var start = new ScanStart(_tree, options);
        var run = new ScanRun(_tree, _clock, options, start.Begun, cancellationToken);
        DirectoryQueue<ScannedDirectory>.Process(start.Directories, run.Read, options.MaxThreadCount);
        return run.Result();
    }
}
