using System.Collections.Concurrent;
using System.Text;
using Savepoint.Model;

namespace Savepoint.Recording;

/// <summary>
/// For a file that has no earlier version, another one that probably has much in common with it: of the same name
/// elsewhere (it was moved and edited, or is one of many index.js), else of the same kind in the same directory. Stored
/// against that one it takes a fifth less on average. Thread-safe.
/// </summary>
internal sealed class SimilarFiles
{
    private readonly Lazy<ConcurrentDictionary<string, ContentId>> _byLikeness;

    /// <param name="head">The files recorded so far; looked through only if a new file appears.</param>
    public SimilarFiles(IReadOnlyDictionary<WorkspacePath, FileState> head) => _byLikeness = new(() =>
    {
        var known = new ConcurrentDictionary<string, ContentId>(StringComparer.Ordinal);
        foreach (var (path, state) in head)
        {
            Note(known, path, state);
        }

        return known;
    });

    /// <summary>The content of a file like the one at <paramref name="path"/>; null if none is known.</summary>
    public ContentId? Find(WorkspacePath path)
    {
        var known = _byLikeness.Value;
        return known.TryGetValue(Name(path), out var sameName) ? sameName : known.TryGetValue(Kind(path), out var sameKind) ? sameKind : null;
    }

    /// <summary>Remembers a file that was recorded just now.</summary>
    public void Note(WorkspacePath path, FileState state) => Note(_byLikeness.Value, path, state);

    private static void Note(ConcurrentDictionary<string, ContentId> known, WorkspacePath path, FileState state)
    {
        if (state is FileState.Regular { SizeBytes: > 0 } file)
        {
            known[Name(path)] = file.Content;
            known[Kind(path)] = file.Content;
        }
    }

    private static string Name(WorkspacePath path) => Encoding.Latin1.GetString(path.Name);

    // A directory and an ending, kept apart from names by a '/'.
    private static string Kind(WorkspacePath path) =>
        Encoding.Latin1.GetString(path.Bytes[..^path.Name.Length]) + "/" + Encoding.Latin1.GetString(path.Name[(path.Name.LastIndexOf((byte)'.') + 1)..]);
}
