using System.Globalization;
using Savepoint.Exporting;
using Savepoint.Model;

namespace Savepoint.Cli.Git;

/// <summary>A branch as it was exported.</summary>
/// <param name="Reference">The ref.</param>
/// <param name="Commit">The commit that it ends at.</param>
/// <param name="AddedCount">How many commits are new.</param>
internal sealed record ExportedBranch(string Reference, string Commit, int AddedCount);

/// <summary>
/// History into git: each branch below <c>refs/heads/savepoint/</c>, each snapshot a commit. A second export goes on where the
/// ref ends; which snapshot that is stands in the commit's own trailer, so there is no file of marks that could be lost.
/// </summary>
internal sealed class GitExport(SnapshotManager workspace, GitRepository repository)
{
    private readonly Dictionary<long, string> _commits = [];

    /// <summary>The ref of a branch. What git does not allow in a ref is written as % and two hexadecimal digits.</summary>
    public static string ReferenceOf(string branch)
    {
        var escaped = string.Concat(branch.Select((c, i) => IsAllowed(c, i, branch) ? c.ToString() : string.Create(CultureInfo.InvariantCulture, $"%{(int)c:X2}")));
        return $"refs/heads/savepoint/{escaped}";
    }

    /// <exception cref="SavepointException">A ref is there that is not of this history; or git fails, and then no ref has changed.</exception>
    public List<ExportedBranch> Run(CancellationToken cancellationToken)
    {
        var branches = workspace.BranchHeads().Select(branch => (branch.Name, branch.Head, Reference: ReferenceOf(branch.Name))).ToList();
        var known = branches.ConvertAll(branch => Known(branch.Reference));
        var added = branches.ConvertAll(_ => 0);
        var parents = known.ConvertAll(number => number is { } last ? _commits[last.Value] : null);
        repository.Import(output =>
        {
            var stream = new FastImportStream(output, workspace.Contents);

            // By number, so that what a merge brought in stands before it, whatever branch it is of.
            var all = branches.SelectMany((branch, i) => Way(branch.Head, branch.Reference, known[i]).Select(number => (Number: number, Branch: i)));
            foreach (var (number, i) in all.OrderBy(step => step.Number).ThenBy(step => step.Branch))
            {
                cancellationToken.ThrowIfCancellationRequested();
                added[i] += Add(stream, number, branches[i].Reference, parents[i]) ? 1 : 0;
                parents[i] = _commits[number.Value];
            }

            foreach (var i in Enumerable.Range(0, branches.Count).Where(i => added[i] == 0 && known[i] is null && parents[i] is not null))
            {
                stream.Point(branches[i].Reference, parents[i]!);
            }

            stream.Finish();
        });
        return [.. branches.Select((branch, i) => new ExportedBranch(branch.Reference, repository.CommitOf(branch.Reference) ?? "", added[i]))];
    }

    /// <summary>The snapshots of a branch that its ref does not hold yet.</summary>
    private IReadOnlyList<SnapshotNumber> Way(SnapshotNumber head, string reference, SnapshotNumber? known)
    {
        var way = workspace.WayTo(head, known);
        return way.Count > 0 && repository.IsCheckedOut(reference)
            ? throw new SavepointException(ErrorCode.Environment, $"{reference} is checked out in {repository.Path}: its files would look changed if it moved.", $"Run 'git -C {repository.Path} switch --detach', then repeat the command.")
            : way;
    }

    /// <summary>Writes a snapshot, unless it is there: of the branch that this one forked from.</summary>
    private bool Add(FastImportStream stream, SnapshotNumber number, string reference, string? parent)
    {
        if (_commits.ContainsKey(number.Value))
        {
            return false;
        }

        var snapshot = workspace.GetSnapshot(number);
        var merged = snapshot is { Kind: SnapshotKind.Merge, Target: { } target } ? _commits.GetValueOrDefault(target.Value) : null;
        stream.Add(snapshot, reference, parent, merged, number.Value == 1 ? workspace.HistoryId : null);
        _commits[number.Value] = $":{number}";
        return true;
    }

    /// <summary>Learns what a ref holds; returns the snapshot that it ends at, null if there is no such ref.</summary>
    private SnapshotNumber? Known(string reference)
    {
        if (repository.CommitOf(reference) is null)
        {
            return null;
        }

        SnapshotNumber? tip = null;
        var history = "";
        foreach (var line in repository.Ask("log", "--format=%H;%(trailers:key=Savepoint-Snapshot,valueonly,separator=%x2C);%(trailers:key=Savepoint-History,valueonly,separator=%x2C)", reference, "--").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split(';') is not [var commit, var written, var id] || !long.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                throw Foreign(reference);
            }

            _commits[number] = commit;
            tip ??= new SnapshotNumber(number);
            history = id;
        }

        return history == workspace.HistoryId ? tip : throw Foreign(reference);
    }

    private SavepointException Foreign(string reference) => new(
        ErrorCode.Environment, $"{reference} in {repository.Path} holds something else than an export of this history.", "It was not touched. Rename that branch ('git branch -m'), or export to another repository.");

    private static bool IsAllowed(char c, int index, string branch) => c switch // git-check-ref-format(1)
    {
        <= ' ' or '\u007f' or '~' or '^' or ':' or '?' or '*' or '[' or '\\' or '%' or '/' => false,
        '.' => index > 0 && index < branch.Length - 1 && branch[index - 1] != '.' && !branch[index..].Equals(".lock", StringComparison.Ordinal),
        '@' => false,
        _ => true,
    };
}
