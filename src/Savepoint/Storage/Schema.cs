namespace Savepoint.Storage;

/// <summary>The tables of the newest format, and the way to them from older ones. What each means stands in docs/file-format.md, which comes first.</summary>
internal static class Schema
{
    /// <summary>The format that this version writes.</summary>
    public const int Version = 8;

    /// <summary>What takes a store from format <c>i + 1</c> to the next, by index.</summary>
    public static IReadOnlyList<string> Migrations { get; } =
    [
        "CREATE TABLE packs (id INTEGER PRIMARY KEY AUTOINCREMENT, size INTEGER NOT NULL, data BLOB NOT NULL)",
        Announcements,
        Verifications + ActorIndex + ToolCalls + Merges + Observations + "ALTER TABLE snapshots ADD COLUMN elapsed INTEGER;",
        WorkingCopies + VerificationDetails + Decisions + Trials + Keeping,
        Bases,
        Lost,
        Policies + DecidedEvents,
    ];

    /// <summary>What is under way, and who watches: rows that mean nothing once their process is gone.</summary>
    private const string Announcements = """
        -- A number is never given again, so that by it one can tell what was announced later.
        CREATE TABLE spans (
            id INTEGER PRIMARY KEY AUTOINCREMENT, branch TEXT NOT NULL, process INTEGER NOT NULL, process_start INTEGER NOT NULL,
            time INTEGER NOT NULL, agent TEXT, session TEXT, turn TEXT, tool_call TEXT, tool TEXT, message TEXT, paths BLOB);
        CREATE TABLE watchers (
            branch TEXT PRIMARY KEY, process INTEGER NOT NULL, process_start INTEGER NOT NULL, time INTEGER NOT NULL,
            directories INTEGER NOT NULL, limited INTEGER NOT NULL) WITHOUT ROWID;
        """;

    /// <summary>What was found out about states.</summary>
    private const string Verifications = """
        CREATE TABLE verifications (
            id INTEGER PRIMARY KEY, snapshot INTEGER NOT NULL, time INTEGER NOT NULL, build INTEGER NOT NULL,
            passed INTEGER, failed INTEGER, skipped INTEGER, figures TEXT, hash BLOB NOT NULL);
        CREATE INDEX verifications_by_snapshot ON verifications (snapshot);
        """;

    /// <summary>What checks found out beyond numbers: which tests fail, what the compiler says, what was run.</summary>
    private const string VerificationDetails = """

        ALTER TABLE verifications ADD COLUMN tests INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE verifications ADD COLUMN details TEXT;
        """;

    /// <summary>Each capture looks its actor up, and a long history has one for each turn.</summary>
    private const string ActorIndex = """

        CREATE INDEX actors_by_session ON actors (session, turn, agent);
        """;

    /// <summary>Tool calls that one process announces and another ends, and the turns they belong to.</summary>
    private const string ToolCalls = """

        ALTER TABLE spans ADD COLUMN likelihood INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE turns (
            session TEXT NOT NULL, number INTEGER NOT NULL, agent TEXT, turn TEXT NOT NULL, time INTEGER NOT NULL, prompt TEXT,
            PRIMARY KEY (session, number)) WITHOUT ROWID;
        """;

    /// <summary>What compaction merged.</summary>
    private const string Merges = """

        CREATE TABLE merges (
            last INTEGER NOT NULL, freed INTEGER NOT NULL, first INTEGER NOT NULL, operations INTEGER NOT NULL, rule INTEGER NOT NULL,
            PRIMARY KEY (last, freed)) WITHOUT ROWID;
        -- The numbers that a merge took in, but for its last; the snapshots of a freed one are gone.
        CREATE TABLE merged (number INTEGER PRIMARY KEY, last INTEGER NOT NULL, freed INTEGER NOT NULL);
        CREATE INDEX snapshots_by_target ON snapshots (target) WHERE target IS NOT NULL;
        CREATE TABLE compactions (branch INTEGER NOT NULL, level INTEGER NOT NULL, upto INTEGER NOT NULL, PRIMARY KEY (branch, level)) WITHOUT ROWID;
        """;

    /// <summary>What is kept for how long, and what was erased for good.</summary>
    private const string Keeping = """

        CREATE TABLE ended_sessions (session TEXT PRIMARY KEY, time INTEGER NOT NULL) WITHOUT ROWID;
        -- The snapshots that changed a path whose contents were erased; a snapshot of 0 says that the erasing is not finished.
        CREATE TABLE forgotten (path BLOB NOT NULL, snapshot INTEGER NOT NULL, upto INTEGER NOT NULL, time INTEGER NOT NULL, PRIMARY KEY (path, snapshot)) WITHOUT ROWID;
        CREATE INDEX forgotten_by_snapshot ON forgotten (snapshot);

        """;

    /// <summary>What happened beside the snapshots, and what is counted. The totals of contents keep themselves: docs/file-format.md.</summary>
    private const string Observations = """
        -- A number is never given again, so that whoever has read up to one has read all before it.
        CREATE TABLE events (
            id INTEGER PRIMARY KEY AUTOINCREMENT, after INTEGER NOT NULL, time INTEGER NOT NULL, name TEXT NOT NULL, details TEXT NOT NULL);
        CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE content_totals (
            method INTEGER PRIMARY KEY, upto INTEGER NOT NULL, count INTEGER NOT NULL, size INTEGER NOT NULL, stored INTEGER NOT NULL);
        CREATE TRIGGER content_totals_deleted AFTER DELETE ON contents WHEN old.id <= (SELECT max(upto) FROM content_totals) BEGIN
            UPDATE content_totals SET count = count - 1, size = size - old.size, stored = stored - length(old.data) WHERE method = old.method;
            -- The number of the newest content is given again once that is deleted.
            UPDATE content_totals SET upto = min(upto, (SELECT coalesce(max(id), 0) FROM contents));
        END;
        CREATE TRIGGER content_totals_moved AFTER UPDATE OF method, data ON contents WHEN old.id <= (SELECT max(upto) FROM content_totals) BEGIN
            UPDATE content_totals SET count = count - 1, size = size - old.size, stored = stored - length(old.data) WHERE method = old.method;
            INSERT INTO content_totals VALUES (new.method, old.id, 1, new.size, length(new.data))
                ON CONFLICT DO UPDATE SET count = count + 1, size = size + new.size, stored = stored + length(new.data);
        END;

        """;

    /// <summary>Where branches are worked on, and what their overlays lie on.</summary>
    private const string WorkingCopies = """

        CREATE TABLE working_copies (
            branch INTEGER PRIMARY KEY, isolation INTEGER NOT NULL, directory TEXT NOT NULL, base INTEGER, why TEXT, step INTEGER NOT NULL,
            aside TEXT, process INTEGER NOT NULL, process_start INTEGER NOT NULL);
        CREATE TABLE frozen_bases (
            snapshot INTEGER PRIMARY KEY, directory TEXT NOT NULL, step INTEGER NOT NULL, process INTEGER NOT NULL, process_start INTEGER NOT NULL);

        """;

    /// <summary>A snapshot may have several bases, made when other ignored files were there.</summary>
    private const string Bases = """

        ALTER TABLE frozen_bases RENAME TO old_bases;
        CREATE TABLE frozen_bases (
            id INTEGER PRIMARY KEY AUTOINCREMENT, snapshot INTEGER NOT NULL, directory TEXT NOT NULL, step INTEGER NOT NULL,
            process INTEGER NOT NULL, process_start INTEGER NOT NULL, ignored BLOB);
        INSERT INTO frozen_bases (id, snapshot, directory, step, process, process_start)
            SELECT snapshot, snapshot, directory, step, process, process_start FROM old_bases;
        DROP TABLE old_bases;

        """;

    /// <summary>Numbers that were given, and whose snapshots the store has no more.</summary>
    private const string Lost = """

        CREATE TABLE lost (last INTEGER PRIMARY KEY, first INTEGER NOT NULL, time INTEGER NOT NULL, listed INTEGER NOT NULL);

        """;

    /// <summary>What the policies decided, each with what it was decided from.</summary>
    private const string Decisions = """
        CREATE TABLE decisions (
            id INTEGER PRIMARY KEY, snapshot INTEGER NOT NULL, time INTEGER NOT NULL, rule TEXT NOT NULL, action TEXT NOT NULL, mode INTEGER NOT NULL,
            target INTEGER, retention INTEGER, reason TEXT NOT NULL, numbers TEXT NOT NULL, cause TEXT NOT NULL, signals TEXT NOT NULL,
            analysis TEXT, outcome INTEGER NOT NULL, result TEXT, hash BLOB NOT NULL);

        """;

    /// <summary>What decisions were made by: the same text for very many of them.</summary>
    private const string Policies = """

        CREATE TABLE policies (id INTEGER PRIMARY KEY, policy TEXT NOT NULL UNIQUE);

        """;

    /// <summary>An event of a decision repeated what the decision's row says.</summary>
    private const string DecidedEvents = """
        UPDATE events SET details = json_object('decision', details -> 'decision', 'outcome', details -> 'outcome') WHERE name = 'policy:decision' AND json_valid(details);

        """;

    /// <summary>What was tried, and what is there for a while only.</summary>
    private const string Trials = """

        CREATE TABLE trials (prefix TEXT PRIMARY KEY, process INTEGER NOT NULL, process_start INTEGER NOT NULL) WITHOUT ROWID;
        -- A number is never given again: it is part of the names of its branches.
        CREATE TABLE experiments (
            id INTEGER PRIMARY KEY AUTOINCREMENT, branch TEXT NOT NULL, base INTEGER NOT NULL, time INTEGER NOT NULL, elapsed INTEGER NOT NULL,
            state INTEGER NOT NULL, isolation INTEGER NOT NULL, why TEXT, build TEXT, test TEXT, bench TEXT, winner TEXT, merged INTEGER);
        CREATE TABLE approaches (
            experiment INTEGER NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, branch TEXT, snapshot INTEGER, details TEXT NOT NULL,
            PRIMARY KEY (experiment, position)) WITHOUT ROWID;

        """;

    public const string Sql = """
        CREATE TABLE paths (id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE);

        CREATE TABLE contents (
            id INTEGER PRIMARY KEY, hash BLOB NOT NULL, size INTEGER NOT NULL,
            method INTEGER NOT NULL, base INTEGER, position INTEGER NOT NULL, data BLOB NOT NULL);
        -- Eight bytes of the hash find the row, the whole is compared: 24 bytes less a content than an index on all.
        CREATE INDEX contents_by_hash ON contents (substr(hash, 1, 8));

        -- A pack's number is never given again: whoever has decoded it may keep its bytes by that number.
        CREATE TABLE packs (id INTEGER PRIMARY KEY AUTOINCREMENT, size INTEGER NOT NULL, data BLOB NOT NULL);

        CREATE TABLE actors (id INTEGER PRIMARY KEY, agent TEXT, session TEXT, turn TEXT);
        CREATE TABLE git_heads (id INTEGER PRIMARY KEY, commit_id TEXT, branch TEXT);

        CREATE TABLE branches (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, head INTEGER, fork INTEGER);
        INSERT INTO branches (id, name) VALUES (1, 'main');

        CREATE TABLE snapshots (
            number INTEGER PRIMARY KEY, parent INTEGER, branch INTEGER NOT NULL, kind INTEGER NOT NULL, time INTEGER NOT NULL,
            actor INTEGER, tool_call TEXT, tool TEXT, message TEXT, operations INTEGER NOT NULL, target INTEGER,
            redoable INTEGER NOT NULL, exit_code INTEGER, duration INTEGER, git INTEGER,
            complete INTEGER NOT NULL, scanned INTEGER NOT NULL, skipped BLOB, hash BLOB NOT NULL, elapsed INTEGER);
        CREATE INDEX snapshots_by_actor ON snapshots (actor, number) WHERE actor IS NOT NULL;

        CREATE TABLE changes (
            path INTEGER NOT NULL, branch INTEGER NOT NULL, snapshot INTEGER NOT NULL, previous INTEGER NOT NULL,
            state INTEGER NOT NULL, content INTEGER, moved INTEGER,
            PRIMARY KEY (path, branch, snapshot)) WITHOUT ROWID;
        CREATE INDEX changes_by_snapshot ON changes (snapshot);

        CREATE TABLE tree (
            branch INTEGER NOT NULL, path INTEGER NOT NULL, changed INTEGER NOT NULL,
            PRIMARY KEY (branch, path)) WITHOUT ROWID;

        CREATE TABLE labels (
            name TEXT PRIMARY KEY, snapshot INTEGER NOT NULL, kind INTEGER NOT NULL, retention INTEGER NOT NULL,
            time INTEGER NOT NULL, session TEXT) WITHOUT ROWID;

        CREATE TABLE restores (
            id INTEGER PRIMARY KEY, branch TEXT NOT NULL, kind INTEGER NOT NULL, time INTEGER NOT NULL, target INTEGER,
            redoable INTEGER NOT NULL, agent TEXT, session TEXT, turn TEXT, tool_call TEXT, tool TEXT, message TEXT);
        CREATE TABLE restore_steps (
            restore INTEGER NOT NULL, step INTEGER NOT NULL, path BLOB NOT NULL,
            before_state INTEGER NOT NULL, before_content BLOB, before_size INTEGER,
            after_state INTEGER NOT NULL, after_content BLOB, after_size INTEGER,
            PRIMARY KEY (restore, step)) WITHOUT ROWID;

        """ + Announcements + Verifications + ActorIndex + ToolCalls + Merges + Observations + WorkingCopies + VerificationDetails + Decisions + Trials + Keeping + Bases + Lost + Policies
        + $"INSERT INTO counters (name, value) VALUES ('{SkippedEntries.Counter}', 0), ('{SkippedEntries.IgnoredCounter}', 0);";
}
