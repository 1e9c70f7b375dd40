using System.Collections.Frozen;
using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint.Storage.Layers;

/// <summary>
/// One operation with all that going back and forth over it needs, ready in memory: both diffs, and the bytes before and
/// after. Immutable and safe to share between threads.
/// </summary>
public sealed class OperationSnapshot
{
    /// <summary>An operation whose contents are larger than this in all is not held in memory (seed: less than 1 MB a snapshot).</summary>
    internal const long MaxHeldBytes = 1_000_000;

    /// <summary>Nor is one of more changes than this: a checkout, not an edit.</summary>
    internal const int MaxHeldChanges = 1_000;

    // What a snapshot without changes, one change, and a hunk take beyond their bytes, as measured on .NET 10.
    private const int RecordBytes = 1_100;
    private const int ChangeBytes = 900;
    private const int HunkBytes = 120;

    // Blob ids cost a SHA-1 of every file, and nobody applies these diffs three-way.
    private static readonly PatchOptions Options = PatchOptions.Default with { HasBlobIds = false, MaxExactBytes = PatchOptions.MaxTextBytes };

    private OperationSnapshot(Snapshot operation, HeadMark mark, IReadOnlyDictionary<ContentId, byte[]> contents, Patch diff)
    {
        (Operation, Mark, Held, Diff, ReverseDiff) = (operation, mark, contents, diff, diff.Reverse());
        AffectedFiles = [.. operation.Changes.SelectMany(change => change.PerPath()).Select(change => change.Path)];
        OwnBytes = RecordBytes + (ChangeBytes * operation.Changes.Count) + WeighBytes(Diff) + WeighBytes(ReverseDiff);
    }

    /// <summary>What was done: the entry of the history, with its changes.</summary>
    public Snapshot Operation { get; }

    /// <summary>Its number.</summary>
    public SnapshotNumber Number => Operation.Number;

    /// <summary>Its changes as a patch.</summary>
    public Patch Diff { get; }

    /// <summary>The patch that takes it back, computed ahead.</summary>
    public Patch ReverseDiff { get; }

    /// <summary>The paths it changed, a move's both, in path order of the changes.</summary>
    public IReadOnlyList<WorkspacePath> AffectedFiles { get; }

    /// <summary>Who did it, with what, and why.</summary>
    public CaptureContext Context => new() { Actor = Operation.Actor, Tool = Operation.Tool, Message = Operation.Message };

    /// <summary>The bytes of every content before and after it, by id; empty where they are too large to be held.</summary>
    public IReadOnlyDictionary<ContentId, ReadOnlyMemory<byte>> Contents => Held.ToFrozenDictionary(content => content.Key, content => (ReadOnlyMemory<byte>)content.Value);

    /// <summary>The record it was read from: if the store has another under this number, this one is out of date.</summary>
    internal HeadMark Mark { get; }

    internal IReadOnlyDictionary<ContentId, byte[]> Held { get; }

    /// <summary>What it takes in memory without <see cref="Held"/>, which others may share.</summary>
    internal long OwnBytes { get; }

    /// <summary>Whether it is small enough for memory; what is not is read from disk each time.</summary>
    internal bool IsLight => IsLightEnough(Operation);

    /// <inheritdoc cref="IsLight"/>
    internal static bool IsLightEnough(Snapshot operation) =>
        operation.Changes.Count <= MaxHeldChanges && operation.Changes.SelectMany(States).Sum(SizeBytes) <= MaxHeldBytes;

    /// <summary>Reads an operation's contents, each once, and computes its diffs.</summary>
    /// <param name="operation">The entry of the history.</param>
    /// <param name="contents">Has the contents that its changes name.</param>
    /// <param name="mark">The record it was read from; <see cref="HeadMark.None"/> for an archive's.</param>
    /// <exception cref="SavepointException">A content is missing or damaged.</exception>
    internal static OperationSnapshot Create(Snapshot operation, IContentSource contents, HeadMark mark)
    {
        if (!IsLightEnough(operation))
        {
            return new OperationSnapshot(operation, mark, FrozenDictionary<ContentId, byte[]>.Empty, Patch.Create(operation.Changes, contents, Options));
        }

        var held = new Dictionary<ContentId, byte[]>();
        foreach (var id in operation.Changes.SelectMany(States).Select(state => state.ContentId).OfType<ContentId>())
        {
            if (!held.ContainsKey(id))
            {
                held[id] = contents.Read(id);
            }
        }

        return new OperationSnapshot(operation, mark, held, Patch.Create(operation.Changes, new HeldSource(held), Options));
    }

    private static IEnumerable<FileState> States(FileChange change) => [change.Before, change.After];

    private static long SizeBytes(FileState state) => state switch
    {
        FileState.Regular file => file.SizeBytes,
        FileState.Symlink link => link.SizeBytes,
        _ => 0,
    };

    private static long WeighBytes(Patch patch) => patch.Files.Sum(file =>
        file.Hunks.Sum(hunk => (long)hunk.Body.Length + HunkBytes) + (file.Binary is { } binary ? binary.Forward.LengthBytes + (binary.Reverse?.LengthBytes ?? 0) : 0));

    private sealed class HeldSource(Dictionary<ContentId, byte[]> held) : IContentSource
    {
        public byte[] Read(ContentId id) => held[id];

        public void CopyTo(ContentId id, Stream destination) => destination.Write(held[id]);
    }
}
