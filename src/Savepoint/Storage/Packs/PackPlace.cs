using Savepoint.Model;

namespace Savepoint.Storage.Packs;

/// <summary>Where a packed content is: the <c>data</c> of its row, two varints.</summary>
/// <param name="Pack">A <c>packs.id</c>.</param>
/// <param name="OffsetBytes">Where in the decoded pack it begins.</param>
internal readonly record struct PackPlace(long Pack, long OffsetBytes)
{
    public static PackPlace Parse(ReadOnlySpan<byte> data) =>
        Varint.TryRead(ref data, out var pack) && Varint.TryRead(ref data, out var offset) && data.IsEmpty
            ? new PackPlace((long)pack, (long)offset)
            : throw new SavepointException(ErrorCode.Damaged, "A recorded content cannot be read: its place in a pack is cut short.", "Run 'savepoint verify' to see what is lost and 'savepoint repair' to mend it.");

    public byte[] ToBytes()
    {
        var data = new List<byte>(8);
        Varint.Append(data, (ulong)Pack);
        Varint.Append(data, (ulong)OffsetBytes);
        return [.. data];
    }
}
