using Savepoint.Model;

namespace Savepoint.Quality;

/// <summary>Counts a function's tokens: cyclomatic complexity (McCabe 1976), Halstead's volume, and from both the maintainability index.</summary>
internal static class FunctionMeter
{
    private const ulong HashOffset = 14695981039346656037; // FNV-1a, 64 bits
    private const ulong HashPrime = 1099511628211;

    public static FunctionMetrics Measure(SourceCode code, FunctionSpan function)
    {
        var (complexity, hash, length) = (1, HashOffset, 0L);
        var vocabulary = new HashSet<(TokenKind, string)>();
        foreach (var at in Own(function))
        {
            var token = code[at];
            complexity += DecisionPoints.IsAt(code, at) ? 1 : 0;
            if (token.Kind != TokenKind.Symbol || token.Text is not (")" or "]" or "}"))
            {
                length++;
                vocabulary.Add((token.Kind, token.Text));
            }

            foreach (var c in token.Text)
            {
                hash = (hash ^ c) * HashPrime;
            }
        }

        var (first, last) = (code[function.Head].Line, code[Math.Max(function.Head, function.End - 1)].Line);
        return new FunctionMetrics(function.Name, first, last - first + 1, complexity, Maintainability(length * Math.Log2(Math.Max(2, vocabulary.Count)), complexity, LineCount(code, function)), hash);
    }

    /// <summary>171 − 5.2 ln(volume) − 0.23 complexity − 16.2 ln(lines) (Oman and Hagemeister 1992), as Visual Studio scales it to 0…100.</summary>
    private static int Maintainability(double volume, int complexity, int lines)
    {
        var index = 171 - (5.2 * Math.Log(Math.Max(1, volume))) - (0.23 * complexity) - (16.2 * Math.Log(Math.Max(1, lines)));
        return (int)Math.Round(Math.Clamp(index * 100 / 171, 0, 100));
    }

    /// <summary>Lines with code: neither empty nor comments alone.</summary>
    private static int LineCount(SourceCode code, FunctionSpan function)
    {
        var (lines, seen) = (0, 0);
        foreach (var at in Own(function))
        {
            lines += code[at].Line != seen ? 1 : 0;
            seen = code[at].Line;
        }

        return lines;
    }

    /// <summary>The function's tokens without those of functions inside it.</summary>
    private static IEnumerable<int> Own(FunctionSpan function)
    {
        var at = function.First;
        foreach (var inner in function.Inner)
        {
            for (; at < inner.Head; at++)
            {
                yield return at;
            }

            at = Math.Max(at, inner.End);
        }

        for (; at < function.End; at++)
        {
            yield return at;
        }
    }
}
