using Savepoint.Events;
using Savepoint.Model;
using Savepoint.Storage.Milestones;

namespace Savepoint.Storage.Repair;

/// <summary>
/// Where names of states are lost, gives the archives theirs again, or one made of their number: a clean-up deletes an archive that no
/// milestone names. And it frees a deleted branch that no name holds, so each of them has one. Inside a write, after <see cref="CopyRescue"/>.
/// </summary>
internal sealed class LabelRescue(StoreDatabase database, MilestoneStore archives)
{
    private readonly LabelTable _labels = new(database);

    /// <summary>What names what, a line each.</summary>
    public List<string> Recovered { get; } = [];

    public void Run()
    {
        GiveOwnNames();
        foreach (var number in archives.Numbers().Where(number => !_labels.All().Exists(label => label.Snapshot == number && label.Kind == LabelKind.Milestone)))
        {
            Give(FreeName.Of(database, number.Value), number, LabelKind.Milestone, ", which is archived: its own name is lost");
        }

        HoldDeletedBranches();
    }

    /// <summary>The making of a milestone is an event, which says what it was called. Of several with one name the last had it.</summary>
    private void GiveOwnNames()
    {
        var archived = archives.Numbers();
        foreach (var made in Made().Where(made => !FreeName.IsTaken(database, made.Label) && (archived.Contains(made.Snapshot) || archives.FindHolding(made.Snapshot) is not null)))
        {
            Give(made.Label, made.Snapshot, LabelKind.Milestone, " again");
        }
    }

    private List<MilestoneCreatedEvent> Made()
    {
        var made = new List<MilestoneCreatedEvent>();
        using var row = database.Prepare("SELECT name, details FROM events WHERE name = $1 ORDER BY id DESC").Query(EventName.Milestone);
        while (row.Read())
        {
            if (EventDetails.Read(row.GetString(0), row.GetString(1)) is MilestoneCreatedEvent one && Label.NameProblem(one.Label) is null)
            {
                made.Add(one);
            }
        }

        return made;
    }

    /// <summary>Whether a name held it nobody knows any more.</summary>
    private void HoldDeletedBranches()
    {
        foreach (var head in database.Prepare("""
            SELECT head FROM branches b WHERE id > 1 AND head IS NOT NULL AND id NOT IN (SELECT branch FROM working_copies)
                AND NOT EXISTS (SELECT 1 FROM labels l JOIN snapshots s ON s.number = l.snapshot WHERE s.branch = b.id) ORDER BY id
            """).Numbers())
        {
            Give(FreeName.Of(database, head), new SnapshotNumber(head), LabelKind.Checkpoint, ", where a deleted branch ends: a name that kept it may be lost");
        }
    }

    private void Give(string name, SnapshotNumber number, LabelKind kind, string why)
    {
        // What was freed, or is lost, has no name: its archive is kept as a lost one's, or as needed by nobody.
        if (database.Prepare("SELECT time FROM snapshots WHERE number = $1").Scalar(number.Value) is { } time)
        {
            _labels.Add(new Label(name, number, kind, Retention.Permanent, SnapshotTime.FromMicroseconds(time)));
            Recovered.Add($"{(kind == LabelKind.Milestone ? "milestone" : "checkpoint")} {name} names snapshot {number}{why}");
        }
    }
}
