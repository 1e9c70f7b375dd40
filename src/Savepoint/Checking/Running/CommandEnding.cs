namespace Savepoint.Checking.Running;

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">Its exit code, or 128 and the number of the signal that ended it; null if it could not be started.</param>
/// <param name="Duration">How long it ran.</param>
internal sealed record CommandEnding(int? ExitCode, TimeSpan Duration)
{
    private const int NotExecutable = 126;
    private const int NotFound = 127;

    /// <summary>Why it could not be started, in words; null if it was.</summary>
    public string? StartProblem { get; init; }

    /// <summary>Whether it was ended because its time was up.</summary>
    public bool IsTimedOut { get; init; }

    /// <summary>
    /// Whether it could not start: nor, as the shell says by 126 or 127, what it was to run. That says something of the machine, not of the
    /// state that was to be checked.
    /// </summary>
    public bool IsNotStarted => ExitCode is null or NotExecutable or NotFound;
}
