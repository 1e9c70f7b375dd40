namespace Savepoint.Diffs;

/// <summary>How a binary payload is to be read.</summary>
public enum BinaryPayloadKind
{
    /// <summary>It is the content.</summary>
    Literal,

    /// <summary>It is a delta in git's pack format, against the content on the other side.</summary>
    Delta,

    /// <summary>It is not there: the content is larger than <see cref="PatchOptions.MaxExactBytes"/>, and is only said to differ.</summary>
    Omitted,
}

/// <summary>A change of content that is not given by lines.</summary>
/// <param name="Forward">Gives the new content.</param>
/// <param name="Reverse">Gives the old content; null in a patch that was made for one direction only.</param>
public sealed record BinaryPatch(BinaryPayload Forward, BinaryPayload? Reverse)
{
    /// <summary>A change that is only said to be one.</summary>
    internal static BinaryPatch Omitted { get; } = new(BinaryPayload.Omitted, BinaryPayload.Omitted);

    // The part of a content that git looks at (buffer_is_binary in its xdiff-interface.c).
    private const int InspectedBytes = 8000;

    /// <summary>Whether git takes this content for binary: a NUL among its first 8000 bytes.</summary>
    public static bool IsBinary(ReadOnlySpan<byte> content) =>
        content[..Math.Min(content.Length, InspectedBytes)].Contains((byte)0);
}
