using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>One stretch of a lineage: a branch, up to one of its snapshots.</summary>
internal readonly record struct LineageSegment(long Branch, long UpTo);

/// <summary>
/// The way from a snapshot back to the baseline, as stretches of branches, the newest first. A path's state at the
/// snapshot is its newest change on the first stretch that has one.
/// </summary>
internal sealed class Lineage
{
    private Lineage(IReadOnlyList<LineageSegment> segments) => Segments = segments;

    public IReadOnlyList<LineageSegment> Segments { get; }

    /// <summary>The lineage of a snapshot; null if there is none of that number.</summary>
    public static Lineage? Of(StoreDatabase database, long snapshot)
    {
        var segments = new List<LineageSegment>();
        for (long? next = snapshot; next is not null;)
        {
            if (database.Prepare("SELECT branch FROM snapshots WHERE number = $1").Scalar(next) is not { } branch)
            {
                return null;
            }

            segments.Add(new LineageSegment(branch, next.Value));
            var fork = database.Prepare("SELECT fork FROM branches WHERE id = $1").Scalar(branch);
            if (fork >= next)
            {
                throw new SavepointException(ErrorCode.Damaged, $"A branch is recorded to begin after its snapshot {next}.", "Run 'savepoint verify' to see what is lost and 'savepoint repair' to mend it.");
            }

            next = fork;
        }

        return new Lineage(segments);
    }

    /// <summary>As <see cref="Of"/>, of a snapshot that the store names.</summary>
    /// <exception cref="SavepointException">It is not there: the store is damaged.</exception>
    public static Lineage OfExisting(StoreDatabase database, long snapshot) => Of(database, snapshot)
        ?? throw new SavepointException(ErrorCode.Damaged, $"Snapshot {snapshot}, which the store names, is not there.", "Run 'savepoint verify' to see what is lost and 'savepoint repair' to mend it.");

    /// <summary>The numbers of the snapshots on it, those up to <paramref name="after"/> left out.</summary>
    public SortedSet<long> Numbers(StoreDatabase database, long after)
    {
        var numbers = new SortedSet<long>();
        foreach (var segment in Segments.TakeWhile(segment => segment.UpTo > after))
        {
            using var row = database.Prepare("SELECT number FROM snapshots WHERE number > $2 AND number <= $3 AND branch = $1").Query(segment.Branch, after, segment.UpTo);
            while (row.Read())
            {
                numbers.Add(row.GetInt64(0));
            }
        }

        return numbers;
    }

    /// <summary>Whether <paramref name="snapshot"/>, made on <paramref name="branch"/>, lies on it.</summary>
    public bool Contains(long branch, long snapshot) => Segments.Any(s => s.Branch == branch && snapshot <= s.UpTo);
}
