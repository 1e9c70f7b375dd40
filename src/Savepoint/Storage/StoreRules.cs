namespace Savepoint.Storage;

/// <summary>
/// What holds between the rows of a sound store and no hash covers: each rule counts the rows that break it. Derived
/// columns must be what they are derived from, and references must lead somewhere.
/// </summary>
internal static class StoreRules
{
    /// <summary>Each rule: what is wrong with the rows it counts, to follow their number, and the count.</summary>
    public static IReadOnlyList<(string Table, string Problem, string Count)> All { get; } =
    [
        ("tree", "paths do not stand at their newest change", """
            SELECT count(*) FROM (SELECT path, branch, max(snapshot) AS newest FROM changes GROUP BY path, branch) c
            LEFT JOIN tree t ON t.branch = c.branch AND t.path = c.path WHERE t.changed IS NOT c.newest
            """),
        ("branches", "do not end at their newest snapshot", """
            SELECT count(*) FROM branches b WHERE b.head IS NOT (SELECT max(s.number) FROM snapshots s WHERE s.branch = b.id)
            """),
        ("branches", "begin nowhere, or at a snapshot that is not there", """
            SELECT count(*) FROM branches WHERE (fork IS NULL) <> (id = 1) OR fork NOT IN (SELECT number FROM snapshots)
            """),
        ("snapshots", "follow, or lead back to, what is not before them", """
            SELECT count(*) FROM snapshots s WHERE parent >= number OR target >= number OR parent NOT IN (SELECT number FROM snapshots)
            """),
        ("snapshots", "neither say that they are complete nor that they are not", "SELECT count(*) FROM snapshots WHERE complete NOT IN (0, 1)"),
        ("changes", "follow a change that is not there", """
            SELECT count(*) FROM changes c WHERE c.previous <> 0
            AND NOT EXISTS (SELECT 1 FROM changes p WHERE p.path = c.path AND p.snapshot = c.previous)
            """),
        ("changes", "have a content where their state has none, or lack one", """
            SELECT count(*) FROM changes WHERE (content IS NOT NULL) <> (state >> 12 IN (1, 2))
            """),
        ("changes", "are links with a mode", "SELECT count(*) FROM changes WHERE state >> 12 = 2 AND state & 4095 <> 0"),
        ("changes", "are half of a move whose other half is missing", """
            SELECT count(*) FROM changes c WHERE c.moved IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM changes o WHERE o.path = c.moved AND o.snapshot = c.snapshot AND o.moved = c.path)
            """),
        ("merges", "do not lead to snapshots that are there", """
            SELECT count(*) FROM merges WHERE first >= last OR last NOT IN (SELECT number FROM snapshots) OR (freed = 0 AND first NOT IN (SELECT number FROM snapshots))
            """),
        ("merged", "are not there though nothing freed them, or are though something did", """
            SELECT count(*) FROM merged n LEFT JOIN merges m ON m.last = n.last AND m.freed = n.freed
            WHERE m.last IS NULL OR n.number >= n.last OR (m.freed <> 0) = (n.number IN (SELECT number FROM snapshots))
            """),
        ("lost", "name numbers whose snapshots are there, or none", """
            SELECT count(*) FROM lost l WHERE first > last OR first < 1 OR EXISTS (SELECT 1 FROM snapshots WHERE number BETWEEN l.first AND l.last)
            """),
        ("contents", "have a base or a position that does not fit their method", """
            SELECT count(*) FROM contents c LEFT JOIN contents b ON b.id = c.base
            WHERE (c.method IN (2, 5)) <> (b.id IS NOT NULL) OR (c.base IS NULL) <> (b.id IS NULL) OR (b.id IS NULL AND c.position <> 0) OR c.position <= b.position
            """),
    ];
}
