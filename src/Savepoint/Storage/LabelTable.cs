using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>The rows of <c>labels</c>. Inside a read or write of the database.</summary>
internal sealed class LabelTable(StoreDatabase database)
{
    public void Add(Label label)
    {
        if (Label.NameProblem(label.Name) is { } problem)
        {
            throw new SavepointException(ErrorCode.InvalidName, $"'{label.Name}' cannot name a state: {problem}.", "Choose another name.");
        }

        if (Find(label.Name) is { } taken)
        {
            throw new SavepointException(ErrorCode.InvalidName, $"The label '{label.Name}' exists, on snapshot {taken.Snapshot}.", $"Choose another name, or take it off with 'savepoint unlabel {label.Name}'.");
        }

        if (database.Prepare("SELECT id FROM branches WHERE name = $1").Scalar(label.Name) is not null)
        {
            throw new SavepointException(ErrorCode.InvalidName, $"'{label.Name}' is a branch.", "Choose another name.");
        }

        database.Prepare("INSERT INTO labels (name, snapshot, kind, retention, time, session) VALUES ($1, $2, $3, $4, $5, $6)")
            .Execute(label.Name, label.Snapshot.Value, (long)label.Kind, (long)label.Retention, SnapshotTime.ToMicroseconds(label.Time), label.Session);
    }

    public bool Remove(string name) => database.Prepare("DELETE FROM labels WHERE name = $1").Execute(name) > 0;

    public Label? Find(string name) => Query("WHERE name = $1", name).FirstOrDefault();

    /// <summary>All labels, the newest snapshot first.</summary>
    public List<Label> All() => Query("ORDER BY snapshot DESC, name");

    private List<Label> Query(string rest, params ReadOnlySpan<object?> values)
    {
        var labels = new List<Label>();
        using var row = database.Prepare($"SELECT name, snapshot, kind, retention, time, session FROM labels {rest}").Query(values);
        while (row.Read())
        {
            labels.Add(new Label(row.GetString(0), new SnapshotNumber(row.GetInt64(1)), (LabelKind)row.GetInt32(2), (Retention)row.GetInt32(3), SnapshotTime.FromMicroseconds(row.GetInt64(4)), row.TextOrNull(5)));
        }

        return labels;
    }
}
