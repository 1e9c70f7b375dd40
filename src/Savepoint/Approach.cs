namespace Savepoint;

/// <summary>One way to reach a goal, to be tried beside others (the seed's Approach): a command, or code of the caller. Immutable.</summary>
public sealed record Approach
{
    private Approach(string name, string? command, Func<ApproachContext, CancellationToken, Task>? work) => (Name, Command, Work) = (name, command, work);

    /// <summary>Its name: as a branch's, and not that of another approach of the experiment.</summary>
    public string Name { get; }

    /// <summary>The line that <c>/bin/sh</c> runs in the working copy; null for code.</summary>
    public string? Command { get; }

    internal Func<ApproachContext, CancellationToken, Task>? Work { get; }

    /// <summary>An approach that a command carries out.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="command">One line for <c>/bin/sh -c</c>. An exit code other than 0 is a failed approach.</param>
    public static Approach Run(string name, string command)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(command);
        return new Approach(name, command, null);
    }

    /// <summary>An approach that the caller carries out.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="work">Changes the directory that it is handed, and nothing else. An exception is a failed approach; its token is cancelled when the time is up.</param>
    public static Approach Do(string name, Func<ApproachContext, CancellationToken, Task> work)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(work);
        return new Approach(name, null, work);
    }
}

/// <summary>Where the code of an approach works.</summary>
/// <param name="Name">The approach.</param>
/// <param name="Directory">Its working copy: an ordinary directory, ignored files included.</param>
public sealed record ApproachContext(string Name, string Directory);
