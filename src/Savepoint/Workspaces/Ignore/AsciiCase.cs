using System.Text;

namespace Savepoint.Workspaces.Ignore;

/// <summary>Case as git folds it with <c>core.ignoreCase</c>: ASCII letters only, byte by byte.</summary>
internal static class AsciiCase
{
    public static byte ToLower(byte value) => value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;

    /// <summary>Folds the bytes where they stand.</summary>
    public static void ToLowerInPlace(Span<byte> bytes) => Ascii.ToLowerInPlace(bytes, out _);
}
