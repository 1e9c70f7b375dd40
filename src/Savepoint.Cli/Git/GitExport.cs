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
        repository.Import(output =>
        {
            var stream = new FastImportStream(output, workspace.Contents);
            for (var i = 0; i < branches.Count; i++)
            {
                added[i] = Add(stream, branches[i].Head, branches[i].Reference, known[i], cancellationToken);
            }

            stream.Finish();
        });
        return [.. branches.Select((branch, i) => new ExportedBranch(branch.Reference, repository.CommitOf(branch.Reference) ?? "", added[i]))];
    }

    private int Add(FastImportStream stream, SnapshotNumber head, string reference, SnapshotNumber? known, CancellationToken cancellationToken)
    {
        var way = workspace.WayTo(head, known);
        if (way.Count > 0 && repository.IsCheckedOut(reference))
        {
            throw new SavepointException(ErrorCode.Environment, $"{reference} is checked out in {repository.Path}: its files would look changed if it moved.", $"Run 'git -C {repository.Path} switch --detach', then repeat the command.");
        }

        var parent = known is { } last ? _commits[last.Value] : null;
        var count = 0;
        foreach (var number in way)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (known is null && _commits.TryGetValue(number.Value, out var present))
            {
                parent = present; // of the branch that this one forked from
                continue;
            }

            stream.Add(workspace.GetSnapshot(number), reference, parent, number.Value == 1 ? workspace.HistoryId : null);
            parent = $":{number}";
            _commits[number.Value] = parent;
            count++;
        }

        return count;
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
