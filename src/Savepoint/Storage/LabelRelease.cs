namespace Savepoint.Storage;

/// <summary>
/// Takes off labels whose retention is over (the seed's <c>session-duration</c> and <c>until-verification</c>); those of
/// retention permanent and user stay until the user takes them off. Inside a read or write of the database.
/// </summary>
internal sealed class LabelRelease(StoreDatabase database)
{
    /// <summary>A session of whose end nobody told is over when nothing was recorded in it for so long.</summary>
    public static readonly TimeSpan SilentSession = TimeSpan.FromHours(24);

    // A session that was taken up again after its end is not over: something was recorded in it since.
    private const string Due = """
        (retention = 1 AND coalesce(
            (SELECT max(s.time) FROM snapshots s WHERE s.actor IN (SELECT a.id FROM actors a WHERE a.session = labels.session)), labels.time)
            <= CASE WHEN EXISTS (SELECT 1 FROM ended_sessions e WHERE e.session = labels.session)
                THEN (SELECT max(e.time, $1) FROM ended_sessions e WHERE e.session = labels.session) ELSE $1 END)
        OR (retention = 2 AND EXISTS (
            SELECT 1 FROM verifications v JOIN snapshots s ON s.number = v.snapshot
            WHERE v.snapshot > labels.snapshot AND s.branch = (SELECT l.branch FROM snapshots l WHERE l.number = labels.snapshot)
            AND coalesce(v.failed, 0) = 0 AND (v.build = 2 OR (v.build = 0 AND v.passed IS NOT NULL))))
        """;

    /// <summary>Whether any label's retention is over.</summary>
    public bool IsDue(DateTimeOffset now) => database.Prepare($"SELECT 1 FROM labels WHERE {Due} LIMIT 1").Scalar(Before(now)) is not null;

    /// <summary>Takes them off. What only they held may expire from now on.</summary>
    /// <returns>How many.</returns>
    public int Run(DateTimeOffset now) => database.Prepare($"DELETE FROM labels WHERE {Due}").Execute(Before(now));

    private static long Before(DateTimeOffset now) => SnapshotTime.ToMicroseconds(now - SilentSession);
}
