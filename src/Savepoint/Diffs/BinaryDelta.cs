using System.Buffers;

namespace Savepoint.Diffs;

/// <summary>
/// Git's delta, as in pack files: both sizes as base-128 numbers, then instructions. A byte 1 to 127 is followed by that
/// many bytes to insert; a byte with the top bit set copies from the base, its lower bits saying which bytes of offset (4)
/// and size (3) follow, a size of 0 meaning 64 KiB.
/// </summary>
internal static class BinaryDelta
{
    /// <summary>The longest copy that every reader of the format takes.</summary>
    public const int MaxCopyBytes = 0x10000;

    private const int MaxInsertBytes = 127;

    /// <summary>Applies a binary patch, checking both ends against git's names for them; null if all went well.</summary>
    public static PatchConflictReason? TryApply(FilePatch file, ReadOnlySpan<byte> before, out ReadOnlyMemory<byte> after)
    {
        after = default;
        if (!file.IsCreation && file.OldBlob != GitBlobId.Of(before))
        {
            return PatchConflictReason.ContentDiffers;
        }

        var content = TryUnpack(file.Binary!.Forward, before);
        if (content is not { } result || (!file.IsDeletion && file.NewBlob is { } expected && GitBlobId.Of(result.Span) != expected))
        {
            return PatchConflictReason.Damaged;
        }

        after = result;
        return file.IsDeletion && !after.IsEmpty ? PatchConflictReason.HoldsMore : null;
    }

    /// <summary>The content a payload gives, from what stands on the other side; null if it does not fit that, or is damaged.</summary>
    public static ReadOnlyMemory<byte>? TryUnpack(BinaryPayload payload, ReadOnlySpan<byte> from)
    {
        if (payload.Kind == BinaryPayloadKind.Literal)
        {
            return payload.Data;
        }

        var delta = payload.Data.Span;
        if (!TryReadSize(ref delta, out var fromSize) || !TryReadSize(ref delta, out var size)
            || fromSize != from.Length || size > PatchOptions.MaxFileBytes)
        {
            return null;
        }

        var result = new ArrayBufferWriter<byte>();
        while (!delta.IsEmpty)
        {
            if (!TryReadInstruction(ref delta, out var copyOffset, out var length, out var inserted)
                || result.WrittenCount + (long)length > size
                || (inserted.IsEmpty && copyOffset + length > from.Length))
            {
                return null;
            }

            result.Write(inserted.IsEmpty ? from.Slice((int)copyOffset, length) : inserted);
        }

        return result.WrittenCount == size ? result.WrittenMemory : null;
    }

    /// <summary>Reads one instruction: a copy of <paramref name="length"/> bytes, or if <paramref name="inserted"/> is not empty, an insertion of these.</summary>
    public static bool TryReadInstruction(ref ReadOnlySpan<byte> delta, out long copyOffset, out int length, out ReadOnlySpan<byte> inserted)
    {
        var code = delta[0];
        delta = delta[1..];
        (copyOffset, length) = (0, code);
        inserted = default;
        if (code < 0x80)
        {
            if (code == 0 || delta.Length < code)
            {
                return false; // 0 is reserved
            }

            inserted = delta[..code];
            delta = delta[code..];
            return true;
        }

        length = 0;
        for (var bit = 0; bit < 7; bit++)
        {
            if ((code & (1 << bit)) == 0)
            {
                continue;
            }

            if (delta.IsEmpty)
            {
                return false;
            }

            if (bit < 4)
            {
                copyOffset |= (long)delta[0] << (8 * bit);
            }
            else
            {
                length |= delta[0] << (8 * (bit - 4));
            }

            delta = delta[1..];
        }

        length = length == 0 ? MaxCopyBytes : length;
        return true;
    }

    /// <summary>Reads a base-128 number, lowest digits first, the top bit meaning that more follow.</summary>
    public static bool TryReadSize(ref ReadOnlySpan<byte> delta, out long size)
    {
        size = 0;
        for (var shift = 0; shift < 63 && !delta.IsEmpty; shift += 7)
        {
            var digit = delta[0];
            delta = delta[1..];
            size |= (long)(digit & 0x7f) << shift;
            if (digit < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    public static void WriteSize(IBufferWriter<byte> delta, long size)
    {
        for (; size >= 0x80; size >>= 7)
        {
            delta.Write([(byte)(size | 0x80)]);
        }

        delta.Write([(byte)size]);
    }

    public static void WriteInsertion(IBufferWriter<byte> delta, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = Math.Min(bytes.Length, MaxInsertBytes);
            delta.Write([(byte)count]);
            delta.Write(bytes[..count]);
            bytes = bytes[count..];
        }
    }

    public static void WriteCopy(IBufferWriter<byte> delta, int offset, int length)
    {
        Span<byte> code = stackalloc byte[8];
        while (length > 0)
        {
            var count = Math.Min(length, MaxCopyBytes);
            var (flags, used) = (0x80, 1);
            for (var bit = 0; bit < 7; bit++)
            {
                var part = bit < 4 ? (byte)(offset >> (8 * bit)) : (byte)((count == MaxCopyBytes ? 0 : count) >> (8 * (bit - 4)));
                if (part != 0)
                {
                    flags |= 1 << bit;
                    code[used++] = part;
                }
            }

            code[0] = (byte)flags;
            delta.Write(code[..used]);
            (offset, length) = (offset + count, length - count);
        }
    }
}
