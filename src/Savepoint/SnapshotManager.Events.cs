using System.Runtime.CompilerServices;
using Savepoint.Events;
using Savepoint.Model;
using Savepoint.Storage;

namespace Savepoint;

/// <content>Events: what happened to the history, by any process, in the order of its commits.</content>
public sealed partial class SnapshotManager
{
    /// <summary>The place of what happened last; given to <see cref="EventsAsync"/>, it leads to what happens from now on.</summary>
    public EventPosition NewestEvent => _store.NewestEvent();

    /// <summary>
    /// What happened, the oldest first: each event once, in the order of commits, whatever process it came from. Every
    /// snapshot is one event; the others are kept up to 10,000 of them.
    /// </summary>
    /// <param name="since">The place behind which to begin; the default is before everything.</param>
    /// <param name="follow">True: when all is read, wait for more, until cancelled. False: end.</param>
    /// <param name="cancellationToken">Ends it. That is the usual end of following, and no exception.</param>
    /// <remarks>
    /// Any number of readers, each at its own pace: they read from the store, page by page, on a connection of their own. So
    /// a slow one costs nobody anything and misses nothing.
    /// </remarks>
    /// <exception cref="SavepointException">The store is gone, or cannot be read.</exception>
    public async IAsyncEnumerable<SnapshotEvent> EventsAsync(EventPosition since = default, bool follow = false, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var reader = _store.ReadEvents();
        using var bell = follow ? new CommitBell(StoreDirectory) : null;
        var (place, seen) = (since, 0L);
        do
        {
            seen = reader.Version(); // before reading: what is committed while we read is then known to be new
            for (var page = reader.After(place); page.Count > 0; page = reader.After(place))
            {
                foreach (var happened in page)
                {
                    if (cancellationToken.IsCancellationRequested)
                    {
                        yield break;
                    }

                    place = happened.Position;
                    yield return happened;
                }
            }
        }
        while (bell is not null && await IsChangedAsync(bell, reader, seen, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Waits until somebody has committed something; false if it was cancelled instead.</summary>
    private async Task<bool> IsChangedAsync(CommitBell bell, EventReader reader, long seen, CancellationToken cancellationToken)
    {
        bool IsChanged() => reader.IsThere ? reader.Version() != seen
            : throw new SavepointException(ErrorCode.NotTracked, $"{Root} is not tracked any more: its store is gone.", "Run 'savepoint init' there to start anew.");
        try
        {
            await bell.WaitAsync(IsChanged, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    internal void Publish(SnapshotEvent happened) => _store.Publish(happened with { Time = _options.Time.GetUtcNow() });
}
