using Savepoint.Model;

namespace Savepoint.Storage.Forgetting;

/// <summary>
/// Erases what programs printed while a path that is being forgotten was there. A compiler quotes the line that it does not
/// understand, a test is named after the value that it was given, an approach prints whatever it likes; nobody knows which
/// of it they had read out of that path, so all of it goes. What is left are outcomes, counts and who did what.
/// </summary>
/// <remarks>Inside one write of the database, with the store held alone.</remarks>
/// <param name="database">The database.</param>
/// <param name="first">The first snapshot that may have had the path.</param>
internal sealed class FindingsEraser(StoreDatabase database, long first)
{
    /// <summary>What stands in place of a reason.</summary>
    public const string Erased = "erased with a path that was forgotten";

    /// <summary>A verification without what was printed: neither names of tests and benchmarks, nor diagnostics, nor the commands.</summary>
    public static Verification Without(Verification verification) => verification with
    {
        Figures = [],
        FailingTests = verification.FailingTests is { Count: 0 } none ? none : null,
        Errors = [],
        Commands = CheckCommands.None,
    };

    public void Run()
    {
        EraseVerifications();
        EraseDecisions();
        EraseExperiments();
    }

    private void EraseVerifications()
    {
        var table = new VerificationTable(database);
        foreach (var snapshot in Numbers("SELECT DISTINCT snapshot FROM verifications WHERE snapshot >= $1"))
        {
            table.Of(new SnapshotNumber(snapshot)).ForEach(verification => table.Replace(Without(verification)));
        }
    }

    private void EraseDecisions()
    {
        var table = new DecisionTable(database);
        foreach (var decision in Numbers("SELECT id FROM decisions WHERE snapshot >= $1").Select(id => table.Find(id)!))
        {
            table.Replace(decision with { Reason = Erased, Numbers = [], Cause = Erased, Signals = "", Analysis = null });
        }
    }

    private void EraseExperiments()
    {
        foreach (var experiment in Numbers("SELECT id FROM experiments WHERE base >= $1 OR id IN (SELECT experiment FROM approaches WHERE snapshot >= $1)"))
        {
            database.Prepare("UPDATE experiments SET build = NULL, test = NULL, bench = NULL WHERE id = $1").Execute(experiment);
            var approaches = new List<(long Position, ApproachResult Result)>();
            using (var row = database.Prepare("SELECT position, name, details FROM approaches WHERE experiment = $1").Query(experiment))
            {
                while (row.Read())
                {
                    approaches.Add((row.GetInt64(0), ApproachDetails.Read(row.GetString(1), row.GetString(2))));
                }
            }

            approaches.ForEach(approach => database.Prepare("UPDATE approaches SET details = $3 WHERE experiment = $1 AND position = $2").Execute(experiment, approach.Position, ApproachDetails.Write(Without(approach.Result))));
        }
    }

    private static ApproachResult Without(ApproachResult approach) => approach with
    {
        Output = "",
        BuildReason = null,
        TestReason = null,
        FailingTests = null,
        NewlyFailing = [],
        Metrics = [],
        Unmeasured = [],
        Reasons = [Erased],
    };

    private List<long> Numbers(string sql) => database.Prepare(sql).Numbers(first);
}
