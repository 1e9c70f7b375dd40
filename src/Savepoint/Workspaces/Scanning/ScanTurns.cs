using System.Buffers;
using System.Buffers.Binary;
using Savepoint.Model;

namespace Savepoint.Workspaces.Scanning;

/// <summary>A directory that a scan did not get to, or not to the end of.</summary>
/// <param name="Directory">The directory.</param>
/// <param name="FirstEntry">Which of its entries, as it lists them, is the first to look at.</param>
internal readonly record struct ScanTurn(WorkspacePath Directory, int FirstEntry);

/// <summary>
/// Where the next scan begins, after one that its deadline cut short: so that scans of a tree too large for any of them
/// reach all of it in turn. Kept in a file beside the index; lost, the next scan begins at the root.
/// </summary>
internal static class ScanTurns
{
    private const int FixedBytes = 6;

    /// <summary>Reads them; none if the file is absent or makes no sense.</summary>
    public static List<ScanTurn> Load(string file)
    {
        var turns = new List<ScanTurn>();
        ReadOnlySpan<byte> rest = ScanIndexFile.TryRead(file);
        while (rest.Length >= FixedBytes)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
            var first = BinaryPrimitives.ReadInt32LittleEndian(rest[2..]);
            rest = rest[FixedBytes..];
            if (length > rest.Length || first < 0 || !WorkspacePath.TryFromBytes(rest[..length], out var directory))
            {
                return [];
            }

            turns.Add(new ScanTurn(directory, first));
            rest = rest[length..];
        }

        return turns;
    }

    /// <summary>Keeps them for the next scan; none deletes the file.</summary>
    public static void Save(string file, IReadOnlyList<ScanTurn> turns)
    {
        if (turns.Count == 0)
        {
            ScanIndexFile.Delete(file);
            return;
        }

        var bytes = new ArrayBufferWriter<byte>();
        foreach (var (directory, first) in turns)
        {
            var fixedPart = bytes.GetSpan(FixedBytes);
            BinaryPrimitives.WriteUInt16LittleEndian(fixedPart, (ushort)directory.Bytes.Length);
            BinaryPrimitives.WriteInt32LittleEndian(fixedPart[2..], first);
            bytes.Advance(FixedBytes);
            bytes.Write(directory.Bytes);
        }

        ScanIndexFile.Replace(file, bytes.WrittenSpan);
    }
}
