using System.CommandLine;
using Savepoint.Cli.Arguments;
using Savepoint.Cli.Git;
using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>export</c>: history as git commits, as patches, a state as an archive.</summary>
internal sealed class ExportVerb() : Verb("export", "Write history as git commits or as patches, or a state as a tar archive.")
{
    private readonly Option<string?> _git = new("--git") { HelpName = "REPO", Description = "Every snapshot as a commit, the branches as savepoint/BRANCH. A repository that is not there is made; one that has been exported to gets what is new." };
    private readonly Option<string?> _patch = new("--patch") { HelpName = "FROM..TO", Description = "A mailbox for 'git am --keep-cr' on standard output, a mail for each snapshot between the two. Backwards, one patch for 'git apply'." };
    private readonly Option<string?> _archive = new("--archive") { HelpName = "FILE.tar", Description = "The state REV as a tar archive that 'tar xp' makes the same tree of; - for standard output." };
    private readonly Argument<string?> _revision = new("REV") { Arity = ArgumentArity.ZeroOrOne, Description = "The state to archive; the head if it is left out." };

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint export --git ../history.git        # then: git -C ../history.git log",
        "savepoint export --patch v1..@ | git -C ../copy am --keep-cr",
        "savepoint export --archive - v1 | ssh host tar xp -C dir",
    ];

    public override string Details => "Nothing of a working tree, an index, HEAD or another branch is touched. Git and its patches have no empty directories and no modes but the executable one; the archive has all, but no owners.";

    public override void Declare(Command command)
    {
        command.Add(_git);
        command.Add(_patch);
        command.Add(_archive);
        command.Add(_revision);
    }

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var (git, patch, archive, revision) = (invocation.Get(_git), invocation.Get(_patch), invocation.Get(_archive), invocation.Get(_revision));
        if (new[] { git, patch, archive }.Count(form => form is not null) != 1)
        {
            throw new UsageException("One of --git, --patch and --archive is needed.");
        }

        if (revision is not null && archive is null)
        {
            throw new UsageException("Only --archive takes a revision.");
        }

        if (archive == "-" && invocation.Terminal.IsJson)
        {
            throw new UsageException("The archive and a JSON answer cannot both go to standard output.", "Name a file for the archive.");
        }

        var range = patch is null ? null : RevisionRange.Parse(patch);
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (git is not null)
        {
            ExportGit(invocation, workspace, FileArgument.Resolve(git), cancellationToken);
        }
        else if (range is not null)
        {
            var (from, to) = (ResolvedRevision.Find(workspace, range.From, invocation.Terminal), ResolvedRevision.Find(workspace, range.To, invocation.Terminal));
            ExportPatches(invocation, workspace, from.Number, to.Number, cancellationToken);
        }
        else
        {
            ExportArchive(invocation, workspace, archive!, ResolvedRevision.Find(workspace, RevisionArgument.Parse(revision ?? "@"), invocation.Terminal), cancellationToken);
        }

        return ExitCode.Done;
    }

    private static void ExportGit(Invocation invocation, SnapshotManager workspace, string path, CancellationToken cancellationToken)
    {
        var repository = GitRepository.OpenOrCreate(path, GitExport.ReferenceOf(workspace.Branch));
        using var progress = Progress.Start(invocation.Terminal, "exporting");
        var branches = new GitExport(workspace, repository).Run(cancellationToken);
        progress.Dispose();
        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.Json(json =>
            {
                json.WriteStartObject();
                json.WriteString("repository", repository.Path);
                json.WriteBoolean("created", repository.IsNew);
                json.WriteStartArray("branches");
                foreach (var branch in branches)
                {
                    json.WriteStartObject();
                    json.WriteString("ref", branch.Reference);
                    json.WriteString("commit", branch.Commit);
                    json.WriteNumber("added", branch.AddedCount);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            });
            return;
        }

        foreach (var branch in branches)
        {
            invocation.Terminal.Say($"{SafeText.Of(branch.Reference)}: {Quantity.Of(branch.AddedCount, "new commit")}, ends at {branch.Commit[..Math.Min(12, branch.Commit.Length)]}");
        }

        invocation.Terminal.Say($"  git -C {SafeText.Of(repository.Path)} log {GitExport.ReferenceOf(workspace.Branch)["refs/heads/".Length..]}");
    }

    private static void ExportPatches(Invocation invocation, SnapshotManager workspace, SnapshotNumber from, SnapshotNumber to, CancellationToken cancellationToken)
    {
        if (invocation.Terminal.IsJson)
        {
            using var text = new MemoryStream();
            var (count, unexpressed) = workspace.WritePatches(from, to, text, cancellationToken);
            invocation.Terminal.Json(json =>
            {
                json.WriteStartObject();
                json.WriteSnapshot("from", from);
                json.WriteSnapshot("to", to);
                json.WriteNumber("patches", count);
                json.WriteNumber("unexpressed", unexpressed.Count);
                json.WriteText("text", text.ToArray());
                json.WriteEndObject();
            });
            return;
        }

        var written = workspace.WritePatches(from, to, invocation.Terminal.Bytes, cancellationToken);
        if (written.Unexpressed.Count > 0)
        {
            invocation.Terminal.Note($"git's format cannot say all of {Quantity.Of(written.Unexpressed.Count, "change")}: {ChangeText.Summary(written.Unexpressed, default)}");
        }
    }

    private static void ExportArchive(Invocation invocation, SnapshotManager workspace, string file, ResolvedRevision resolved, CancellationToken cancellationToken)
    {
        var number = resolved.Number;
        if (file == "-")
        {
            if (invocation.Terminal.IsInteractive)
            {
                throw new UsageException("An archive is nothing for a terminal.", "Send it to a file or a program.");
            }

            workspace.WriteTar(number, invocation.Terminal.Bytes, cancellationToken);
            return;
        }

        var path = FileArgument.Resolve(file);
        var entries = WholeFile.Write(path, output => workspace.WriteTar(number, output, cancellationToken));
        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.Json(json =>
            {
                json.WriteStartObject();
                json.WriteString("file", path);
                json.WriteSnapshot("of", number);
                resolved.Write(json);
                json.WriteNumber("entries", entries);
                json.WriteNumber("bytes", new FileInfo(path).Length);
                json.WriteEndObject();
            });
            return;
        }

        invocation.Terminal.Say($"Snapshot {number} is in {SafeText.Of(path)}: {Quantity.Of(entries, "entry")}, {Quantity.Bytes(new FileInfo(path).Length)}.");
    }
}
