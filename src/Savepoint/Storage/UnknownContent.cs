using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>
/// What a repair puts in the place of a content of which not even the hash is left: a row without bytes, so that a verification says which
/// paths it costs. Its hash is of a sentence, not of what was lost, and is not to be shown as that.
/// </summary>
internal static class UnknownContent
{
    public static ContentId Id { get; } = ContentId.Of("a content whose record was lost"u8);

    /// <summary>The line of a verification, to be followed by the paths.</summary>
    public static string Problem(long row) => $"content {row}: its record was lost, and its hash with it";
}
