using System.Text;
using Savepoint.Model;

namespace Savepoint.Workspaces.Git;

/// <summary>Reads where HEAD stands: two small files as a rule, <c>packed-refs</c> too after a <c>git gc</c>.</summary>
internal static class GitHeadReader
{
    /// <summary>How many symbolic refs are followed one after the other: git's own limit (<c>SYMREF_MAXDEPTH</c>).</summary>
    private const int MaxDepth = 5;

    private const int MaxRefLengthBytes = 64 * 1024;
    private const int MaxPackedRefsLengthBytes = 1 << 30;
    private const string HeadsPrefix = "refs/heads/";

    /// <summary>HEAD's commit and branch; a part is null if it cannot be told, all of it if HEAD cannot be read.</summary>
    /// <remarks>
    /// A reftable repository shows a HEAD that names <c>refs/heads/.invalid</c>, and gives neither. No exception: that a
    /// repository is damaged must not keep a capture from being recorded.
    /// </remarks>
    public static GitHead? Read(GitDirectory git)
    {
        try
        {
            return ReadOrThrow(git);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static GitHead? ReadOrThrow(GitDirectory git)
    {
        if (ReadLoose(git.OwnPath, "HEAD") is not { } head)
        {
            return null;
        }

        if (TargetOf(head) is not { } name)
        {
            return new GitHead(AsCommit(head), null);
        }

        return name == HeadsPrefix + ".invalid"
            ? new GitHead(null, null)
            : new GitHead(Resolve(git, name), name.StartsWith(HeadsPrefix, StringComparison.Ordinal) ? name[HeadsPrefix.Length..] : name);
    }

    private static string? Resolve(GitDirectory git, string name)
    {
        for (var depth = 0; depth < MaxDepth; depth++)
        {
            var folder = IsOfWorkTree(name) ? git.OwnPath : git.CommonPath;
            if (ReadLoose(folder, name) is not { } value)
            {
                return FindPacked(git.CommonPath, name);
            }

            if (TargetOf(value) is not { } target)
            {
                return AsCommit(value);
            }

            name = target;
        }

        return null;
    }

    /// <summary>The refs that git keeps per work tree, of those that HEAD can name.</summary>
    private static bool IsOfWorkTree(string name) =>
        name.StartsWith("refs/bisect/", StringComparison.Ordinal)
        || name.StartsWith("refs/worktree/", StringComparison.Ordinal)
        || name.StartsWith("refs/rewritten/", StringComparison.Ordinal);

    private static string? ReadLoose(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        if (new FileInfo(path).LinkTarget is { } link && IsRefName(link))
        {
            return "ref: " + link;
        }

        // A directory may stand where a packed ref's name would, and the other way round.
        return !Directory.Exists(path) && GitFile.ReadIfPresent(path, MaxRefLengthBytes) is { } content
            ? Encoding.UTF8.GetString(content).TrimEnd()
            : null;
    }

    private static string? TargetOf(string value)
    {
        var name = value.StartsWith("ref:", StringComparison.Ordinal) ? value["ref:".Length..].TrimStart() : "";
        return IsRefName(name) ? name : null;
    }

    /// <summary>A name from a hostile repository must not lead out of the git directory.</summary>
    private static bool IsRefName(string name) =>
        name.StartsWith("refs/", StringComparison.Ordinal)
        && !name.Contains('\0') && !name.Contains('\\') && !name.Contains("..", StringComparison.Ordinal);

    /// <summary>A SHA-1 or SHA-256 id, or null.</summary>
    private static string? AsCommit(string value)
    {
        foreach (var length in (int[])[64, 40])
        {
            if (value.Length >= length && value[..length].All(char.IsAsciiHexDigitLower) && (value.Length == length || char.IsWhiteSpace(value[length])))
            {
                return value[..length];
            }
        }

        return null;
    }

    /// <summary>Finds the line <c>id name</c>; the search runs over the bytes, since a file may hold a hundred thousand lines.</summary>
    private static string? FindPacked(string folder, string name)
    {
        if (GitFile.ReadIfPresent(Path.Combine(folder, "packed-refs"), MaxPackedRefsLengthBytes) is not { } packed)
        {
            return null;
        }

        var end = packed.AsSpan().IndexOf(Encoding.UTF8.GetBytes($" {name}\n"));
        if (end < 0)
        {
            return null;
        }

        var line = packed.AsSpan(0, end);
        return AsCommit(Encoding.ASCII.GetString(line[(line.LastIndexOf((byte)'\n') + 1)..]));
    }
}
