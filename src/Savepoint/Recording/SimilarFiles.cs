using Savepoint.Model;
using Savepoint.Workspaces.Scanning;

namespace Savepoint.Recording;

/// <summary>
/// For a file that has no earlier version, another one that probably has much in common with it: of the same name
/// elsewhere (it was moved and edited, or is one of many index.js), else of the same kind in the same directory. Stored
/// against that one it takes a fifth less on average. Thread-safe.
/// </summary>
/// <remarks>Names and kinds are kept as hashes: two that share one only make for a base that helps less.</remarks>
internal sealed class SimilarFiles
{
    // FNV-1a (Fowler, Noll, Vo), 64 bits: it goes on from the hash of a directory's path to those of what lies in it.
    private const ulong Start = 0xCBF29CE484222325;
    private const ulong Prime = 0x100000001B3;

    private readonly Dictionary<ulong, ContentId> _byLikeness = [];
    private readonly HashSet<ulong> _wanted = [];
    private readonly Lock _gate = new();

    /// <param name="newFiles">The files that have no earlier version.</param>
    /// <param name="index">The files recorded so far.</param>
    public SimilarFiles(IEnumerable<WorkspacePath> newFiles, ScanIndex index)
    {
        foreach (var path in newFiles)
        {
            _wanted.Add(Name(path.Name));
            _wanted.Add(Kind(Folder(path), path.Name));
        }

        if (_wanted.Count > 0)
        {
            Search(index);
        }
    }

    /// <summary>The content of a file like the one at <paramref name="path"/>; null if none is known.</summary>
    public ContentId? Find(WorkspacePath path)
    {
        lock (_gate)
        {
            return _byLikeness.TryGetValue(Name(path.Name), out var sameName) ? sameName
                : _byLikeness.TryGetValue(Kind(Folder(path), path.Name), out var sameKind) ? sameKind : null;
        }
    }

    /// <summary>Remembers a file that was recorded just now.</summary>
    public void Note(WorkspacePath path, FileState state)
    {
        if (state is FileState.Regular { SizeBytes: > 0 } file)
        {
            lock (_gate)
            {
                _byLikeness[Name(path.Name)] = file.Content;
                _byLikeness[Kind(Folder(path), path.Name)] = file.Content;
            }
        }
    }

    private void Search(ScanIndex index)
    {
        var open = new Stack<(uint Number, ulong Folder)>([(index.Root, Start)]);
        while (open.TryPop(out var directory))
        {
            var block = index.Directory(directory.Number);
            foreach (ref readonly var record in block.Records)
            {
                var name = block.Name(record);
                if (record.IsFile)
                {
                    NoteIfWanted(Name(name), record.Content);
                    NoteIfWanted(Kind(directory.Folder, name), record.Content);
                }
                else if (record.Child != 0)
                {
                    open.Push((record.Child, Hash("/"u8, Hash(name, directory.Folder))));
                }
            }
        }
    }

    private void NoteIfWanted(ulong likeness, ContentId content)
    {
        if (_wanted.Contains(likeness))
        {
            _byLikeness[likeness] = content;
        }
    }

    private static ulong Name(ReadOnlySpan<byte> name) => Hash(name, ~Start);

    private static ulong Kind(ulong folder, ReadOnlySpan<byte> name) => Hash(name[(name.LastIndexOf((byte)'.') + 1)..], folder);

    private static ulong Folder(WorkspacePath path) => Hash(path.Bytes[..^path.Name.Length], Start);

    private static ulong Hash(ReadOnlySpan<byte> bytes, ulong hash)
    {
        foreach (var value in bytes)
        {
            hash = (hash ^ value) * Prime;
        }

        return hash;
    }
}
