using System.Buffers;
using System.Buffers.Text;

namespace Savepoint.Workspaces;

/// <summary>
/// The names of files that a restore writes aside before it renames them into place: <c>.~sp-</c> and 16 hexadecimal
/// digits. Scans skip them, and short as they are they fit beside any file. What a restore and a step make is always the
/// same name, so a restore that is resumed after a crash finds what it left.
/// </summary>
internal static class TemporaryName
{
    private const int DigitCount = 16;

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdef"u8);

    private static ReadOnlySpan<byte> Prefix => ".~sp-"u8;

    /// <summary>The name for step <paramref name="step"/> of the restore <paramref name="restoreId"/>.</summary>
    public static byte[] Create(uint restoreId, uint step)
    {
        var name = new byte[Prefix.Length + DigitCount];
        Prefix.CopyTo(name);
        Utf8Formatter.TryFormat(((ulong)restoreId << 32) | step, name.AsSpan(Prefix.Length), out _, new('x', DigitCount));
        return name;
    }

    /// <summary>The name, to be seen by everybody, for a file that nobody knows any more and that may be somebody's.</summary>
    public static byte[] FoundName(ReadOnlySpan<byte> temporary) => [.. "savepoint-found-"u8, .. temporary[Prefix.Length..]];

    /// <summary>Whether <paramref name="name"/> is one that <see cref="Create"/> could have made.</summary>
    public static bool IsTemporary(ReadOnlySpan<byte> name) =>
        name.Length == Prefix.Length + DigitCount
        && name.StartsWith(Prefix)
        && !name[Prefix.Length..].ContainsAnyExcept(Digits);
}
