namespace Savepoint.Model;

/// <summary>How a tool's call ended, as far as its client tells.</summary>
/// <param name="ExitCode">The exit code of the command that it ran; null if it ran none, or nobody said.</param>
/// <param name="Duration">How long it took; null if nobody said.</param>
/// <param name="IsInBackground">Whether the command goes on, beside what the agent does next.</param>
public sealed record CallOutcome(int? ExitCode = null, TimeSpan? Duration = null, bool IsInBackground = false);
