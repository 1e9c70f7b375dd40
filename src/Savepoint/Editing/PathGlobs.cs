using System.Text;
using Savepoint.Model;
using Savepoint.Workspaces.Ignore;

namespace Savepoint.Editing;

/// <summary>
/// Globs that choose paths, read as a line of <c>.gitignore</c> is: <c>*.cs</c> at any depth, <c>src/*.cs</c> from the
/// root, <c>docs/</c> or <c>docs</c> with all below, <c>**</c> across directories. Never a mere part of a name.
/// </summary>
internal sealed class PathGlobs
{
    private readonly List<IgnorePattern> _patterns = [];

    /// <exception cref="ArgumentException">One of them can match nothing.</exception>
    public PathGlobs(IEnumerable<string> globs)
    {
        foreach (var glob in globs)
        {
            var pattern = IgnorePattern.Parse(Encoding.UTF8.GetBytes(glob.StartsWith("./", StringComparison.Ordinal) ? glob[1..] : glob), ignoreCase: false);
            _patterns.Add(pattern is { IsNegative: false } ? pattern : throw new ArgumentException($"'{glob}' is no glob that could match a path.", nameof(globs)));
        }
    }

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _patterns.Count == 0;

    /// <summary>Whether one of them matches the path or a directory above it.</summary>
    public bool Match(WorkspacePath path) => _patterns.Exists(pattern =>
        (!pattern.IsDirectoryOnly && IsMatch(pattern, path)) || path.Ancestors().Any(above => IsMatch(pattern, above)));

    private static bool IsMatch(IgnorePattern pattern, WorkspacePath path) => pattern.IsMatch(pattern.IsNameOnly ? path.Name : path.Bytes);
}
