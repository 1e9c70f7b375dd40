using System.Text.Json;

namespace Savepoint.Cli.Hooks;

/// <summary>What a client writes to a hook: one JSON document, to the end of standard input.</summary>
internal static class HookInput
{
    /// <summary>More is not read. A file that a tool writes is in its input, and with its old content once more in its answer.</summary>
    private const int MaxLengthBytes = 64 << 20;

    private const int FirstLengthBytes = 32 * 1024;

    // A tool of somebody's server may take objects of any depth.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 1000 };

    /// <summary>The document; null if it is too long.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static async Task<JsonDocument?> ReadAsync(Stream input, CancellationToken cancellationToken)
    {
        var (bytes, length) = (new byte[FirstLengthBytes], 0);
        while (await input.ReadAsync(bytes.AsMemory(length), cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            length += read;
            if (length == MaxLengthBytes)
            {
                return null;
            }

            if (length == bytes.Length)
            {
                Array.Resize(ref bytes, Math.Min(MaxLengthBytes, 2 * length));
            }
        }

        if (length == 0)
        {
            throw new JsonException("it is empty.");
        }

        var start = bytes.AsSpan(0, length).StartsWith("\uFEFF"u8) ? 3 : 0;
        return JsonDocument.Parse(bytes.AsMemory(start, length - start), Options);
    }
}
