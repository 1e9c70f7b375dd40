namespace Savepoint.Workspaces.Ignore;

/// <summary>
/// The patterns that hold from one directory down, of which the last match decides. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// Most patterns of real files are names, <c>*.ext</c> or fixed paths. These are looked up; since what decides is the
/// highest number among all matches, it does not matter that the look-up comes before the globs. The globs are then
/// tried from the last one up to the number already found.
/// </remarks>
internal sealed class IgnoreList
{
    private readonly IgnorePattern[] _patterns;
    private readonly PatternTable? _names;
    private readonly PatternTable? _suffixes;
    private readonly PatternTable? _paths;
    private readonly GlobTable? _nameGlobs;
    private readonly GlobTable? _pathGlobs;

    public IgnoreList(IEnumerable<IgnorePattern> patterns)
    {
        _patterns = [.. patterns];
        var globs = new List<int>();
        for (var i = 0; i < _patterns.Length; i++)
        {
            switch (_patterns[i])
            {
                case { Form: IgnorePattern.Shape.Literal, IsNameOnly: true } pattern:
                    (_names ??= new()).Add(i, pattern);
                    break;
                case { Form: IgnorePattern.Shape.Literal } pattern:
                    (_paths ??= new()).Add(i, pattern);
                    break;
                case { Form: IgnorePattern.Shape.Suffix } pattern:
                    (_suffixes ??= new()).Add(i, pattern);
                    break;
                default:
                    globs.Add(i);
                    break;
            }
        }

        _nameGlobs = Table(globs.FindAll(i => _patterns[i].IsNameOnly));
        _pathGlobs = Table(globs.FindAll(i => !_patterns[i].IsNameOnly));
        HasPathPatterns = Array.Exists(_patterns, pattern => !pattern.IsNameOnly);
    }

    /// <summary>The patterns, in the order of their sources.</summary>
    public IReadOnlyList<IgnorePattern> Patterns => _patterns;

    /// <summary>Whether <see cref="Find"/> looks at the path, not only at the name.</summary>
    public bool HasPathPatterns { get; }

    /// <summary>The last pattern that matches, or null. Does not allocate.</summary>
    /// <param name="name">The entry's last segment.</param>
    /// <param name="path">Its path from the list's directory; not looked at unless <see cref="HasPathPatterns"/>.</param>
    /// <param name="isDirectory">Whether it is a directory (a link to one is not).</param>
    public IgnorePattern? Find(ReadOnlySpan<byte> name, ReadOnlySpan<byte> path, bool isDirectory)
    {
        var found = _names?.FindEqual(name, isDirectory) ?? -1;
        if (_suffixes is not null)
        {
            found = Math.Max(found, _suffixes.FindSuffix(name, isDirectory));
        }

        if (_paths is not null)
        {
            found = Math.Max(found, _paths.FindEqual(path, isDirectory));
        }

        found = _nameGlobs?.Find(name, isDirectory, found) ?? found;
        found = _pathGlobs?.Find(path, isDirectory, found) ?? found;
        return found < 0 ? null : _patterns[found];
    }

    private GlobTable? Table(List<int> globs) => globs.Count == 0 ? null : new GlobTable(_patterns, globs);
}
