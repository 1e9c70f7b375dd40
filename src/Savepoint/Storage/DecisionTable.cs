using System.Globalization;
using System.Text;
using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>The rows of <c>decisions</c>: appended; of one that is there only outcome and result change, until something is forgotten. Inside a read or write of the database.</summary>
internal sealed class DecisionTable(StoreDatabase database)
{
    /// <summary>What was decided longer ago than so many decisions is forgotten.</summary>
    public const int MaxRows = 10_000;

    private const string Columns = "id, snapshot, time, rule, action, mode, target, retention, reason, numbers, cause, signals, analysis, outcome, result, hash";

    private readonly PolicyTable _policies = new(database);

    /// <summary>Appends it with the next number. Inside a write.</summary>
    public Decision Append(Decision draft)
    {
        var decision = draft with { Id = (database.Prepare("SELECT max(id) FROM decisions").Scalar() ?? 0) + 1, Time = SnapshotTime.FromMicroseconds(SnapshotTime.ToMicroseconds(draft.Time)) };
        Write("INSERT INTO", decision);
        database.Prepare("DELETE FROM decisions WHERE id <= $1").Execute(decision.Id - MaxRows);
        return decision;
    }

    /// <summary>Says what became of it. Inside a write.</summary>
    public Decision Settle(Decision decision, DecisionOutcome outcome, string? result)
    {
        var settled = decision with { Outcome = outcome, Result = result };
        Replace(settled);
        return settled;
    }

    /// <summary>Puts it in place of the row of its number. Inside a write.</summary>
    public void Replace(Decision decision) => Write("REPLACE INTO", decision);

    public Decision? Find(long id) => Query("WHERE id = $1", id).FirstOrDefault();

    /// <summary>The newest first, no more than <paramref name="count"/>.</summary>
    public List<Decision> Newest(long count) => Query("ORDER BY id DESC LIMIT $1", count);

    /// <summary>The states from one on that something was decided about by one of these rules.</summary>
    public HashSet<SnapshotNumber> Snapshots(IReadOnlyList<string> rules, SnapshotNumber from)
    {
        // Decisions are about what was just recorded, so their numbers rise with the snapshots': no older one is worth a look.
        var found = new HashSet<SnapshotNumber>();
        using var row = database.Prepare("SELECT snapshot, rule FROM decisions ORDER BY id DESC").Query();
        while (row.Read() && row.GetInt64(0) >= from.Value)
        {
            if (rules.Contains(row.GetString(1)))
            {
                found.Add(new SnapshotNumber(row.GetInt64(0)));
            }
        }

        return found;
    }

    /// <summary>Whether a row holds what its hash says.</summary>
    public bool IsSound(long id)
    {
        using var row = database.Prepare($"SELECT {Columns} FROM decisions WHERE id = $1").Query(id);
        return row.Read() && row.Bytes(15).AsSpan().SequenceEqual(Hash(Read(row)));
    }

    private void Write(string verb, Decision decision) =>
        database.Prepare($"{verb} decisions ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)").Execute(
            decision.Id, decision.Snapshot.Value, SnapshotTime.ToMicroseconds(decision.Time), decision.Rule, decision.Action, (long)decision.Mode, decision.Target?.Value, (long?)decision.Retention,
            decision.Reason, DecisionText.Write(decision.Numbers), decision.Cause, _policies.Fold(decision.Signals), DecisionText.Write(decision.Analysis), (long)decision.Outcome, decision.Result, Hash(decision));

    private List<Decision> Query(string rest, params ReadOnlySpan<object?> values)
    {
        var decisions = new List<Decision>();
        using var row = database.Prepare($"SELECT {Columns} FROM decisions {rest}").Query(values);
        while (row.Read())
        {
            decisions.Add(Read(row));
        }

        return decisions;
    }

    private Decision Read(Row row) => new()
    {
        Id = row.GetInt64(0),
        Snapshot = new SnapshotNumber(row.GetInt64(1)),
        Time = SnapshotTime.FromMicroseconds(row.GetInt64(2)),
        Rule = row.GetString(3),
        Action = row.GetString(4),
        Mode = (PolicyMode)row.GetInt32(5),
        Target = row.Int64OrNull(6) is { } target ? new SnapshotNumber(target) : null,
        Retention = (Retention?)row.Int64OrNull(7),
        Reason = row.GetString(8),
        Numbers = DecisionText.ReadNumbers(row.GetString(9)),
        Cause = row.GetString(10),
        Signals = _policies.Unfold(row.GetString(11)),
        Analysis = DecisionText.ReadAnalysis(row.TextOrNull(12)),
        Outcome = (DecisionOutcome)row.GetInt32(13),
        Result = row.TextOrNull(14),
    };

    /// <summary>Of the form that docs/file-format.md gives: each column's text behind its length in bytes, or −1 for none; the signals with their policy's text.</summary>
    private static byte[] Hash(Decision decision)
    {
        string?[] columns =
        [
            Number(decision.Id), Number(decision.Snapshot.Value), Number(SnapshotTime.ToMicroseconds(decision.Time)), decision.Rule, decision.Action, Number((long)decision.Mode),
            Number(decision.Target?.Value), Number((long?)decision.Retention), decision.Reason, DecisionText.Write(decision.Numbers), decision.Cause, decision.Signals,
            DecisionText.Write(decision.Analysis), Number((long)decision.Outcome), decision.Result,
        ];
        var form = new StringBuilder();
        foreach (var column in columns)
        {
            form.Append(CultureInfo.InvariantCulture, $"{(column is null ? -1 : Encoding.UTF8.GetByteCount(column))}:{column}\n");
        }

        return ContentId.Of(Encoding.UTF8.GetBytes(form.ToString())).ToBytes();
    }

    private static string? Number(long? value) => value?.ToString(CultureInfo.InvariantCulture);
}
