using Savepoint.Model;

namespace Savepoint.Workspaces.Git;

/// <summary>Reads which paths git tracks: <c>index</c>, versions 2 to 4, with the shared index of a split one.</summary>
internal static class GitIndexReader
{
    /// <summary>Some ten million entries: a bound on memory.</summary>
    private const int MaxLengthBytes = 1 << 30;

    /// <summary>Reads the index of a work tree. Never throws for what the files hold: the status says how it ended.</summary>
    /// <param name="git">The repository.</param>
    /// <param name="usesSha256">Whether its ids are SHA-256: <see cref="GitConfig.UsesSha256"/>.</param>
    public static GitIndex Read(GitDirectory git, bool usesSha256)
    {
        try
        {
            if (GitFile.ReadIfPresent(Path.Combine(git.OwnPath, "index"), MaxLengthBytes) is not { } content)
            {
                return GitIndex.Without(GitIndexStatus.Absent, null);
            }

            var idLength = usesSha256 ? 32 : 20;
            var index = GitIndexEntries.Read(content, idLength);
            var shared = index.SharedId is null ? null : ReadShared(git, index.SharedId, idLength);
            return Merge(index, shared);
        }
        catch (InvalidDataException exception)
        {
            return GitIndex.Without(GitIndexStatus.Damaged, exception.Message);
        }
        catch (NotSupportedException exception)
        {
            return GitIndex.Without(GitIndexStatus.Unsupported, exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return GitIndex.Without(GitIndexStatus.Unreadable, exception.Message);
        }
    }

    private static GitIndexEntries ReadShared(GitDirectory git, string id, int idLengthBytes)
    {
        var content = GitFile.ReadIfPresent(Path.Combine(git.OwnPath, "sharedindex." + id), MaxLengthBytes)
            ?? throw new InvalidDataException("The shared index it builds on is missing.");
        var shared = GitIndexEntries.Read(content, idLengthBytes);
        if (shared.HasSparseDirectories)
        {
            // Git does not combine the two; the bitmaps' numbers would count entries that were left out.
            throw new NotSupportedException("It is split and sparse at once.");
        }

        return shared.SharedId is null ? shared : throw new InvalidDataException("The shared index builds on another one.");
    }

    /// <summary>
    /// The names of the shared index that are not deleted, and those of the index itself. A replaced entry keeps its
    /// name, and its replacement comes without one, so the bitmap of replaced entries does not matter here.
    /// </summary>
    private static GitIndex Merge(GitIndexEntries index, GitIndexEntries? shared)
    {
        var names = index.Names.Where(name => name.Length > 0 || shared is null);
        if (shared is not null)
        {
            names = names.Concat(shared.Names.Where((_, number) => !index.DeletedFromShared.Contains(number)));
        }

        var paths = new List<WorkspacePath>();
        foreach (var name in names)
        {
            if (name.Length == 0 || !WorkspacePath.TryFromBytes(name, out var path))
            {
                throw new InvalidDataException("An entry's name is not a path inside the work tree.");
            }

            // While a merge is unresolved, a path has an entry for each side.
            if (paths.Count == 0 || paths[^1] != path)
            {
                paths.Add(path);
            }
        }

        if (shared is not null)
        {
            paths = [.. paths.Distinct().Order()];
        }

        return new GitIndex(index.HasSparseDirectories ? GitIndexStatus.SparseDirectories : GitIndexStatus.Complete, paths, null);
    }
}
