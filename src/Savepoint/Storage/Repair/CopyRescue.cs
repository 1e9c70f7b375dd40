using System.Globalization;
using Savepoint.Model;

namespace Savepoint.Storage.Repair;

/// <summary>
/// Gives branches whose row of <c>working_copies</c> is lost, or that were rescued themselves, one again: without it they would count as
/// deleted, and the next clean-up would free them. Inside a write, once the history is whole.
/// </summary>
/// <param name="database">Has the rescued history.</param>
/// <param name="store">The store's folder, where the layers of overlays are.</param>
/// <param name="copies">What the catalog says.</param>
/// <param name="isTorn">Whether rows of branches or working copies could not be read.</param>
/// <param name="rescued">The branches that have a new row.</param>
internal sealed class CopyRescue(StoreDatabase database, string store, IReadOnlyList<RecordedCopy> copies, bool isTorn, IReadOnlySet<long> rescued)
{
    /// <summary>Which branches are worked on where, a line each.</summary>
    public List<string> Recovered { get; } = [];

    /// <summary>Which branches nobody knows the place of, a line each.</summary>
    public List<string> Lost { get; } = [];

    public void Run()
    {
        if (database.Prepare("SELECT 1 FROM snapshots LIMIT 1").Scalar() is null)
        {
            return; // nothing for a branch to begin at
        }

        foreach (var copy in copies)
        {
            GiveCopy(copy);
        }

        foreach (var layer in isTorn ? Layers() : [])
        {
            GiveLayer(layer);
        }

        foreach (var (id, name) in WithoutRow())
        {
            GivePlace(id, name);
        }
    }

    private void GiveCopy(RecordedCopy copy)
    {
        var id = database.Prepare("SELECT id FROM branches WHERE name = $1").Scalar(copy.Branch);
        if (id == 1 || !(isTorn || (id is { } known && rescued.Contains(known))) || (id is null && FreeName.IsTaken(database, copy.Branch)))
        {
            return;
        }

        var branch = id ?? Add(null, copy.Branch);
        if (!HasRow(branch))
        {
            Insert(branch, Isolation.Copy, copy.Directory, null);
            Recovered.Add($"branch {copy.Branch} is worked on in {copy.Directory}");
        }
    }

    /// <summary>An overlay has no place in the catalog, but its layer has the branch's number.</summary>
    private void GiveLayer(long number)
    {
        var isKnown = database.Prepare("SELECT 1 FROM branches WHERE id = $1").Scalar(number) is not null;
        if (!isKnown)
        {
            Add(number, FreeName.Of(database, number));
        }

        if (!HasRow(number))
        {
            // Where a branch begins that was unknown is not where its layer does.
            Insert(number, Isolation.Overlay, BranchFolders.Layer(store, number), isKnown ? BaseOf(number) : null);
            Recovered.Add($"branch {NameOf(number)} is the overlay with the layer {BranchFolders.Layer(store, number)}");
        }
    }

    /// <summary>Bases of one snapshot differ in their ignored files only: the newest is taken.</summary>
    private long? BaseOf(long branch) => database.Prepare("SELECT b.id FROM frozen_bases b JOIN branches ON fork = b.snapshot WHERE branches.id = $1 AND b.step = 1 ORDER BY b.id DESC").Numbers(branch)
        .Where(id => Directory.Exists(BranchFolders.Base(store, id))).Select(id => (long?)id).FirstOrDefault();

    /// <summary>A branch of which nothing is on the disk is as one whose copy somebody removed: it is there until it is deleted.</summary>
    private void GivePlace(long id, string name)
    {
        Insert(id, Isolation.Copy, BranchFolders.Copy(store, name, id), null);
        Lost.Add($"branch {name}: where it is worked on; if it was deleted, 'savepoint branch delete {name}' does so again");
    }

    /// <summary>A name with an '@' says that the branch was deleted and its name given to another.</summary>
    private List<(long Id, string Name)> WithoutRow()
    {
        var found = new List<(long Id, string Name)>();
        using var row = database.Prepare("SELECT id, name FROM branches WHERE id > 1 AND id NOT IN (SELECT branch FROM working_copies) ORDER BY id").Query();
        while (row.Read())
        {
            found.Add((row.GetInt64(0), row.GetString(1)));
        }

        return found.FindAll(branch => rescued.Contains(branch.Id) || (isTorn && !branch.Name.Contains('@', StringComparison.Ordinal)));
    }

    private IEnumerable<long> Layers() => Path.GetDirectoryName(BranchFolders.Layer(store, 0)) is { } folder && Directory.Exists(folder)
        ? Directory.EnumerateDirectories(folder).Select(layer => long.TryParse(Path.GetFileName(layer), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).Where(number => number > 1).Order()
        : [];

    private long Add(long? id, string name)
    {
        database.Prepare("INSERT INTO branches (id, name, fork) VALUES ($1, $2, coalesce((SELECT max(number) FROM snapshots WHERE branch = 1), (SELECT min(number) FROM snapshots)))").Execute(id, name);
        return database.LastInsertedRow();
    }

    private string NameOf(long branch)
    {
        using var row = database.Prepare("SELECT name FROM branches WHERE id = $1").Query(branch);
        row.Read();
        return row.GetString(0);
    }

    private bool HasRow(long branch) => database.Prepare("SELECT 1 FROM working_copies WHERE branch = $1").Scalar(branch) is not null;

    private void Insert(long branch, Isolation isolation, string directory, long? lower) =>
        database.Prepare("INSERT INTO working_copies (branch, isolation, directory, base, step, process, process_start) VALUES ($1, $2, $3, $4, $5, 0, 0)")
            .Execute(branch, (long)isolation, directory, lower, (long)FolderStep.Ready);
}
