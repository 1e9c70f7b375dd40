using Savepoint.Events;
using Savepoint.Model;
using Savepoint.Storage;
using Savepoint.Storage.Milestones;

namespace Savepoint;

/// <content>Milestones: states that are named and archived in L3.</content>
public sealed partial class SnapshotManager
{
    /// <summary>
    /// Names a snapshot and archives it: its state and the history since the milestone before, in a file that can be read
    /// without the rest of the store. The file is on the disk before the name is given, and the name before this returns.
    /// </summary>
    /// <param name="name">The name; as for a label.</param>
    /// <param name="snapshot">What it names.</param>
    /// <param name="cancellationToken">Ends it with nothing named and nothing archived.</param>
    /// <returns>The label and the archive; a snapshot that some archive holds already only gets its name.</returns>
    /// <exception cref="SavepointException">The name is taken or not allowed, the snapshot does not exist, or the disk is full.</exception>
    public async Task<MilestoneResult> MilestoneAsync(string name, SnapshotNumber snapshot, CancellationToken cancellationToken = default)
    {
        var started = _options.Time.GetTimestamp();
        _ = _store.FindHeader(snapshot) ?? throw RevisionResolver.Unknown($"snapshot {snapshot}", $"The newest is {Head}.");
        RefuseName(name);
        using var held = await HoldMilestonesAsync(cancellationToken).ConfigureAwait(false);
        return await Task.Run(
            () =>
            {
                var (archive, wasThere) = _store.Archive(snapshot, cancellationToken);
                var label = new Label(name, snapshot, LabelKind.Milestone, Retention.Permanent, _options.Time.GetUtcNow());
                _store.AddLabel(label);
                _store.SyncLog();
                Publish(new MilestoneCreatedEvent(name, snapshot, archive.File.SizeBytes));
                return new MilestoneResult(label, Describe(archive), wasThere, _options.Time.GetElapsedTime(started));
            },
            CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>The archives, the oldest first. One that cannot be read at all is left out: <see cref="Verify"/> names it.</summary>
    public IReadOnlyList<Milestone> Milestones()
    {
        var readable = new List<Milestone>();
        foreach (var number in _store.Milestones.Numbers())
        {
            try
            {
                readable.Add(Describe(_store.Milestones.Open(number)));
            }
            catch (SavepointException)
            {
                // Reading one must not keep from the others.
            }
        }

        return readable;
    }

    /// <summary>A milestone, read from its archive and those it stands on alone.</summary>
    /// <param name="snapshot">An archive's, as <see cref="Milestones"/> gives it.</param>
    /// <exception cref="SavepointException">There is no archive of it, or it is damaged.</exception>
    public MilestoneSnapshot LoadMilestone(SnapshotNumber snapshot) => _store.Milestones.Load(snapshot);

    /// <summary>As <see cref="LoadMilestone"/>; null where no archive is of this snapshot's state.</summary>
    /// <exception cref="SavepointException">The archive, or one that it stands on, is damaged or missing.</exception>
    public MilestoneSnapshot? FindMilestone(SnapshotNumber snapshot) => _store.Milestones.Numbers().Contains(snapshot) ? _store.Milestones.Load(snapshot) : null;

    /// <summary>
    /// The milestones whose snapshots no archive holds: somebody has removed the file. Their states are still the store's. Whether
    /// the files that are there can be read is <see cref="Verify"/>'s to say.
    /// </summary>
    public IReadOnlyList<Label> MilestonesWithoutArchive()
    {
        var archived = _store.Milestones.Numbers().ToHashSet();
        return [.. Labels().Where(label => label.Kind == LabelKind.Milestone && !archived.Contains(label.Snapshot) && _store.Milestones.FindHolding(label.Snapshot) is null)];
    }

    private async Task<(int Freed, int Packed)> CleanMilestonesAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_store.Milestones.Folder))
        {
            return (0, 0);
        }

        using var held = await HoldMilestonesAsync(cancellationToken).ConfigureAwait(false);
        return new MilestoneCleaner(_store.Milestones).Run(
            Labels().Where(label => label.Kind == LabelKind.Milestone).Select(label => label.Snapshot).Concat(_store.Milestones.Numbers().Where(number => _store.LostNumbers.Find(number) is not null)),
            cancellationToken);
    }

    private static Milestone Describe(MilestoneArchive archive) => new(
        new SnapshotNumber(archive.Summary.Mark.Number),
        archive.Summary.Parent == HeadMark.None ? null : new SnapshotNumber(archive.Summary.Parent.Number),
        archive.File.FilePath, archive.File.SizeBytes, archive.Summary.Statistics);

    private Task<WorkspaceLock> HoldMilestonesAsync(CancellationToken cancellationToken)
    {
        StoreCatalog.CreatePrivateDirectory(_store.Milestones.Folder);
        return WorkspaceLock.ExclusiveAsync(_store.Milestones.Folder, _options.Time, cancellationToken);
    }

    /// <summary>Before the work: the store refuses it as well, but only once the archive is written.</summary>
    private void RefuseName(string name)
    {
        if (Label.NameProblem(name) is { } problem)
        {
            throw new SavepointException(ErrorCode.InvalidName, $"'{name}' cannot name a state: {problem}.", "Choose another name.");
        }

        if (_store.FindLabel(name) is { } taken)
        {
            throw new SavepointException(ErrorCode.InvalidName, $"'{name}' already names snapshot {taken.Snapshot}.", $"Take another name, or 'savepoint unlabel {name}' first.");
        }
    }
}
