using System.Collections.Concurrent;
using System.Numerics;
using Savepoint.Model;
using ZstdSharp.Unsafe;
using static ZstdSharp.Unsafe.Methods;

namespace Savepoint.Storage;

/// <summary>
/// zstd, alone or with a prefix: the decoder is given the previous version of the file and the frame holds only what is
/// new (what the zstd program calls --patch-from). Thread-safe; contexts are pooled, since making one costs more than
/// compressing a small file.
/// </summary>
internal static unsafe class ContentCodec
{
    // Below level 3 zstd finds hardly any match in a prefix past 128 KB: the result is twenty times larger.
    public const int Level = 3;
    private const int MinWindowLog = 10;
    private const int MaxWindowLog = 27; // the most that a decoder accepts unasked

    private const int MaxPooledBytes = 4 * 1024 * 1024; // level 3 takes 1.3 MB at most, level 19 takes 81 for a pack

    private const int HeadStepBytes = 16 * 1024; // of the frame: what is decoded beyond the need is bounded by what this much holds
    private const ZSTD_dParameter StableOutput = ZSTD_dParameter.ZSTD_d_experimentalParam2;

    private static readonly ConcurrentBag<nint> Compressors = [];
    private static readonly ConcurrentBag<nint> Decompressors = [];

    private static ZSTD_customMem Memory => new()
    {
        customAlloc = (delegate*<void*, nuint, void*>)&Allocate,
        customFree = (delegate*<void*, void*, void>)&Free,
    };

    /// <summary>Compresses <paramref name="content"/>, given that the decoder will have <paramref name="prefix"/> (or nothing, if empty).</summary>
    public static byte[] Compress(ReadOnlySpan<byte> content, ReadOnlySpan<byte> prefix, int level = Level)
    {
        using var buffer = new ScratchBytes((int)ZSTD_compressBound((nuint)content.Length));
        var context = Compressors.TryTake(out var pooled) ? (ZSTD_CCtx_s*)pooled : ZSTD_createCCtx_advanced(Memory);
        try
        {
            ZSTD_CCtx_reset(context, ZSTD_ResetDirective.ZSTD_reset_session_and_parameters);
            Check(ZSTD_CCtx_setParameter(context, ZSTD_cParameter.ZSTD_c_compressionLevel, level));
            Check(ZSTD_CCtx_setParameter(context, ZSTD_cParameter.ZSTD_c_contentSizeFlag, 0)); // the row has the size
            if (!prefix.IsEmpty || level > Level)
            {
                // The window has to reach from the content's end back to its own or the prefix's beginning.
                var windowLog = Math.Clamp(BitOperations.Log2((uint)(content.Length + prefix.Length)) + 1, MinWindowLog, MaxWindowLog);
                Check(ZSTD_CCtx_setParameter(context, ZSTD_cParameter.ZSTD_c_windowLog, windowLog));
            }

            var compressed = buffer.Span;
            fixed (byte* source = content, before = prefix, destination = compressed)
            {
                if (!prefix.IsEmpty)
                {
                    Check(ZSTD_CCtx_refPrefix(context, before, (nuint)prefix.Length));
                }

                var length = Check(ZSTD_compress2(context, destination, (nuint)compressed.Length, source, (nuint)content.Length));
                return compressed[..(int)length].ToArray();
            }
        }
        finally
        {
            Return(context);
        }
    }

    /// <summary>Keeps a context for the next content. One that a high level has made large, for a pack, is not worth its memory.</summary>
    private static void Return(ZSTD_CCtx_s* context)
    {
        if (ZSTD_sizeof_CCtx(context) > MaxPooledBytes)
        {
            ZSTD_freeCCtx(context);
        }
        else
        {
            Compressors.Add((nint)context);
        }
    }

    /// <summary>Frees the contexts that nobody is using, of the whole process. The next contents make theirs anew.</summary>
    public static void FreeContexts()
    {
        while (Compressors.TryTake(out var context))
        {
            ZSTD_freeCCtx((ZSTD_CCtx_s*)context);
        }

        while (Decompressors.TryTake(out var context))
        {
            ZSTD_freeDCtx((ZSTD_DCtx_s*)context);
        }
    }

    /// <summary>Undoes <see cref="Compress"/>.</summary>
    /// <exception cref="SavepointException">The frame does not decode to <paramref name="size"/> bytes.</exception>
    public static byte[] Decompress(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> prefix, int size)
    {
        var content = new byte[size];
        Decompress(frame, prefix, content);
        return content;
    }

    /// <summary>The same into <paramref name="content"/>, which it fills.</summary>
    /// <exception cref="SavepointException">The frame does not decode to that many bytes.</exception>
    public static void Decompress(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> prefix, Span<byte> content)
    {
        var context = Decompressors.TryTake(out var pooled) ? (ZSTD_DCtx_s*)pooled : ZSTD_createDCtx();
        try
        {
            ZSTD_DCtx_reset(context, ZSTD_ResetDirective.ZSTD_reset_session_only);
            fixed (byte* source = frame, before = prefix, destination = content)
            {
                if (!prefix.IsEmpty)
                {
                    Check(ZSTD_DCtx_refPrefix(context, before, (nuint)prefix.Length));
                }

                var length = Check(ZSTD_decompressDCtx(context, destination, (nuint)content.Length, source, (nuint)frame.Length));
                if ((int)length != content.Length)
                {
                    throw Damaged($"a zstd frame holds {length} bytes where {content.Length} were recorded");
                }
            }
        }
        finally
        {
            Decompressors.Add((nint)context);
        }
    }

    /// <summary>
    /// Decodes the beginning of a frame made without a prefix: at least its first <paramref name="needed"/> bytes, into <paramref name="content"/>, which
    /// is as long as all of it and whose rest is undefined then.
    /// </summary>
    /// <returns>How many bytes are decoded.</returns>
    /// <exception cref="SavepointException">The frame is shorter, or longer than <paramref name="content"/>.</exception>
    public static int DecompressHead(ReadOnlySpan<byte> frame, Span<byte> content, int needed)
    {
        var context = Decompressors.TryTake(out var pooled) ? (ZSTD_DCtx_s*)pooled : ZSTD_createDCtx();
        try
        {
            Check(ZSTD_DCtx_reset(context, ZSTD_ResetDirective.ZSTD_reset_session_and_parameters));
            Check(ZSTD_DCtx_setParameter(context, StableOutput, 1)); // matches are copied from the array itself: no window beside it
            fixed (byte* source = frame, destination = content)
            {
                var input = new ZSTD_inBuffer_s { src = source };
                var output = new ZSTD_outBuffer_s { dst = destination, size = (nuint)content.Length };
                while ((int)output.pos < needed)
                {
                    if ((int)input.size == frame.Length && input.pos == input.size)
                    {
                        throw Damaged($"a zstd frame holds {output.pos} bytes where {needed} were recorded");
                    }

                    input.size = (nuint)Math.Min((int)input.size + HeadStepBytes, frame.Length);
                    Check(ZSTD_decompressStream(context, &output, &input));
                }

                return (int)output.pos;
            }
        }
        finally
        {
            _ = ZSTD_DCtx_reset(context, ZSTD_ResetDirective.ZSTD_reset_session_and_parameters);
            Decompressors.Add((nint)context);
        }
    }

    private static void* Allocate(void* opaque, nuint length) => NativeBlock.Allocate(length);

    private static void Free(void* opaque, void* block) => NativeBlock.Free(block);

    private static nuint Check(nuint result) =>
        ZSTD_isError(result) ? throw Damaged($"zstd says: {ZSTD_getErrorName(result)}") : result;

    private static SavepointException Damaged(string why) =>
        new(ErrorCode.Damaged, $"A recorded content cannot be read: {why}.", "Run 'savepoint verify' to see what is lost and 'savepoint repair' to mend it.");
}
