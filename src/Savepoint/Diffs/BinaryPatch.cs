namespace Savepoint.Diffs;

/// <summary>How a binary payload is to be read.</summary>
public enum BinaryPayloadKind
{
    /// <summary>It is the content.</summary>
    Literal,

    /// <summary>It is a delta in git's pack format, against the content on the other side.</summary>
    Delta,
}

/// <summary>One direction of a binary patch.</summary>
/// <param name="Kind">How <paramref name="Data"/> is to be read.</param>
/// <param name="Data">The payload, not compressed.</param>
public sealed record BinaryPayload(BinaryPayloadKind Kind, ReadOnlyMemory<byte> Data)
{
    /// <summary>An empty file, or none.</summary>
    public static BinaryPayload Empty { get; } = new(BinaryPayloadKind.Literal, default);

    /// <inheritdoc/>
    public bool Equals(BinaryPayload? other) => other is not null && Kind == other.Kind && Data.Span.SequenceEqual(other.Data.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Data.Length);
}

/// <summary>A change of content that is not given by lines.</summary>
/// <param name="Forward">Gives the new content.</param>
/// <param name="Reverse">Gives the old content; null in a patch that was made for one direction only.</param>
public sealed record BinaryPatch(BinaryPayload Forward, BinaryPayload? Reverse)
{
    // The part of a content that git looks at (buffer_is_binary in its xdiff-interface.c).
    private const int InspectedBytes = 8000;

    /// <summary>Whether git takes this content for binary: a NUL among its first 8000 bytes.</summary>
    public static bool IsBinary(ReadOnlySpan<byte> content) =>
        content[..Math.Min(content.Length, InspectedBytes)].Contains((byte)0);
}
