using Savepoint.Model;

namespace Savepoint.Workspaces.Scanning;

/// <summary>Where a scan begins: at the root, or at the directories it is given; after a scan that was cut short, where that left off.</summary>
internal sealed class ScanStart
{
    private readonly ScanOptions _options;
    private readonly ScannedDirectory _root;
    private readonly List<ScannedDirectory> _directories = [];
    private readonly HashSet<WorkspacePath> _begun = [];

    public ScanStart(WorkspaceTree tree, ScanOptions options)
    {
        _options = options;
        _root = new ScannedDirectory(WorkspacePath.Root, new DirectoryRules(DirectoryRules.From(tree), WorkspacePath.Root, null, options.Scope), options.Index.Root, options.News);
        if (options.Within is { } within)
        {
            // Of two of which one lies in the other, the outer finds the inner.
            Add(within.Where(path => !within.Any(other => other != path && path.IsWithin(other))).Select(path => Find(path, mustBeRecorded: false)));
        }
        else
        {
            Add(options.Turns.Select(turn => Find(turn.Directory, mustBeRecorded: true) is { } found ? found with { FirstEntry = turn.FirstEntry } : null));
            Add([_root]);
        }
    }

    /// <summary>The directories to scan, in this order.</summary>
    public IReadOnlyList<ScannedDirectory> Directories => _directories;

    /// <summary>Their paths, which are not begun again when the scan comes upon them.</summary>
    public IReadOnlySet<WorkspacePath> Begun => _begun;

    private void Add(IEnumerable<ScannedDirectory?> directories) => _directories.AddRange(directories.OfType<ScannedDirectory>().Where(directory => _begun.Add(directory.Path)));

    /// <summary>A directory with what is known of it; null if it is to be recorded and is not, so that what it holds has to wait for it.</summary>
    private ScannedDirectory? Find(WorkspacePath path, bool mustBeRecorded)
    {
        var found = _root;
        foreach (var next in path.IsRoot ? [] : path.Ancestors().Append(path))
        {
            var block = _options.Index.Directory(found.Number);
            var position = block.Find(next.Name);
            var record = position < 0 ? default : block.Records[position];
            var news = found.News?.Find(next.Name);
            var state = news?.State ?? (_options.IsIndexOfHead ? record.ToState() : FileState.None);
            if (mustBeRecorded && state is not FileState.Directory)
            {
                return null;
            }

            found = new ScannedDirectory(next, found.Rules.Of(next), record.Child, news);
        }

        return found;
    }
}
