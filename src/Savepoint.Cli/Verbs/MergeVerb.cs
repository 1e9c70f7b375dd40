using System.CommandLine;
using Savepoint.Cli.Output;

namespace Savepoint.Cli.Verbs;

/// <summary><c>merge</c>: brings another branch's work into the current one.</summary>
internal sealed class MergeVerb() : Verb("merge", "Bring another branch's work into this one, as one snapshot.")
{
    private readonly Argument<string> _branch = new("BRANCH") { Description = "The branch; 'main' in a branch's own directory, for what the workspace has." };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Say what would be done, and do nothing." };
    private readonly Option<string?> _conflict = new("--conflict") { HelpName = "markers", Description = "Where lines conflict, write both versions between markers; else keep what is here." };

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint merge try-cache --dry-run",
        "savepoint merge try-cache",
        "savepoint merge try-cache --conflict=markers   # write what conflicts, to be mended by hand",
    ];

    public override string Details => """
        Three-way, file by file and line by line, moves followed. What the branch's copy holds is captured first (a dry run only looks
        at it), and what is unrecorded here takes part. Where both changed the same, the conflicts are listed, nothing is written, and
        the exit code is 3; with --conflict=markers all else is merged, it is said what stands at each conflict, and it counts as merged,
        also where no markers can be (no text) and what is here is kept. What is ignored is never merged. 'savepoint undo' takes a merge back.
        """;

    public override void Declare(Command command)
    {
        command.Add(_branch);
        command.Add(_dryRun);
        command.Add(_conflict);
    }

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        if (invocation.Get(_conflict) is not (null or "markers") and var form)
        {
            throw new UsageException($"'{form}' is no form for conflicts.", "--conflict=markers is the only one.");
        }

        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        var options = new MergeOptions { IsDryRun = invocation.Get(_dryRun), WritesMarkers = invocation.Get(_conflict) is not null };
        using var progress = Progress.Start(invocation.Terminal, "merging");
        var result = await workspace.MergeBranchAsync(invocation.Get(_branch)!, options, null, cancellationToken).ConfigureAwait(false);
        progress.Dispose();
        return MergeAnswer.Give(invocation, workspace, result);
    }
}
