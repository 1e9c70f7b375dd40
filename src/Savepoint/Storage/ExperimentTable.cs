using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>The tables <c>experiments</c> and <c>approaches</c>: what was tried from which base, and what came of it.</summary>
internal sealed class ExperimentTable(StoreDatabase database, TrialTable trials)
{
    private const string Columns = "id, branch, base, time, elapsed, state, isolation, why, build, test, bench, winner, merged";
    private const int BasePosition = 0;

    /// <summary>Notes that one begins, and gives it its number; and with it that its process has branches for a while: one that dies in between would seem to run for good.</summary>
    /// <param name="draft">What is known of it.</param>
    /// <param name="prefixOf">The beginning of its branches' names, by its number.</param>
    public Experiment Begin(Experiment draft, Func<long, string> prefixOf) => database.Write(() =>
    {
        database.Prepare("INSERT INTO experiments (branch, base, time, elapsed, state, isolation, build, test, bench) VALUES ($1, $2, $3, 0, $4, 0, $5, $6, $7)").Execute(
            draft.Branch, draft.Base.Value, SnapshotTime.ToMicroseconds(draft.Time), (long)ExperimentState.Running, draft.Commands.Build, draft.Commands.Test, draft.Commands.Bench);
        var id = database.LastInsertedRow();
        trials.Insert(prefixOf(id));
        return draft with { Id = id, Time = SnapshotTime.FromMicroseconds(SnapshotTime.ToMicroseconds(draft.Time)) };
    });

    /// <summary>Records what came of it, all at once.</summary>
    public void Update(Experiment experiment) => database.Write(() =>
    {
        database.Prepare("UPDATE experiments SET elapsed = $2, state = $3, isolation = $4, why = $5, winner = $6, merged = $7 WHERE id = $1").Execute(
            experiment.Id, experiment.Elapsed.Ticks / TimeSpan.TicksPerMicrosecond, (long)experiment.State, (long)experiment.Isolation, experiment.IsolationReason, experiment.Winner, experiment.Merged?.Value);
        database.Prepare("DELETE FROM approaches WHERE experiment = $1").Execute(experiment.Id);
        var insert = database.Prepare("INSERT INTO approaches (experiment, position, name, branch, snapshot, details) VALUES ($1, $2, $3, $4, $5, $6)");
        foreach (var (position, approach) in experiment.Approaches.Select((approach, i) => (BasePosition + 1 + i, approach)).Concat(experiment.Baseline is { } baseline ? [(BasePosition, baseline)] : []))
        {
            insert.Execute(experiment.Id, (long)position, approach.Name, approach.Branch, approach.Snapshot?.Value, ApproachDetails.Write(approach));
        }
    });

    /// <summary>Notes that one ended without a result.</summary>
    public void Abandon(long id, ExperimentState state) => database.Write(() =>
        database.Prepare("UPDATE experiments SET state = $2 WHERE id = $1 AND state = $3").Execute(id, (long)state, (long)ExperimentState.Running));

    /// <summary>The newest, the newest first.</summary>
    public List<Experiment> Newest(int count) => Query("ORDER BY id DESC LIMIT $1", count);

    /// <summary>One by its number; null if there is none.</summary>
    public Experiment? Find(long id) => Query("WHERE id = $1", id).FirstOrDefault();

    private List<Experiment> Query(string which, long value) => database.ReadConsistently(() =>
    {
        var found = new List<Experiment>();
        using (var row = database.Prepare($"SELECT {Columns} FROM experiments {which}").Query(value))
        {
            while (row.Read())
            {
                found.Add(Read(row));
            }
        }

        return found.ConvertAll(WithApproaches);
    });

    private Experiment WithApproaches(Experiment experiment)
    {
        var (baseline, approaches) = ((ApproachResult?)null, new List<ApproachResult>());
        using var row = database.Prepare("SELECT position, name, branch, snapshot, details FROM approaches WHERE experiment = $1 ORDER BY position").Query(experiment.Id);
        while (row.Read())
        {
            var approach = ApproachDetails.Read(row.GetString(1), row.GetString(4)) with
            {
                Branch = row.TextOrNull(2),
                Snapshot = row.Int64OrNull(3) is { } number ? new SnapshotNumber(number) : null,
            };
            if (row.GetInt32(0) == BasePosition)
            {
                baseline = approach;
            }
            else
            {
                approaches.Add(approach);
            }
        }

        return experiment with { Baseline = baseline, Approaches = approaches };
    }

    private static Experiment Read(Row row) => new(row.GetInt64(0), row.GetString(1), new SnapshotNumber(row.GetInt64(2)), SnapshotTime.FromMicroseconds(row.GetInt64(3)))
    {
        Elapsed = TimeSpan.FromMicroseconds(row.GetInt64(4)),
        State = (ExperimentState)row.GetInt32(5),
        Isolation = (Isolation)row.GetInt32(6),
        IsolationReason = row.TextOrNull(7),
        Commands = new CheckCommands(row.TextOrNull(8), row.TextOrNull(9), row.TextOrNull(10)),
        Winner = row.TextOrNull(11),
        Merged = row.Int64OrNull(12) is { } merged ? new SnapshotNumber(merged) : null,
    };
}
