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

    /// <summary>What was asked for conflicts with later work: listed, and nothing written unless markers were asked for.</summary>
    public const int Conflict = 3;

    /// <summary>A policy rolled the workspace back.</summary>
    public const int RolledBack = 4;

    /// <summary>The store is damaged.</summary>
    public const int Damaged = 5;

    /// <summary><c>run</c>: we failed, not the command. These three are those of env(1), timeout(1) and their like.</summary>
    public const int RunFailed = 125;

    /// <summary><c>run</c>: the command is there and cannot be executed.</summary>
    public const int NotExecutable = 126;

    /// <summary><c>run</c>: there is no such command.</summary>
    public const int NotFound = 127;

    /// <summary>Ended by a signal, as shells count: 128 and its number.</summary>
    public const int Signalled = 128;
}
