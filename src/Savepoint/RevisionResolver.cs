using Savepoint.Model;
using Savepoint.Storage;

namespace Savepoint;

/// <summary>Finds the snapshot that a revision names; what cannot be found is answered with the nearest that can.</summary>
internal sealed class RevisionResolver(SnapshotStore store, string branch, TimeProvider time)
{
    private const int MaxSuggestions = 3;

    public SnapshotNumber Resolve(Revision revision)
    {
        var head = store.Head(branch) ?? throw Unknown("any snapshot", "Run 'savepoint init' to record the first.");
        return revision switch
        {
            Revision.Numbered { Number: var number } => store.FindHeader(number) is not null
                ? number
                : store.Merges.Find(number) is { } merged ? merged.Last
                : throw UnknownNumber(number),
            Revision.BeforeHead { Count: var count } => store.History.Ancestor(head, count)
                ?? throw Unknown($"snapshot {count} before the head", BeyondHint(head, count)),
            Revision.Ago { Duration: var duration } => AtTime(Utc(time.GetUtcNow().UtcTicks - (decimal)duration.Ticks)),
            Revision.At { Time: var at } => AtTime(Utc(at.Ticks - (at.Kind == DateTimeKind.Utc ? 0 : time.LocalTimeZone.GetUtcOffset(at).Ticks))),
            // What an announced turn did may all be recorded as others' doing.
            Revision.BeforeTurn { Turn: var turn } when store.History.FirstOf(null, turn) is null && store.Turns.Find(turn) is { } announced => AtTime(announced.Time),
            Revision.BeforeTurn { Turn: var turn } => Before(store.History.FirstOf(null, turn), $"turn '{turn}'"),
            Revision.BeforeSession { Session: var session } => Before(store.History.FirstOf(session, null), $"session '{session}'"),
            Revision.Named { Name: var name } => store.FindLabel(name)?.Snapshot ?? store.Head(name) ?? throw UnknownName(name),
            _ => throw new ArgumentOutOfRangeException(nameof(revision)),
        };
    }

    public static SavepointException Unknown(string what, string hint) => new(ErrorCode.UnknownRevision, $"There is no {what}.", hint);

    /// <summary>A time, which is the first or last there is if it lies before or after that.</summary>
    private static DateTimeOffset Utc(decimal ticks) => new((long)Math.Clamp(ticks, DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);

    private SnapshotNumber AtTime(DateTimeOffset at) => store.History.NewestAt(branch, at)
        ?? throw Unknown($"snapshot as old as {at:u}", "The history begins later: 'savepoint log' shows where.");

    private SnapshotNumber Before(SnapshotNumber? first, string what)
    {
        var number = first ?? throw Unknown(what, "'savepoint sessions' and 'savepoint log' list what was recorded.");
        return store.GetHeader(number).Parent ?? number;
    }

    private SavepointException UnknownNumber(SnapshotNumber number) => store.LostNumbers.Find(number) is { } lost
        ? new SavepointException(ErrorCode.UnknownRevision, $"Snapshot {number} was recorded, and is lost: a power loss or damage took it, which was found on {lost.Found:u}.", $"The newest that is there is {store.NewestNumber()}.")
        : Unknown($"snapshot {number}", number.Value == 0 ? "The first is 1." : $"The newest is {store.NewestNumber()}.");

    private SavepointException UnknownName(string name)
    {
        var known = store.Labels().Select(label => label.Name).Concat(store.Branches());
        var near = known.Where(candidate => EditDistance(candidate, name) <= Math.Max(2, name.Length / 3)).OrderBy(candidate => EditDistance(candidate, name)).Take(MaxSuggestions).ToList();
        return Unknown($"label, branch or snapshot '{name}'", near.Count > 0 ? $"Near: {string.Join(", ", near)}." : "'savepoint labels' and 'savepoint log' list what there is.");
    }

    private string BeyondHint(SnapshotNumber head, long count)
    {
        // The history is shorter than what was asked for, so looking for its depth costs no more than that did; a slip of the finger must not walk it twice.
        const long MaxCounted = 10_000;
        return count <= MaxCounted ? $"The head is {head}; @-{store.History.Depth(head)} is the baseline." : $"The head is {head}, and the history is shorter: 'savepoint log -n 1 --graph' shows where it stands.";
    }

    /// <summary>Levenshtein's distance, one row at a time.</summary>
    private static int EditDistance(string x, string y)
    {
        var row = Enumerable.Range(0, y.Length + 1).ToArray();
        for (var i = 1; i <= x.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= y.Length; j++)
            {
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (x[i - 1] == y[j - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
