using Savepoint.Model;
using Savepoint.Storage.Milestones;

namespace Savepoint.Storage.Repair;

/// <summary>
/// Which milestones a repair will archive anew, for one that is only tried: it makes no archive, and is to say the same of them.
/// A state whose contents are all there can be archived; what is lost has a row without bytes by then (<see cref="ContentRescue"/>).
/// </summary>
internal sealed class ArchivesAnew(StoreDatabase database, MilestoneStore archives)
{
    /// <summary>What is said of one that was made again.</summary>
    public static string Made(string name) => $"milestone {name} is archived anew";

    /// <summary>A line for each that would be made again, and for each that could not.</summary>
    public (List<string> Again, List<string> Gone) Foresee(CancellationToken cancellationToken)
    {
        // The others are put aside first.
        var sound = archives.Numbers().FindAll(number => new MilestoneVerifier(archives).IsSound(number, cancellationToken));
        var (again, gone, made) = (new List<string>(), new List<string>(), new List<SnapshotNumber>());
        foreach (var label in Milestones().Where(label => !made.Contains(label.Snapshot) && !sound.Exists(number => archives.Open(number).Summary.Holds(label.Snapshot.Value))))
        {
            if (IsWhole(label.Snapshot))
            {
                made.Add(label.Snapshot);
                again.Add(Made(label.Name));
            }
            else
            {
                gone.Add(MilestoneVerifier.NotArchived(label));
            }
        }

        return (again, gone);
    }

    private List<Label> Milestones() => database.Read(() => new LabelTable(database).All().FindAll(label => label.Kind == LabelKind.Milestone).OrderBy(label => label.Snapshot).ToList());

    private bool IsWhole(SnapshotNumber number) => database.ReadConsistently(() => Lineage.OfExisting(database, number.Value).Segments.All(segment => database.Prepare($"""
        SELECT 1 FROM changes c JOIN contents k ON k.id = c.content WHERE c.branch = $1 AND c.snapshot <= $2 AND NOT ({ContentRows.IsKept}) LIMIT 1
        """).Scalar(segment.Branch, segment.UpTo) is null));
}
