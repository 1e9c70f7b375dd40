using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>
/// The tables <c>branches</c> and <c>working_copies</c>: which lines of history there are, and where each is worked on. A branch
/// other than <c>main</c> without a working copy was deleted; its snapshots stay until gc. Inside a read or write of the database.
/// </summary>
internal sealed class BranchTable(StoreDatabase database, SnapshotReader reader)
{
    /// <summary>The branch that every store begins with.</summary>
    public const string Main = "main";

    private const string Columns = "SELECT branch, name, isolation, directory, base, why, step, aside, process, process_start FROM working_copies JOIN branches ON id = branch";

    /// <summary>Adds a branch whose working copy this process is about to make.</summary>
    /// <exception cref="SavepointException">The name is taken, or not allowed.</exception>
    public WorkingCopyRow Add(string name, SnapshotNumber fork, Isolation isolation, Func<long, (string Directory, string Aside)> place)
    {
        RefuseTaken(name);
        FreeName(name);
        database.Prepare("INSERT INTO branches (name, fork) VALUES ($1, $2)").Execute(name, fork.Value);
        var id = database.LastInsertedRow();
        var (directory, aside) = place(id);
        var row = new WorkingCopyRow { Id = id, Name = name, Isolation = isolation, Directory = directory, Aside = aside, Owner = ProcessIdentity.Own };
        database.Prepare("INSERT INTO working_copies (branch, isolation, directory, step, aside, process, process_start) VALUES ($1, $2, $3, $4, $5, $6, $7)")
            .Execute(id, (long)isolation, directory, (long)row.Step, aside, (long)row.Owner.Number, row.Owner.StartedAt);
        return row;
    }

    /// <summary>Refuses a name that no branch can have, or that something else has.</summary>
    /// <exception cref="SavepointException">It is not allowed, a label's, or a branch's.</exception>
    public void RefuseTaken(string name)
    {
        if (Label.NameProblem(name) is { } problem)
        {
            throw Refused($"'{name}' cannot name a branch: {problem}.");
        }

        if (new LabelTable(database).Find(name) is { } label)
        {
            throw Refused($"'{name}' is a label, on snapshot {label.Snapshot}.");
        }

        if (name == Main || Find(name) is not null)
        {
            throw new SavepointException(ErrorCode.InvalidName, $"There is a branch '{name}' already.", name == Main ? "Choose another name." : $"Choose another name, or delete it with 'savepoint branch delete {name}'.");
        }
    }

    /// <summary>The working copy of a branch, ready or not; null if there is no branch of that name, it was deleted, or it is <c>main</c>.</summary>
    public WorkingCopyRow? Find(string name) => Query("WHERE name = $1", name).FirstOrDefault();

    /// <summary>All working copies, ready or not, the oldest branch first.</summary>
    public List<WorkingCopyRow> All() => Query("ORDER BY branch");

    /// <summary>The branches that can be worked on, <c>main</c> first.</summary>
    public List<string> Names() => [Main, .. All().Where(row => row.Step == FolderStep.Ready).Select(row => row.Name)];

    /// <summary>The number of a branch; null if there is none of that name.</summary>
    public long? IdOf(string name) => database.Prepare("SELECT id FROM branches WHERE name = $1").Scalar(name);

    /// <summary>Where a branch began; null for <c>main</c>.</summary>
    public SnapshotNumber? ForkOf(string name) => database.Prepare("SELECT fork FROM branches WHERE name = $1").Scalar(name) is { } fork ? new SnapshotNumber(fork) : null;

    /// <summary>Replaces what is said of a working copy.</summary>
    public void Update(WorkingCopyRow row) => database
        .Prepare("UPDATE working_copies SET isolation = $2, directory = $3, base = $4, why = $5, step = $6, aside = $7, process = $8, process_start = $9 WHERE branch = $1")
        .Execute(row.Id, (long)row.Isolation, row.Directory, row.Base, row.Why, (long)row.Step, row.Aside, (long)row.Owner.Number, row.Owner.StartedAt);

    /// <summary>Ends a branch: nobody works on it any more. One without a snapshot of its own, that nothing began at, is gone at once.</summary>
    public void Remove(WorkingCopyRow row)
    {
        foreach (var table in (string[])["spans", "watchers"])
        {
            database.Prepare($"DELETE FROM {table} WHERE branch = $1").Execute(row.Name);
        }

        database.Prepare("DELETE FROM restore_steps WHERE restore IN (SELECT id FROM restores WHERE branch = $1)").Execute(row.Name);
        database.Prepare("DELETE FROM restores WHERE branch = $1").Execute(row.Name); // what it would have finished is gone with the copy
        database.Prepare("DELETE FROM working_copies WHERE branch = $1").Execute(row.Id);
        database.Prepare("DELETE FROM branches WHERE id = $1 AND head IS NULL").Execute(row.Id);
    }

    /// <summary>
    /// Gives a deleted branch another name, so that a new one can have its. The name is part of each record's hash: those
    /// that match theirs are computed anew, so that a damaged one stays known as damaged.
    /// </summary>
    private void FreeName(string name)
    {
        if (IdOf(name) is not { } id)
        {
            return;
        }

        var sound = Numbers(id).FindAll(number => reader.QueryWithHash("s.number = $1", number) is [var (snapshot, hash)] && SnapshotHash.Compute(snapshot).AsSpan().SequenceEqual(hash));
        database.Prepare("UPDATE branches SET name = $2 WHERE id = $1").Execute(id, $"{name}@{id}");
        foreach (var number in sound)
        {
            database.Prepare("UPDATE snapshots SET hash = $2 WHERE number = $1").Execute(number, SnapshotHash.Compute(reader.Find(number)!));
        }
    }

    private List<long> Numbers(long branch)
    {
        var numbers = new List<long>();
        using var row = database.Prepare("SELECT number FROM snapshots WHERE branch = $1").Query(branch);
        while (row.Read())
        {
            numbers.Add(row.GetInt64(0));
        }

        return numbers;
    }

    private List<WorkingCopyRow> Query(string rest, params ReadOnlySpan<object?> values)
    {
        var rows = new List<WorkingCopyRow>();
        using var row = database.Prepare($"{Columns} {rest}").Query(values);
        while (row.Read())
        {
            rows.Add(new WorkingCopyRow
            {
                Id = row.GetInt64(0),
                Name = row.GetString(1),
                Isolation = (Isolation)row.GetInt32(2),
                Directory = row.GetString(3),
                Base = row.Int64OrNull(4),
                Why = row.TextOrNull(5),
                Step = (FolderStep)row.GetInt32(6),
                Aside = row.TextOrNull(7),
                Owner = new ProcessIdentity(row.GetInt32(8), row.GetInt64(9)),
            });
        }

        return rows;
    }

    private static SavepointException Refused(string message) => new(ErrorCode.InvalidName, message, "Choose another name.");
}
