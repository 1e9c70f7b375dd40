using System.Text;
using Savepoint.Model;

namespace Savepoint.Cli.Platform;

/// <summary>
/// Arguments that are not UTF-8 reach a .NET program with their bytes lost. The system still has them; here they come back
/// in git's C-quoted form, which every path argument accepts.
/// </summary>
internal static class RawArguments
{
    private const string SystemCopy = "/proc/self/cmdline";

    private static readonly HashSet<string> Restored = [];

    /// <summary>The arguments, each that lost bytes replaced by its quoted form.</summary>
    public static string[] Restore(string[] arguments)
    {
        if (!Array.Exists(arguments, LostBytes) || !File.Exists(SystemCopy))
        {
            return arguments;
        }

        var raw = Raw();
        var first = raw.Count - arguments.Length; // the runtime's own arguments stand before ours
        var end = Array.IndexOf(arguments, "--");
        return first < 0 ? arguments : [.. arguments.Select((text, i) => LostBytes(text) ? Quoted(raw[first + i], mayBeOption: end < 0 || i < end) : text)];
    }

    /// <summary>Refuses a text that was given in bytes that are not UTF-8: its quoted form would be taken for it.</summary>
    /// <exception cref="UsageException">It was.</exception>
    public static void RefuseBytes(string text)
    {
        if (Restored.Contains(text))
        {
            throw new UsageException($"{text} is not UTF-8.", "Names, texts and files outside the workspace must be; only the paths of a workspace's files may be any bytes.");
        }
    }

    /// <summary>The quoted form; of an option and its value in one word, that of the value.</summary>
    private static string Quoted(byte[] raw, bool mayBeOption)
    {
        var at = mayBeOption && raw is [(byte)'-', ..] ? raw.AsSpan().IndexOf((byte)'=') + 1 : 0;
        var value = PathQuoting.Quote(raw.AsSpan(at));
        Restored.Add(value);
        return Encoding.UTF8.GetString(raw, 0, at) + value;
    }

    /// <summary>The last arguments of the command line as they came, byte for byte, for handing them on.</summary>
    /// <param name="texts">The same as .NET has them.</param>
    public static List<byte[]> Last(string[] texts)
    {
        var raw = File.Exists(SystemCopy) ? Raw() : [];
        return raw.Count < texts.Length || !raw[^texts.Length..].Zip(texts).All(pair => LostBytes(Encoding.UTF8.GetString(pair.First)) || Encoding.UTF8.GetString(pair.First) == pair.Second)
            ? [.. texts.Select(Encoding.UTF8.GetBytes)]
            : raw[^texts.Length..];
    }

    private static List<byte[]> Raw() => Split(File.ReadAllBytes(SystemCopy));

    private static bool LostBytes(string text) => text.Contains('\uFFFD', StringComparison.Ordinal);

    private static List<byte[]> Split(byte[] commandLine)
    {
        var parts = new List<byte[]>();
        for (var start = 0; start < commandLine.Length;)
        {
            var length = commandLine.AsSpan(start).IndexOf((byte)0);
            length = length < 0 ? commandLine.Length - start : length;
            parts.Add(commandLine[start..(start + length)]);
            start += length + 1;
        }

        return parts;
    }
}
