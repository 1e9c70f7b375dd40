namespace Savepoint.Model;

/// <summary>What is known about a change besides the change itself.</summary>
public sealed record CaptureContext
{
    /// <summary>Nothing is known.</summary>
    public static CaptureContext None { get; } = new();

    /// <summary>Who makes the change.</summary>
    public Actor Actor { get; init; } = Actor.Unknown;

    /// <summary>The tool, as its client names it; null where unknown.</summary>
    public string? Tool { get; init; }

    /// <summary>A line for people; null for none.</summary>
    public string? Message { get; init; }
}
