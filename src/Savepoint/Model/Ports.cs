namespace Savepoint.Model;

/// <summary>Recorded bytes, by their identity. Implemented by <c>Storage</c>, handed to diffing and restoring.</summary>
public interface IContentSource
{
    /// <summary>The content, whole. For contents that are known to be small: links, files to diff.</summary>
    /// <exception cref="SavepointException">The content is not in the store (<see cref="ErrorCode.Damaged"/>).</exception>
    byte[] Read(ContentId id);

    /// <summary>Writes the content to <paramref name="destination"/> without holding all of it in memory.</summary>
    /// <exception cref="SavepointException">The content is not in the store, or does not match its hash (<see cref="ErrorCode.Damaged"/>).</exception>
    void CopyTo(ContentId id, Stream destination);
}

/// <summary>Takes bytes to keep. Implemented by <c>Storage</c>, handed to recording.</summary>
internal interface IContentSink
{
    /// <summary>Whether this content is already kept.</summary>
    bool Contains(ContentId id);

    /// <summary>Keeps <paramref name="content"/>, whose hash is <paramref name="id"/>.</summary>
    /// <param name="id">The content's identity.</param>
    /// <param name="content">The bytes; not to be changed afterwards.</param>
    /// <param name="previous">The recorded version that stood at the same path before: most likely nearly the same bytes, or just these. Null for a new file.</param>
    /// <param name="similar">For a new file, a content added before that probably has much in common with it; null if none is known.</param>
    void Add(ContentId id, byte[] content, ContentId? previous, ContentId? similar = null);

    /// <summary>Reads <paramref name="content"/> to its end, keeps it in chunks, and says what it was.</summary>
    (ContentId Id, long SizeBytes) Add(Stream content);
}

/// <summary>The recorded tree of a branch's head. Implemented by <c>Storage</c>, handed to recording and restoring.</summary>
internal interface IHeadTree
{
    /// <summary>What the head holds at each of these paths, all as of one moment; <see cref="FileState.None"/> where it holds nothing.</summary>
    IReadOnlyDictionary<WorkspacePath, FileState> Find(IReadOnlyCollection<WorkspacePath> paths);

    /// <summary>All that the head holds at and below <paramref name="directory"/>, in no particular order.</summary>
    IReadOnlyDictionary<WorkspacePath, FileState> Within(WorkspacePath directory);
}

/// <summary>Remembers a restore over the death of its process. Implemented by <c>Storage</c>.</summary>
internal interface IRestoreJournal
{
    /// <summary>Notes what is about to be done, before the first write to the tree.</summary>
    PendingRestore Begin(Snapshot draft, IReadOnlyList<RestoreStep> steps);

    /// <summary>Forgets a restore that was taken back as a whole.</summary>
    void Abandon(PendingRestore restore);

    /// <summary>The restore in a branch's working copy that some process began and did not end; null if none.</summary>
    PendingRestore? Unfinished(string branch);

    /// <summary>Whether there is one, which costs next to nothing to ask.</summary>
    bool HasUnfinished(string branch);

    /// <summary>Notes other steps for a restore that is carried on, before the next write to the tree.</summary>
    PendingRestore Replace(PendingRestore restore, IReadOnlyList<RestoreStep> steps);
}
