using System.CommandLine;

namespace Savepoint.Cli.Verbs;

/// <summary>
/// One verb of the command line: what it takes, and what it does. Made only when it is asked for, so that no run pays for
/// the other verbs.
/// </summary>
/// <param name="name">The word that invokes it.</param>
/// <param name="summary">What it does, in a line.</param>
internal abstract class Verb(string name, string summary)
{
    public string Name { get; } = name;

    public string Summary { get; } = summary;

    /// <summary>Command lines, each with a <c>#</c> and what it is for.</summary>
    public abstract IReadOnlyList<string> Examples { get; }

    /// <summary>More for the help, beyond options; null if there is nothing.</summary>
    public virtual string? Details => null;

    /// <summary>The exit code of a failure of ours, where the usual ones would be taken for another program's; null for those.</summary>
    public virtual int? FailureCode => null;

    /// <summary>Adds the verb's own arguments and options.</summary>
    public virtual void Declare(Command command)
    {
    }

    /// <summary>Does it. Returns the exit code; failures are exceptions.</summary>
    public abstract Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken);
}
