namespace Savepoint;

/// <summary>How an announced span ends: with the capture of what it did.</summary>
/// <param name="Span">Its number.</param>
/// <param name="ExitCode">The exit code of the command that it was; null for an edit.</param>
/// <param name="Duration">How long the command ran; null for an edit.</param>
internal sealed record SpanEnd(long Span, int? ExitCode = null, TimeSpan? Duration = null)
{
    /// <summary>Whether the capture takes the time it needs: what it does not reach would be lost.</summary>
    public bool HasNoDeadline { get; init; }
}
