using System.Buffers.Binary;
using System.Numerics;

namespace Savepoint.Workspaces.Ignore;

/// <summary>Compares byte arrays by content, and looks them up by span without an allocation.</summary>
/// <remarks>
/// The hash is a fixed multiply-and-rotate over eight bytes at a time (the multiplier is 2^64 divided by the golden
/// ratio), several times faster on short names than the platform's seeded one. Rules written to collide make a look-up
/// as slow as trying each pattern in turn, which is what git always does.
/// </remarks>
internal sealed class ByteKeyComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static ByteKeyComparer Instance { get; } = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(byte[] obj) => GetHashCode((ReadOnlySpan<byte>)obj);

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = (ulong)alternate.Length;
        while (alternate.Length >= sizeof(ulong))
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(alternate));
            alternate = alternate[sizeof(ulong)..];
        }

        foreach (var value in alternate)
        {
            hash = Mix(hash, value);
        }

        return (int)(hash >> 32);
    }

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

    private static ulong Mix(ulong hash, ulong value) => BitOperations.RotateLeft((hash ^ value) * 0x9E3779B97F4A7C15, 29);
}
