namespace Savepoint.Cli;

/// <summary>How the process ends; the numbers are promised to users.</summary>
internal static class ExitCode
{
    /// <summary>Done, or nothing to do.</summary>
    public const int Done = 0;

    /// <summary>Failed; standard error says what, why and what to do next.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage.</summary>
    public const int Usage = 2;

    /// <summary>The store is damaged.</summary>
    public const int Damaged = 5;

    /// <summary>Ended by a signal, as shells count: 128 and its number.</summary>
    public const int Signalled = 128;
}
