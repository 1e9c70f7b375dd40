namespace Savepoint.Storage.Repair;

/// <summary>What was found out, decided, tried and what happened, each a record by itself: one that is not as it was written is of no use. Inside a write.</summary>
internal sealed class UnsoundRecords(StoreDatabase database)
{
    private const string DoesNotMatch = "it did not match its hash";

    /// <summary>Deletes them; a line for each.</summary>
    public List<string> Drop()
    {
        var experiments = new ExperimentTable(database, new TrialTable(database));
        var dropped = EventTable.Unreadable(database).ConvertAll(id => Delete("events", id, $"event {id}"));
        dropped.AddRange(Unsound("verifications", new VerificationTable(database).IsSound).ConvertAll(id => Delete("verifications", id, $"verification {id}: {DoesNotMatch}")));
        dropped.AddRange(Unsound("decisions", new DecisionTable(database).IsSound).ConvertAll(id => Delete("decisions", id, $"decision {id}: {DoesNotMatch}")));
        dropped.AddRange(Unsound("experiments", id => experiments.Find(id) is not null).ConvertAll(id => Delete("experiments", id, $"experiment {id}: it cannot be read")));
        database.Prepare("DELETE FROM approaches WHERE experiment NOT IN (SELECT id FROM experiments)").Execute();
        return dropped;
    }

    private List<long> Unsound(string table, Func<long, bool> isSound) => database.Prepare($"SELECT id FROM {table}").Numbers().FindAll(id => !IsSound(id, isSound));

    private static bool IsSound(long id, Func<long, bool> isSound)
    {
        try
        {
            return isSound(id);
        }
        catch (Exception e) when (StoreVerifier.IsDamage(e))
        {
            return false;
        }
    }

    private string Delete(string table, long id, string line)
    {
        database.Prepare($"DELETE FROM {table} WHERE id = $1").Execute(id);
        return line;
    }
}
