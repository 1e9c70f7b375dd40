using System.CommandLine;
using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary>What <c>undo</c> and <c>redo</c> share: a number of steps, and the answer.</summary>
internal abstract class StepVerb(string name, string summary) : Verb(name, summary)
{
    private readonly Argument<int?> _steps = new("N") { Arity = ArgumentArity.ZeroOrOne, Description = "How many operations; 1 if it is left out." };

    public override void Declare(Command command) => command.Add(_steps);

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var (named, all) = (invocation.Get(_steps), AllSteps(invocation));
        if (named is < 1 || (named is not null && all is not null))
        {
            throw new UsageException(named < 1 ? $"{named} is no number of steps: 1 or more is expected." : "A number of steps and --all exclude each other.");
        }

        var steps = named ?? all ?? 1;

        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        using var progress = Progress.Start(invocation.Terminal, Name);
        var result = await StepAsync(invocation, workspace, steps, cancellationToken).ConfigureAwait(false);
        progress.Dispose();
        return RestoreAnswer.Give(invocation, workspace, Name, result);
    }

    /// <summary>How many operations, if all are wanted; null if not.</summary>
    protected virtual int? AllSteps(Invocation invocation) => null;

    protected abstract Task<RestoreResult> StepAsync(Invocation invocation, SnapshotManager workspace, int steps, CancellationToken cancellationToken);
}
