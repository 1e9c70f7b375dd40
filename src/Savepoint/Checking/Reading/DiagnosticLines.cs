using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;
using Savepoint.Model;

namespace Savepoint.Checking.Reading;

/// <summary>Diagnostics that stand in one line each, in the forms of the compilers.</summary>
internal static partial class DiagnosticLines
{
    /// <summary>Longer lines are no diagnostics of these forms.</summary>
    private const int MaxLineLength = 4096;

    /// <summary>Words of linkers' and compilers' last lines, which only say that something was wrong before.</summary>
    private static readonly string[] Echoes = ["aborting due to", "could not compile", "build failed, waiting", "linker command failed", "ld returned", "test failed, to rerun", "target failed", "targets failed"];

    // One of them is in every line that matters.
    private static readonly SearchValues<string> Words = SearchValues.Create(["error", "warning", "[ERROR]", "[WARNING]", "undefined reference", "multiple definition"], StringComparison.Ordinal);

    /// <summary>The diagnostic of a line; null if it is none.</summary>
    public static Diagnostic? Read(ReadOnlySpan<char> line)
    {
        if (line.Length is < 8 or > MaxLineLength
            || line.IndexOfAny(Words) < 0)
        {
            return null;
        }

        var text = line.ToString();
        return Of(Bracketed().Match(text)) ?? Of(Maven().Match(text)) ?? Of(Pretty().Match(text)) ?? Of(Colons().Match(text)) ?? Of(Tool().Match(text)) ?? Of(Linker().Match(text));
    }

    /// <summary>Whether it repeats that there were errors.</summary>
    public static bool IsEcho(string message) => Echoes.Any(echo => message.Contains(echo, StringComparison.Ordinal));

    // MSBuild, Roslyn, tsc: a.cs(3,5): error CS0103: … [a.csproj]; also (3), (3,5,3,9), (3-4,5-6)
    [GeneratedRegex(@"^\s*(?:\d+>)?(?<file>[^\s(:][^(:]*?|[A-Za-z]:[^(:]*?|/[^(]*?)\((?<line>\d+)(?:-\d+)?(?:,(?<column>\d+)(?:-\d+)?(?:,\d+,\d+)?)?\)\s*: (?:\w+ )?(?<severity>fatal error|error|warning) (?<code>[A-Za-z]+\d+)?\s*: (?<message>.*?)(?: \[[^\[\]]*proj(?:::[^\[\]]*)?\])?$", RegexOptions.CultureInvariant)]
    private static partial Regex Bracketed();

    // Maven's compiler plug-in: [ERROR] /a/B.java:[5,10] …
    [GeneratedRegex(@"^\[(?<severity>ERROR|WARNING)\] (?<file>[^\s:]+\.\w+):\[(?<line>\d+),(?<column>\d+)\] (?:error: )?(?<message>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Maven();

    // tsc --pretty: a.ts:3:5 - error TS2322: …
    [GeneratedRegex(@"^(?<file>[^\s:][^:]*):(?<line>\d+):(?<column>\d+) - (?<severity>error|warning) (?<code>[A-Za-z]+\d+): (?<message>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Pretty();

    // gcc, clang, javac: a.c:3:5: error: …; A.java:3: error: …; a.c:3:5: fatal error: …; also of a linker: a.o: error: …
    [GeneratedRegex(@"^(?<file>[^\s:][^:]*):(?:(?<line>\d+):)?(?:(?<column>\d+):)? (?<severity>fatal error|error|warning): (?:\[(?<code>[\w.-]+)\] )?(?<message>.*?)(?: \[(?<flag>-W[\w=+-]+)\])?$", RegexOptions.CultureInvariant)]
    private static partial Regex Colons();

    // What has no place: error TS18003: …; CSC : error CS5001: …; /a/b.csproj : error NU1101: … [b.sln]
    [GeneratedRegex(@"^\s*(?:(?<file>[^:]+?)\s+: )?(?<severity>error|warning) (?<code>[A-Z][A-Za-z]*\d+)\s*: (?<message>.*?)(?: \[[^\[\]]*(?:proj|sln|slnx)\])?$", RegexOptions.CultureInvariant)]
    private static partial Regex Tool();

    // ld: main.c:(.text+0x5): undefined reference to `f'
    [GeneratedRegex(@"^(?:\S*ld: )?(?<file>[^\s:][^:]*):(?:(?<line>\d+)|\([^)]*\)): (?<message>(?:undefined reference to|multiple definition of) .*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Linker();

    private static Diagnostic? Of(Match match)
    {
        if (!match.Success || match.Groups["message"] is not { Length: > 0 } message || IsEcho(message.Value))
        {
            return null;
        }

        var code = match.Groups["code"] is { Success: true } found ? found.Value : match.Groups["flag"] is { Success: true } flag ? flag.Value : null;
        var severity = match.Groups["severity"].ValueSpan is "warning" or "WARNING" ? DiagnosticSeverity.Warning : DiagnosticSeverity.Error;
        return new Diagnostic(severity, File(match.Groups["file"].Value), Number(match.Groups["line"]), Number(match.Groups["column"]), code, message.Value.Trim());
    }

    // A tool that speaks of itself is no file.
    private static string? File(string text) => text is "" or "CSC" or "MSBUILD" or "VBC" or "FSC" or "LINK" or "cargo" ? null : text.Trim();

    private static int? Number(Group group) => int.TryParse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
