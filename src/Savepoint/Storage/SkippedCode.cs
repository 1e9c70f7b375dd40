using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>The skipped entries of a coverage in one blob: for each its reason, its path's length, its path (docs/file-format.md, Tables).</summary>
internal static class SkippedCode
{
    public static byte[]? Pack(IReadOnlyList<SkippedEntry> skipped)
    {
        if (skipped.Count == 0)
        {
            return null;
        }

        var bytes = new List<byte>();
        foreach (var entry in skipped)
        {
            bytes.Add((byte)entry.Reason);
            Varint.Append(bytes, (ulong)entry.Path.Bytes.Length);
            bytes.AddRange(entry.Path.Bytes);
        }

        return [.. bytes];
    }

    public static IReadOnlyList<SkippedEntry> Unpack(ReadOnlySpan<byte> bytes)
    {
        var skipped = new List<SkippedEntry>();
        while (!bytes.IsEmpty)
        {
            var reason = (SkipReason)bytes[0];
            bytes = bytes[1..];
            if (!Varint.TryRead(ref bytes, out var length) || length > (ulong)bytes.Length)
            {
                throw new SavepointException(ErrorCode.Damaged, "A recorded coverage is cut short.", "Run 'savepoint verify' to see what is lost and 'savepoint repair' to mend it.");
            }

            skipped.Add(new SkippedEntry(PathTable.Read(bytes[..(int)length]), reason));
            bytes = bytes[(int)length..];
        }

        return skipped;
    }
}
