using System.CommandLine;
using Savepoint.Cli.Arguments;
using Savepoint.Cli.Demonstration;
using Savepoint.Cli.Output;
using Savepoint.Cli.Platform;
using Savepoint.Cli.Settings;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>demo</c>: the main job on a copy of a real tree, explained and checked.</summary>
internal sealed class DemoVerb() : Verb("demo", "Show the main job on a copy of your project, explained step by step and checked.")
{
    private readonly Argument<string?> _directory = new("DIR")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "The tree to show it on; without it, the project that the current directory belongs to. It is only read.",
    };

    public override IReadOnlyList<string> Examples => ["savepoint demo", "savepoint demo ~/src/app | less"];

    public override string Details =>
        "It works in a folder for temporary files (TMPDIR) with a store of its own, and leaves nothing behind. A tree that is too\n" +
        "large, empty or not to be tracked is replaced by a small generated project. The exit code is 1 if a check fails.";

    public override void Declare(Command command) => command.Add(_directory);

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var narrator = new Narrator(invocation.Terminal);
        Scratch? scratch = null;
        DemoSource source;
        try
        {
            scratch = new Scratch();
            source = await PlayAsync(narrator, Directory(invocation), scratch, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is (IOException and not ReaderGoneException) or UnauthorizedAccessException or SavepointException { Code: ErrorCode.DiskFull })
        {
            throw new SavepointException(ErrorCode.Environment, $"The demonstration in {Path.GetTempPath()} had to stop: {e.Message.TrimEnd('.')}.", "Set TMPDIR to a folder with enough room and repeat it.", e);
        }
        finally
        {
            scratch?.Dispose();
            narrator.End();
        }

        narrator.Check("the scratch folder is gone", scratch.IsGone);
        return Answer(invocation.Terminal, narrator, source, scratch);
    }

    private string Directory(Invocation invocation) =>
        invocation.Get(_directory) is { } named ? Existing(FileArgument.Resolve(named))
        : invocation.WorkspaceOption is not null ? invocation.NamedDirectory()
        : DemoSource.ProjectAt(CurrentDirectory.Path);

    private static string Existing(string directory) => System.IO.Directory.Exists(directory)
        ? directory
        : throw new SavepointException(ErrorCode.NotTracked, $"There is no directory {directory}.", "Name another, or none for the project that the current directory belongs to.");

    private static async Task<DemoSource> PlayAsync(Narrator narrator, string directory, Scratch scratch, CancellationToken cancellationToken)
    {
        // The user's settings are left aside: where the histories are is the demonstration's own affair.
        var options = new SnapshotOptions
        {
            StoreHome = scratch.StoreHome,
            HomeDirectory = UserFolders.Home,
            ConfigHome = UserFolders.ConfigHome,
            ScanDeadline = Timeout.InfiniteTimeSpan,
        };
        var source = DemoSource.Choose(directory, scratch, options, cancellationToken);
        Say(narrator, source);
        var copy = await SourceCopy.MakeAsync(narrator, source, scratch, options, cancellationToken).ConfigureAwait(false);
        if (copy is null)
        {
            scratch.Clear();
            source = DemoSource.Generated(scratch, $"the directories of {directory} are read-only");
            Say(narrator, source);
            copy = await SourceCopy.MakeAsync(narrator, source, scratch, options, cancellationToken).ConfigureAwait(false);
        }

        await new Demo(narrator, scratch, options).RunAsync(copy!, cancellationToken).ConfigureAwait(false);
        return source;
    }

    private static void Say(Narrator narrator, DemoSource source) => narrator.Tell(source.Fallback is { } why
        ? $"A small generated project is shown instead: {SafeText.Of(why)}."
        : $"Shown on a copy of {SafeText.Of(source.Directory)}, which is only read.");

    private static int Answer(Terminal terminal, Narrator narrator, DemoSource source, Scratch scratch)
    {
        if (terminal.IsJson)
        {
            terminal.Json(json =>
            {
                json.WriteStartObject();
                json.WriteBoolean("ok", narrator.FailedCount == 0);
                json.WriteString("directory", source.Fallback is null ? source.Directory : null);
                json.WriteString("fallback", source.Fallback);
                narrator.WriteTo(json);
                json.WriteEndObject();
            });
        }
        else
        {
            terminal.Say("");
            terminal.Say($"{narrator.CheckCount - narrator.FailedCount} of {narrator.CheckCount} checks hold. {(scratch.IsGone ? "Nothing was left behind." : $"Left behind: {scratch.FullName}")}");
        }

        return narrator.FailedCount == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
