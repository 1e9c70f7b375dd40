using System.Text;

namespace Savepoint.Workspaces.Git;

/// <summary>
/// Where the repository of a work tree keeps its files. This folder reads git's files and never runs git nor writes:
/// in, the path of a workspace; out, its HEAD, the paths of its index, settings that bear on ignore rules.
/// </summary>
/// <param name="WorkTree">The directory that holds <c>.git</c>, absolute.</param>
/// <param name="OwnPath">What is this work tree's alone: HEAD, index.</param>
/// <param name="CommonPath">What all its work trees share: config, refs, <c>info/exclude</c>. Usually <see cref="OwnPath"/>.</param>
internal sealed record GitDirectory(string WorkTree, string OwnPath, string CommonPath)
{
    /// <summary>A file that only names a path needs no more; a longer one is something else.</summary>
    private const int MaxPointerLengthBytes = 64 * 1024;

    /// <summary>The exclude file of the repository.</summary>
    public string InfoExcludePath => Path.Combine(CommonPath, "info", "exclude");

    /// <summary>The settings that all its work trees share.</summary>
    public string ConfigPath => Path.Combine(CommonPath, "config");

    /// <summary>The settings of this work tree alone; git reads them only if <c>extensions.worktreeConfig</c> is on.</summary>
    public string WorktreeConfigPath => Path.Combine(OwnPath, "config.worktree");

    /// <summary>The repository whose work tree has its root at <paramref name="directory"/>, or null.</summary>
    /// <param name="directory">A directory: <c>.git</c> in it is a repository, or a file that leads to one, as in linked work trees and submodules.</param>
    /// <exception cref="IOException"><c>.git</c> cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>.git</c> may not be read.</exception>
    public static GitDirectory? At(string directory)
    {
        var workTree = Path.GetFullPath(directory);
        var dotGit = Path.Combine(workTree, ".git");
        if (!Path.Exists(dotGit))
        {
            return null; // asked at each level above a workspace, for each capture: one look is enough
        }

        var own = Directory.Exists(dotGit) ? dotGit : ReadPointer(dotGit, "gitdir: ", workTree);
        if (own is null || !HasHead(own))
        {
            return null;
        }

        return new GitDirectory(workTree, own, ReadPointer(Path.Combine(own, "commondir"), "", own) ?? own);
    }

    /// <summary>As <see cref="At"/>, for the nearest directory from <paramref name="directory"/> upwards that has one.</summary>
    public static GitDirectory? AtOrAbove(string directory)
    {
        for (var at = Path.GetFullPath(directory); at is not null; at = Path.GetDirectoryName(at))
        {
            if (At(at) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>HEAD may be a link that leads nowhere: old repositories name an unborn branch so.</summary>
    private static bool HasHead(string directory)
    {
        var head = new FileInfo(Path.Combine(directory, "HEAD"));
        return head.Exists || head.LinkTarget is not null;
    }

    /// <summary>The absolute path that a one-line file names, or null if there is no such file.</summary>
    private static string? ReadPointer(string file, string prefix, string relativeTo)
    {
        if (GitFile.ReadIfPresent(file, MaxPointerLengthBytes) is not { } content)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(content).TrimEnd('\r', '\n');
        return text.StartsWith(prefix, StringComparison.Ordinal) && text.Length > prefix.Length && !text.Contains('\0')
            ? Path.GetFullPath(text[prefix.Length..], relativeTo)
            : null;
    }
}
