using Savepoint.Model;

namespace Savepoint.Storage.Milestones;

/// <summary>A manifest block: the state of a whole workspace, or how it differs from that of another archive.</summary>
internal static class ManifestBlock
{
    /// <param name="isWhole">Whether these are all entries, and not those that differ from the base's.</param>
    /// <param name="entries">What stands where; absent where something was.</param>
    /// <param name="ordinals">The contents of this file.</param>
    public static byte[] Write(bool isWhole, IEnumerable<KeyValuePair<WorkspacePath, FileState>> entries, IReadOnlyDictionary<ContentId, long> ordinals)
    {
        var sorted = entries.ToList();
        sorted.Sort((x, y) => x.Key.CompareTo(y.Key));
        var record = new RecordWriter();
        record.Write(isWhole ? 1 : 0);
        record.Write(sorted.Count);
        var (previous, code, ordinal) = (WorkspacePath.Root, 0L, 0L);
        foreach (var (path, state) in sorted)
        {
            var archived = ArchivedState.Of(state, ordinals);
            record.WriteBehind(previous, path);
            archived.Write(record, code, ordinal);
            (previous, code, ordinal) = (path, archived.Code, archived.Ordinal ?? ordinal);
        }

        return record.ToArray();
    }

    /// <summary>The entries, in path order.</summary>
    public static IEnumerable<KeyValuePair<WorkspacePath, ArchivedState>> Read(byte[] bytes)
    {
        var record = new RecordReader(bytes);
        record.Read();
        var (previous, code, ordinal) = (WorkspacePath.Root, 0L, 0L);
        for (var count = record.ReadCount(); count > 0; count--)
        {
            var path = record.ReadBehind(previous);
            var state = ArchivedState.Read(record, code, ordinal);
            yield return KeyValuePair.Create(path, state);
            (previous, code, ordinal) = (path, state.Code, state.Ordinal ?? ordinal);
        }
    }
}
