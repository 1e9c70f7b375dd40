using System.Buffers.Binary;
using System.Text;
using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>The rows of <c>verifications</c>: appended, and changed only where something is forgotten, each with its hash.</summary>
internal sealed class VerificationTable(StoreDatabase database)
{
    private const string Columns = "id, snapshot, time, build, passed, failed, skipped, figures, hash, tests, details";

    /// <summary>Appends it with the next number.</summary>
    public Verification Append(Verification draft) => database.Write(() =>
    {
        var verification = draft with
        {
            Id = (database.Prepare("SELECT max(id) FROM verifications").Scalar() ?? 0) + 1,
            Time = SnapshotTime.FromMicroseconds(SnapshotTime.ToMicroseconds(draft.Time)),
            TestOutcome = draft.TestOutcome,
        };
        Write("INSERT INTO", verification);
        return verification;
    });

    /// <summary>Puts it in place of the row of its number: something that it said was forgotten. Inside a write.</summary>
    public void Replace(Verification verification) => Write("REPLACE INTO", verification);

    /// <summary>All that was found out about a snapshot's state, the newest first.</summary>
    public List<Verification> Of(SnapshotNumber snapshot) => database.Read(() =>
    {
        var found = new List<Verification>();
        using var row = database.Prepare($"SELECT {Columns} FROM verifications WHERE snapshot = $1 ORDER BY id DESC").Query(snapshot.Value);
        while (row.Read())
        {
            found.Add(Read(row));
        }

        return found;
    });

    /// <summary>
    /// The newest state on the way to <paramref name="head"/> whose newest verification passed: a state that was found
    /// broken after it had passed is none. Null if there is none.
    /// </summary>
    public Verification? NewestPassed(SnapshotNumber head) => Newest(head, verification => verification.IsPassed);

    /// <summary>
    /// The newest state on the way to <paramref name="head"/>, another than <paramref name="but"/>, of which it is known which tests
    /// fail: the newest verification of it that says so. Null if there is none.
    /// </summary>
    public Verification? NewestWithTests(SnapshotNumber head, SnapshotNumber but) => Newest(head, verification => verification.FailingTests is not null && verification.Snapshot != but, isNewestOnly: false);

    private Verification? Newest(SnapshotNumber head, Func<Verification, bool> isIt, bool isNewestOnly = true) => database.ReadConsistently(() =>
    {
        if (Lineage.Of(database, head.Value) is not { } lineage)
        {
            return null;
        }

        long? seen = null;
        using var row = database.Prepare($"SELECT {Columns} FROM verifications ORDER BY snapshot DESC, id DESC").Query();
        while (row.Read())
        {
            var verification = Read(row);
            var isNewestOfState = verification.Snapshot.Value != seen;
            seen = verification.Snapshot.Value;
            if ((isNewestOfState || !isNewestOnly) && isIt(verification) && IsOn(lineage, verification.Snapshot.Value))
            {
                return verification;
            }
        }

        return null;
    });

    /// <summary>What was found out about other states on the way to one, before it was: the newest state first, no more than <paramref name="count"/>.</summary>
    public List<Verification> Before(Verification verification, int count) => database.ReadConsistently(() =>
    {
        var found = new List<Verification>();
        if (Lineage.Of(database, verification.Snapshot.Value) is not { } lineage)
        {
            return found;
        }

        using var row = database.Prepare($"SELECT {Columns} FROM verifications WHERE id < $1 AND snapshot <> $2 ORDER BY snapshot DESC, id DESC").Query(verification.Id, verification.Snapshot.Value);
        while (found.Count < count && row.Read())
        {
            if (IsOn(lineage, row.GetInt64(1)))
            {
                found.Add(Read(row));
            }
        }

        return found;
    });

    /// <summary>Whether a row holds what its hash says. Inside a read of the database.</summary>
    public bool IsSound(long id)
    {
        using var row = database.Prepare($"SELECT {Columns} FROM verifications WHERE id = $1").Query(id);
        return row.Read() && row.Bytes(8).AsSpan().SequenceEqual(
            Hash([row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.Int64OrNull(4) ?? -1, row.Int64OrNull(5) ?? -1, row.Int64OrNull(6) ?? -1], row.TextOrNull(7), row.GetInt64(9), row.TextOrNull(10)));
    }

    private void Write(string verb, Verification verification)
    {
        var (time, tests, figures) = (SnapshotTime.ToMicroseconds(verification.Time), verification.Tests, FigureLines.Write(verification.Figures));
        var (outcome, details) = ((long)verification.TestOutcome, VerificationDetails.Write(verification));
        var hash = Hash([verification.Id, verification.Snapshot.Value, time, (long)verification.Build, tests?.Passed ?? -1, tests?.Failed ?? -1, tests?.Skipped ?? -1], figures, outcome, details);
        database.Prepare($"{verb} verifications ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
            .Execute(verification.Id, verification.Snapshot.Value, time, (long)verification.Build, tests?.Passed, tests?.Failed, tests?.Skipped, figures, hash, outcome, details);
    }

    private bool IsOn(Lineage lineage, long snapshot) =>
        database.Prepare("SELECT branch FROM snapshots WHERE number = $1").Scalar(snapshot) is { } branch && lineage.Contains(branch, snapshot);

    private static Verification Read(Row row) => VerificationDetails.Read(row.TextOrNull(10), new Verification(
        row.GetInt64(0),
        new SnapshotNumber(row.GetInt64(1)),
        SnapshotTime.FromMicroseconds(row.GetInt64(2)),
        (BuildResult)row.GetInt32(3),
        row.IsNull(4) && row.IsNull(5) && row.IsNull(6) ? null : new TestCounts(row.GetInt64(4), row.GetInt64(5), row.GetInt64(6)),
        FigureLines.Read(row.TextOrNull(7)))
    { TestOutcome = (CheckOutcome)row.GetInt32(9) });

    /// <summary>
    /// Of the form that docs/file-format.md gives: the numbers of the row, −1 for none, then the figures behind their length; and the outcome of
    /// the tests and the details behind their length, if the row has any of the two.
    /// </summary>
    private static byte[] Hash(ReadOnlySpan<long> numbers, string? figures, long outcome, string? details)
    {
        var form = new MemoryStream();
        foreach (var number in numbers)
        {
            Write(form, number);
        }

        Write(form, figures);
        if (outcome != 0 || details is not null)
        {
            Write(form, outcome);
            Write(form, details);
        }

        return ContentId.Of(form.ToArray()).ToBytes();
    }

    private static void Write(MemoryStream form, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        form.Write(bytes);
    }

    private static void Write(MemoryStream form, string? text)
    {
        var bytes = text is null ? null : Encoding.UTF8.GetBytes(text);
        Write(form, bytes?.Length ?? -1);
        form.Write(bytes ?? []);
    }
}
