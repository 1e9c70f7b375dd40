using Savepoint.Events;

namespace Savepoint.Storage;

/// <summary>
/// Reads the events of a store page by page. No read outlasts a page, so a slow reader keeps neither a writer waiting nor
/// the log from being folded back; and since it reads from the store, it misses nothing.
/// </summary>
internal sealed class EventReader(StoreDatabase database) : IDisposable
{
    private readonly EventTable _events = new(database, new SnapshotReader(database));

    /// <summary>Whether the store is still where it was.</summary>
    public bool IsThere => File.Exists(database.Path);

    /// <summary>A number that any commit to the store changes, of whatever process: asked for, it costs a look at shared memory.</summary>
    public long Version() => database.Read(() => database.Prepare("PRAGMA data_version").Scalar()) ?? 0;

    /// <inheritdoc cref="EventTable.After"/>
    public List<SnapshotEvent> After(EventPosition place) => database.ReadConsistently(() => _events.After(place));

    public void Dispose() => database.Dispose();
}
