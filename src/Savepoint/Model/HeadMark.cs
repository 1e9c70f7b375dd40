using System.Buffers.Binary;

namespace Savepoint.Model;

/// <summary>
/// Which snapshot a tree was recorded by: its number, and the hash of its record, so that a number which another store, or
/// a store put back from a copy, gave to something else is not taken for it.
/// </summary>
/// <param name="Number">The snapshot's number; 0 for "nothing recorded yet".</param>
/// <param name="Hash">The hash that stands with the snapshot.</param>
internal readonly record struct HeadMark(long Number, UInt128 Hash)
{
    /// <summary>Before the first snapshot.</summary>
    public static HeadMark None => default;

    /// <summary>A number with the 16 bytes of its record's hash.</summary>
    public static HeadMark Of(long number, ReadOnlySpan<byte> hash) => new(number, BinaryPrimitives.ReadUInt128BigEndian(hash));

    /// <summary>The 16 bytes of the hash.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Hash);
        return bytes;
    }
}
