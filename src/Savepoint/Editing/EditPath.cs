using System.Text;
using Savepoint.Model;
using Savepoint.Workspaces;

namespace Savepoint.Editing;

/// <summary>
/// A path as a model writes it, made a <see cref="WorkspacePath"/>: relative to the workspace's root, or absolute within
/// it. <c>./</c> and doubled or trailing slashes mean nothing; <c>..</c> is refused even where it would stay inside, for
/// no tool needs it and every way out has it.
/// </summary>
/// <param name="root">The workspace's root, free of links.</param>
/// <param name="stores">Absolute paths of what is Savepoint's own.</param>
/// <param name="isRoot">Whether an absolute path is the root by another name: through a link, say.</param>
internal sealed class EditPath(string root, IReadOnlyList<string> stores, Func<string, bool> isRoot)
{
    /// <exception cref="SavepointException">The path is refused (<see cref="ErrorCode.RefusedPath"/>).</exception>
    public WorkspacePath Resolve(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var written = OperatingSystem.IsWindows() ? text.Replace('\\', '/') : text;
        if (written.Length == 0)
        {
            throw Refused("The path is empty.", "Name a file, relative to the workspace.");
        }

        var relative = Path.IsPathRooted(written) ? Within(written) : written;
        if (relative is null)
        {
            throw Refused($"{Quoted(text)} is outside the workspace {Quoted(root)}.", "Name a path inside it, relative to its root.");
        }

        var segments = relative.Split('/').Where(segment => segment is not ("" or ".")).ToList();
        if (segments.Contains(".."))
        {
            throw Refused($"{Quoted(text)} has a segment '..', which is never followed.", "Name the path from the workspace's root.");
        }

        if (!WorkspacePath.TryFromBytes(Encoding.UTF8.GetBytes(string.Join('/', segments)), out var path, out var problem))
        {
            throw Refused($"{Quoted(text)} is no path inside the workspace: {problem}.", "Name a path inside it, relative to its root.");
        }

        Check(path);
        return path;
    }

    /// <summary>Refuses what no edit may touch: the root itself, what is git's, what is Savepoint's.</summary>
    /// <exception cref="SavepointException">The path is refused (<see cref="ErrorCode.RefusedPath"/>).</exception>
    public void Check(WorkspacePath path)
    {
        if (path.IsRoot)
        {
            throw Refused("The path is the workspace itself.", "Name a file inside it.");
        }

        if (path.IsInsideGit)
        {
            throw Refused($"{PathQuoting.Quote(path.Bytes)} belongs to git, whose files are never written.", "Use git itself to change what is in its directory.");
        }

        var isOwn = TemporaryName.IsTemporary(path.Name) || stores.Any(store => IsAtOrBelow(Path.Combine(root, path.ToString()), store));
        if (isOwn)
        {
            throw Refused($"{PathQuoting.Quote(path.Bytes)} belongs to Savepoint, whose own files are never edited.", "Name another path.");
        }
    }

    /// <summary>What is left of an absolute path behind the root; null if it leads elsewhere.</summary>
    private string? Within(string absolute)
    {
        if (IsAtOrBelow(absolute, root))
        {
            return absolute[root.Length..];
        }

        for (var above = absolute; above is not null; above = Path.GetDirectoryName(above))
        {
            if (isRoot(above))
            {
                return absolute[above.Length..];
            }
        }

        return null;
    }

    private static bool IsAtOrBelow(string path, string directory) =>
        path.StartsWith(directory, StringComparison.Ordinal) && (path.Length == directory.Length || path[directory.Length] is '/' or '\\');

    private static string Quoted(string text) => PathQuoting.Quote(Encoding.UTF8.GetBytes(text.Length > 300 ? text[..300] : text));

    private static SavepointException Refused(string message, string hint) => new(ErrorCode.RefusedPath, message, hint);
}
