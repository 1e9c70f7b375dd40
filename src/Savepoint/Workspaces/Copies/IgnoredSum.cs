using System.Buffers.Binary;
using System.Security.Cryptography;
using Savepoint.Model;

namespace Savepoint.Workspaces.Copies;

/// <summary>
/// What ignored entries a copy was made of, as one number: if the sum of the originals is the same later, none of them was written, added or deleted since.
/// The number is a sum over the entries, so that two threads can add to it in any order. Thread-safe.
/// </summary>
/// <remarks>
/// An entry counts with its path, its inode and its time of change (ctime), which the system stamps on every write and no program can set. A directory counts with its
/// path and mode alone: what comes into it or goes is an entry of its own.
/// </remarks>
internal sealed class IgnoredSum
{
    /// <summary>The clock that stamps files goes in steps, of 10 ms at most (CONFIG_HZ = 100): within one, a second change has the time of the first.</summary>
    private const long StepNs = 20_000_000;

    private const int NumbersBytes = 5 * sizeof(long);

    private readonly Lock _gate = new();
    private UInt128 _sum;
    private long _youngestNs;

    /// <summary>Adds an entry, as it was before it was copied.</summary>
    public void Add(WorkspacePath path, in EntryStat stat)
    {
        Span<byte> entry = path.Bytes.Length <= WorkspacePath.MaxLengthBytes ? stackalloc byte[NumbersBytes + WorkspacePath.MaxLengthBytes] : new byte[NumbersBytes + path.Bytes.Length];
        path.Bytes.CopyTo(entry[NumbersBytes..]);
        long[] numbers = stat.IsDirectory
            ? [(long)stat.Type, stat.Mode.Bits, 0, 0, 0]
            : [(long)stat.Type, ((long)stat.Uid << 32) | (uint)stat.Mode.Bits, stat.SizeBytes, stat.ChangedNs, stat.Inode];
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(entry[(i * sizeof(long))..], numbers[i]);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(entry[..(NumbersBytes + path.Bytes.Length)], hash);
        lock (_gate)
        {
            _sum = unchecked(_sum + BinaryPrimitives.ReadUInt128LittleEndian(hash));
            _youngestNs = stat.IsDirectory ? _youngestNs : Math.Max(_youngestNs, stat.ChangedNs);
        }
    }

    /// <summary>The sum; null if an entry is so young that a change while it was copied need not show.</summary>
    /// <param name="startedNs">When copying began, by the clock that stamps files, in nanoseconds since 1970.</param>
    public byte[]? ToBytes(long startedNs)
    {
        if (_youngestNs >= startedNs - StepNs)
        {
            return null;
        }

        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, _sum);
        return bytes;
    }

    /// <summary>The sum, whatever the age of its entries: to compare with.</summary>
    public byte[] ToBytes() => ToBytes(long.MaxValue)!;
}
