namespace Savepoint.Workspaces.Overlays;

/// <summary>The entries of a directory of an overlay, brought together from its layers.</summary>
internal sealed class MergedDirectoryReader(IReadOnlyList<DirectoryEntry> entries) : DirectoryReader
{
    private int _at = -1;

    public override ReadOnlySpan<byte> Name => entries[_at].Name;

    public override EntryType? Type => entries[_at].Stat.Type;

    public override bool MoveNext() => ++_at < entries.Count;

    public override void Rewind() => _at = -1;

    public override EntryStat? Stat() => entries[_at].Stat;

    public override void Dispose()
    {
    }
}
