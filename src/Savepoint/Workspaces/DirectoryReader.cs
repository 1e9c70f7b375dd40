namespace Savepoint.Workspaces;

/// <summary>
/// An open directory. All names are read when it is opened; each entry is only stat-ed if asked for, so that ignored
/// ones cost nothing. Not thread-safe.
/// </summary>
internal abstract class DirectoryReader : IDisposable
{
    /// <summary>The current entry's name; valid until the reader is disposed.</summary>
    public abstract ReadOnlySpan<byte> Name { get; }

    /// <summary>The current entry's type, where the directory itself says so; otherwise null, and <see cref="Stat"/> knows.</summary>
    public abstract EntryType? Type { get; }

    /// <summary>Goes to the next entry, in no particular order; never <c>.</c> or <c>..</c>. False after the last.</summary>
    public abstract bool MoveNext();

    /// <summary>Goes back to before the first entry; the order stays.</summary>
    public abstract void Rewind();

    /// <summary>The current entry itself, no link followed; null if it is gone by now.</summary>
    /// <exception cref="Model.SavepointException">The system refuses.</exception>
    public abstract EntryStat? Stat();

    /// <inheritdoc/>
    public abstract void Dispose();
}
