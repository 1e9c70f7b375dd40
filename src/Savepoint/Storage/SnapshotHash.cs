using System.Buffers.Binary;
using System.Text;
using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>
/// The check on a snapshot's rows: the first 16 bytes of the SHA-256 of its canonical form. Every field is written with
/// its length or at a fixed width, so that no two snapshots have one form; null is length −1.
/// </summary>
internal static class SnapshotHash
{
    public const int LengthBytes = 16;

    private const long ExpectedChangeBytes = 200;

    public static byte[] Compute(Snapshot snapshot)
    {
        using var hash = new ContentHash(snapshot.Changes.Count * ExpectedChangeBytes);
        Append(hash, snapshot.Number.Value);
        Append(hash, snapshot.Parent?.Value ?? 0);
        Append(hash, snapshot.Branch);
        Append(hash, (long)snapshot.Kind);
        Append(hash, SnapshotTime.ToMicroseconds(snapshot.Time));
        Append(hash, snapshot.Actor.Agent);
        Append(hash, snapshot.Actor.Session);
        Append(hash, snapshot.Actor.Turn);
        Append(hash, snapshot.Actor.ToolCall);
        Append(hash, snapshot.Tool);
        Append(hash, snapshot.Message);
        Append(hash, snapshot.OperationCount);
        Append(hash, snapshot.Target?.Value ?? 0);
        Append(hash, snapshot.RedoCount);
        Append(hash, snapshot.ExitCode ?? long.MinValue);
        Append(hash, SnapshotTime.ToMicroseconds(snapshot.Duration) ?? -1);
        Append(hash, snapshot.Git?.Commit);
        Append(hash, snapshot.Git?.Branch);
        Append(hash, snapshot.Coverage.IsComplete ? 1 : 0);
        Append(hash, snapshot.Coverage.ScannedCount);
        foreach (var skipped in snapshot.Coverage.Skipped)
        {
            Append(hash, (long)skipped.Reason);
            Append(hash, skipped.Path.Bytes);
        }

        foreach (var change in snapshot.Changes)
        {
            Append(hash, change.OldPath is null ? 0 : 1);
            Append(hash, change.OldPath is { } old ? old.Bytes : default);
            Append(hash, change.Path.Bytes);
            Append(hash, change.Before);
            Append(hash, change.After);
        }

        return hash.Finish().ToBytes()[..LengthBytes];
    }

    private static void Append(ContentHash hash, FileState state)
    {
        Append(hash, StateCode.Pack(state));
        Append(hash, state.ContentId is { } content ? content.ToBytes() : default(ReadOnlySpan<byte>));
    }

    private static void Append(ContentHash hash, string? text)
    {
        if (text is null)
        {
            Append(hash, -1L);
            return;
        }

        Append(hash, Encoding.UTF8.GetBytes(text));
    }

    private static void Append(ContentHash hash, ReadOnlySpan<byte> bytes)
    {
        Append(hash, (long)bytes.Length);
        hash.Append(bytes);
    }

    private static void Append(ContentHash hash, long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        hash.Append(bytes);
    }
}
