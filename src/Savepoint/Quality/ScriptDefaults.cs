namespace Savepoint.Quality;

/// <summary>Default values in JavaScript's patterns, of parameters and of what is taken apart: each is a way around what was given.</summary>
internal static class ScriptDefaults
{
    /// <summary>Whether an equals sign gives a default.</summary>
    public static bool IsAt(SourceCode code, int at) => IsInPattern(code, at, isAfterEquals: false);

    /// <param name="code">The source.</param>
    /// <param name="at">The token asked about: what stands around it, to its left, says whether it is in a pattern.</param>
    /// <param name="isAfterEquals">Whether it may be behind an equals sign: a pattern in a pattern's default is in that, but the default of a default is none.</param>
    private static bool IsInPattern(SourceCode code, int at, bool isAfterEquals)
    {
        for (var i = at - 1; i >= 0; i--)
        {
            switch (code[i])
            {
                case { Kind: TokenKind.Symbol, Text: ")" or "]" or "}" }:
                    i = code.MatchOf(i);
                    break;
                case { Kind: TokenKind.Symbol, Text: "(" }:
                    return IsOfParameters(code, i);
                case { Kind: TokenKind.Symbol, Text: "{" or "[" }:
                    return IsPattern(code, i);
                case { Kind: TokenKind.Symbol, Text: ";" or "=>" }:
                case { Kind: TokenKind.Symbol, Text: "=" } when !isAfterEquals:
                    return false;
            }
        }

        return false;
    }

    /// <summary>Whether a bracket begins a pattern: of a declaration, of parameters, or left of an assignment.</summary>
    private static bool IsPattern(SourceCode code, int open)
    {
        var close = code.MatchOf(open);
        if (code.Is(open - 1, "const") || code.Is(open - 1, "let") || code.Is(open - 1, "var"))
        {
            return true;
        }

        // { a: { b = 1 } } = x, ({ a = 1 }) => a
        return (code.Is(close + 1, "=") && !code[open - 1].EndsValue) || ((code.Is(open - 1, "(") || code.Is(open - 1, ",") || code.Is(open - 1, ":") || code.Is(open - 1, "{") || code.Is(open - 1, "[")) && IsInPattern(code, open, isAfterEquals: true));
    }

    private static bool IsOfParameters(SourceCode code, int open)
    {
        var behind = code.MatchOf(open) + 1;
        return code.Is(behind, "=>") || ((code.Is(behind, "{") || (code.Language == CodeLanguage.TypeScript && code.Is(behind, ":"))) && !(code.IsWord(open - 1) && Keywords.Control.Contains(code[open - 1].Text)));
    }
}
