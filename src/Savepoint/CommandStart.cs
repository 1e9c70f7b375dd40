namespace Savepoint;

/// <summary>A command to start in a working copy. Immutable.</summary>
public sealed record CommandStart
{
    /// <summary>The program, searched on the PATH if it has no slash, and its arguments, byte for byte. At least one. Required.</summary>
    public required IReadOnlyList<byte[]> Arguments { get; init; }

    /// <summary>The environment, each entry as <c>NAME=value</c>. Default: null, this process's own.</summary>
    public IReadOnlyList<byte[]>? Environment { get; init; }

    /// <summary>The open descriptors that become its standard input, output and error. Default: −1 each, this process's own.</summary>
    public (int Input, int Output, int Error) Streams { get; init; } = (-1, -1, -1);

    /// <summary>Whether it gets a session of its own, away from the terminal. Default: false.</summary>
    public bool HasOwnSession { get; init; }

    /// <summary>A line for <c>/bin/sh -c</c>.</summary>
    public static CommandStart Shell(string line)
    {
        ArgumentException.ThrowIfNullOrEmpty(line);
        return new CommandStart { Arguments = ["/bin/sh"u8.ToArray(), "-c"u8.ToArray(), System.Text.Encoding.UTF8.GetBytes(line)] };
    }
}

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">Its exit code; 128 and the signal's number if one killed it; 126 or 127 if it could not be executed or found.</param>
/// <param name="Duration">How long it ran.</param>
/// <param name="IsTimedOut">Whether it was ended because its time was up.</param>
/// <param name="NotStarted">Why it could not be started; null if it was.</param>
public sealed record CommandEnd(int ExitCode, TimeSpan Duration, bool IsTimedOut, string? NotStarted);
