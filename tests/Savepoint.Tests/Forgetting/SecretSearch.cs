using ZstdSharp;

namespace Savepoint.Tests.Forgetting;

/// <summary>Looks for bytes in all files below a folder: as they stand there, and in every zstd frame that begins anywhere in them.</summary>
internal static class SecretSearch
{
    private static readonly byte[] Magic = [0x28, 0xb5, 0x2f, 0xfd];

    /// <summary>Where any of the secrets is found, as the file's name and how.</summary>
    public static List<string> Find(string folder, IReadOnlyList<byte[]> secrets)
    {
        var found = new List<string>();
        foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var bytes = File.ReadAllBytes(file);
            var name = Path.GetRelativePath(folder, file);
            if (secrets.Any(secret => bytes.AsSpan().IndexOf(secret) >= 0))
            {
                found.Add($"{name}: plain");
            }

            foreach (var frame in Frames(bytes))
            {
                if (secrets.Any(secret => frame.AsSpan().IndexOf(secret) >= 0))
                {
                    found.Add($"{name}: in a frame");
                }
            }
        }

        return found;
    }

    private static IEnumerable<byte[]> Frames(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length; at++)
        {
            var next = bytes.AsSpan(at).IndexOf(Magic);
            if (next < 0)
            {
                yield break;
            }

            at += next;
            yield return Decode(bytes[at..]);
        }
    }

    /// <summary>As far as it goes: a frame in a database is cut into pages, and one made with a prefix lacks that.</summary>
    private static byte[] Decode(byte[] bytes)
    {
        using var decoded = new MemoryStream();
        try
        {
            using var stream = new DecompressionStream(new MemoryStream(bytes), checkEndOfStream: false);
            var buffer = new byte[64];
            for (int read; decoded.Length < 64_000_000 && (read = stream.Read(buffer)) > 0;)
            {
                decoded.Write(buffer, 0, read);
            }
        }
        catch (Exception e) when (e is ZstdException or IOException or ArgumentException)
        {
            // What came before the cut was looked at.
        }

        return decoded.ToArray();
    }
}
