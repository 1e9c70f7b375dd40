namespace Savepoint.Workspaces.Ignore;

/// <summary>Case as git folds it with <c>core.ignoreCase</c>: ASCII letters only, byte by byte.</summary>
internal static class AsciiCase
{
    public static byte ToLower(byte value) => value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;

    /// <summary>Folds the bytes where they stand; the platform's own method would stop at the first byte past ASCII.</summary>
    public static void ToLowerInPlace(Span<byte> bytes)
    {
        foreach (ref var value in bytes)
        {
            value = ToLower(value);
        }
    }
}
