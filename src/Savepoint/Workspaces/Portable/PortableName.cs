using System.Buffers;
using System.Text;
using Savepoint.Model;

namespace Savepoint.Workspaces.Portable;

/// <summary>Between byte names and the strings that .NET opens files by. What does not survive the way there and back is an error.</summary>
internal static class PortableName
{
    /// <summary>What .NET shows for a byte that is not UTF-8.</summary>
    public const char Replacement = '\uFFFD';

    private const string Hint = "Rename it; only on Linux are such names recorded.";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly SearchValues<char> ForbiddenByWindows = SearchValues.Create("<>\"|?*");

    /// <summary>The path's segments as strings.</summary>
    /// <exception cref="SavepointException">A segment would name another entry, or none, on this system.</exception>
    public static string[] Decode(WorkspacePath path)
    {
        if (path.IsRoot)
        {
            return [];
        }

        var segments = DecodeText(path.Bytes, path).Split('/');
        return OperatingSystem.IsWindows() && segments.Any(IsChangedByWindows)
            ? throw Unrepresentable(path, "Windows would take it for another name")
            : segments;
    }

    /// <summary>Bytes that are text: a path, a link's target.</summary>
    /// <exception cref="SavepointException">They are not UTF-8.</exception>
    public static string DecodeText(ReadOnlySpan<byte> bytes, WorkspacePath path)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Unrepresentable(path, "it is not UTF-8");
        }
    }

    /// <summary>The bytes of a link's target.</summary>
    /// <exception cref="SavepointException">.NET did not get them whole.</exception>
    public static byte[] Encode(string target, WorkspacePath path) =>
        target.Contains(Replacement) ? throw Unrepresentable(path, "its target is not UTF-8") : Encoding.UTF8.GetBytes(target);

    /// <summary>The failure for a name that cannot be reached.</summary>
    public static SavepointException Unrepresentable(WorkspacePath path, string reason) =>
        new(ErrorCode.Environment, $"Cannot reach {TreeErrors.Quote(path)}: {reason}.", Hint);

    // Windows drops dots and spaces at the end, and devices like NUL stand in every directory, with any extension.
    private static bool IsChangedByWindows(string segment)
    {
        var stem = segment.Split('.')[0].TrimEnd().ToUpperInvariant();
        return segment[^1] is '.' or ' '
            || segment.AsSpan().ContainsAny(ForbiddenByWindows)
            || stem is "CON" or "PRN" or "AUX" or "NUL"
            || (stem.Length == 4 && (stem.StartsWith("COM", StringComparison.Ordinal) || stem.StartsWith("LPT", StringComparison.Ordinal)));
    }
}
