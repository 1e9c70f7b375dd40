using Savepoint.Model;
using Savepoint.Workspaces.Ignore;

namespace Savepoint.Workspaces.Copies;

/// <summary>What a copy of a directory does with one of its entries.</summary>
internal enum CopyChoice
{
    /// <summary>It is copied, with all below it.</summary>
    Copy,

    /// <summary>A directory: it is looked into, and made if something in it is copied.</summary>
    LookInto,

    /// <summary>It is left out.</summary>
    LeaveOut,
}

/// <summary>
/// Which entries of a workspace a working copy has: all that is recorded or recordable; of what is ignored everything, or, with a
/// <c>.worktreeinclude</c>, what that matches; never git's own. Immutable, one for each directory; handed down by a parallel walk.
/// </summary>
internal sealed class CopyRules
{
    private readonly ITreeScope _ignored;
    private readonly ITreeScope? _included;
    private readonly bool _isIgnored;
    private readonly bool _isIncluded;
    private readonly Func<WorkspacePath, bool>? _holdsRecorded;

    private CopyRules(ITreeScope ignored, ITreeScope? included, bool isIgnored, bool isIncluded, Func<WorkspacePath, bool>? holdsRecorded)
    {
        (_ignored, _included, _isIgnored, _isIncluded, _holdsRecorded) = (ignored, included, isIgnored, isIncluded, holdsRecorded);
    }

    /// <summary>The name of the file that chooses among ignored files.</summary>
    public const string IncludeFileName = ".worktreeinclude";

    /// <summary>Whether the directory that these are of is ignored, itself or with one above it.</summary>
    public bool IsIgnored => _isIgnored;

    /// <summary>The rules before the root is entered.</summary>
    /// <param name="ignored">What the workspace's rules say.</param>
    /// <param name="includeFile">The bytes of <c>.worktreeinclude</c>; null if there is none.</param>
    /// <param name="holdsRecorded">Whether the history holds this path, or something below it. Only asked about ignored entries where there is an include file.</param>
    public static CopyRules Create(ITreeScope ignored, byte[]? includeFile, Func<WorkspacePath, bool> holdsRecorded)
    {
        if (includeFile is null)
        {
            return new CopyRules(ignored, null, isIgnored: false, isIncluded: false, null);
        }

        var included = new IgnoreTreeScope(IgnoreScope.ForRoot(default, includeFile, ignoreCase: false), WorkspacePath.Root);
        return new CopyRules(ignored, included, isIgnored: false, isIncluded: false, holdsRecorded);
    }

    /// <summary>What happens to an entry of this directory, and the rules inside it, should it be a directory.</summary>
    public (CopyChoice Choice, CopyRules Inside) Choose(WorkspacePath path, bool isDirectory)
    {
        if (WorkspacePath.IsGitName(path.Name) && !_isIgnored)
        {
            return (CopyChoice.LeaveOut, this);
        }

        var isIgnored = _isIgnored || _ignored.IsIgnored(path.Name, isDirectory);
        if (!isIgnored)
        {
            return (CopyChoice.Copy, this);
        }

        var isIncluded = _included is null || _isIncluded || _included.IsIgnored(path.Name, isDirectory);
        var inside = new CopyRules(_ignored, _included, isIgnored: true, isIncluded, _holdsRecorded);
        var choice = isIncluded ? CopyChoice.Copy
            : isDirectory ? CopyChoice.LookInto
            : _holdsRecorded!(path) ? CopyChoice.Copy
            : CopyChoice.LeaveOut;
        return (choice, inside);
    }

    /// <summary>The rules for the entries of a directory, these being those that <see cref="Choose"/> gave for it.</summary>
    public CopyRules Enter(WorkspacePath directory, byte[]? gitIgnore, byte[]? savepointIgnore) => new(
        _isIgnored ? _ignored : _ignored.Enter(directory, gitIgnore, savepointIgnore),
        _included?.Enter(directory, null, null),
        _isIgnored,
        _isIncluded,
        _holdsRecorded);
}
