using Savepoint.Model;

namespace Savepoint.Storage.Milestones;

/// <summary>
/// Checks the archives: that each can be opened and stands on those it names, that each milestone label's state is in one;
/// in a deep run every block, every snapshot and every content as well, so that what is damaged is named and costs only itself.
/// </summary>
internal sealed class MilestoneVerifier(MilestoneStore archives)
{
    private readonly List<string> _problems = [];

    public List<string> Run(bool deep, IEnumerable<Label> milestones, CancellationToken cancellationToken)
    {
        archives.Forget(); // what was opened before may have been damaged since
        foreach (var number in archives.Numbers())
        {
            cancellationToken.ThrowIfCancellationRequested();
            Guard(number, () => Check(archives.Open(number), deep, cancellationToken));
        }

        foreach (var label in milestones.Where(label => archives.FindHolding(label.Snapshot) is null))
        {
            _problems.Add(NotArchived(label));
        }

        archives.Forget();
        return _problems;
    }

    /// <summary>What is said of a milestone that no archive holds.</summary>
    public static string NotArchived(Label label) => $"milestone {label.Name}: snapshot {label.Snapshot} is in no archive that can be read";

    /// <summary>Whether an archive holds what its hashes say, every byte of it.</summary>
    public bool IsSound(SnapshotNumber number, CancellationToken cancellationToken)
    {
        archives.Forget();
        Guard(number, () => Check(archives.Open(number), deep: true, cancellationToken));
        return _problems.Count == 0;
    }

    private void Check(MilestoneArchive archive, bool deep, CancellationToken cancellationToken)
    {
        var number = new SnapshotNumber(archive.Summary.Mark.Number);
        if (archive.File.Problem is { } problem)
        {
            Add(number, problem);
        }

        Guard(number, () => archives.Parent(archive));
        if (!deep)
        {
            return;
        }

        foreach (var block in archive.File.Blocks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Guard(number, () => archive.File.Read(block));
        }

        CheckContents(archive, number, cancellationToken);
        CheckHistory(archive, number);
        Guard(number, () => archive.Manifest().Count(entry => entry.Value.Resolve(archive.Contents).IsAbsent));
        Guard(number, () => archive.Verifications());
    }

    private void CheckContents(MilestoneArchive archive, SnapshotNumber number, CancellationToken cancellationToken)
    {
        var lost = 0;
        string? first = null;
        foreach (var id in archive.Contents.Ids)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                archive.Contents.CopyTo(archive.Contents.Find(id)!.Value, Stream.Null);
            }
            catch (SavepointException e) when (e.Code == ErrorCode.Damaged)
            {
                lost++;
                first ??= id.ToString();
            }
        }

        if (lost > 0)
        {
            Add(number, $"{lost} of its {archive.Contents.Ids.Count} contents are lost, {first} the first");
        }
    }

    private void CheckHistory(MilestoneArchive archive, SnapshotNumber number)
    {
        long sound = 0;
        Guard(number, () =>
        {
            foreach (var snapshot in archive.History())
            {
                Guard(number, () =>
                {
                    var whole = snapshot.Resolve(archive.Contents);
                    sound++;
                    if (whole.Number == number && HeadMark.Of(number.Value, SnapshotHash.Compute(whole)) != archive.Summary.Mark)
                    {
                        Add(number, "the record of its own snapshot does not match its hash");
                    }
                });
            }
        });
        if (sound != archive.Summary.Statistics.SnapshotCount)
        {
            Add(number, $"{archive.Summary.Statistics.SnapshotCount - sound} of its {archive.Summary.Statistics.SnapshotCount} snapshots are lost");
        }
    }

    private void Guard<T>(SnapshotNumber number, Func<T> check) => Guard(number, () => { _ = check(); });

    private void Guard(SnapshotNumber number, Action check)
    {
        try
        {
            check();
        }
        catch (Exception e) when (StoreVerifier.IsDamage(e))
        {
            Add(number, e.Message);
        }
    }

    private void Add(SnapshotNumber number, string problem)
    {
        var line = $"milestone archive {number}: {problem}";
        if (!_problems.Contains(line))
        {
            _problems.Add(line);
        }
    }
}
