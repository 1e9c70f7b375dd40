namespace Savepoint.Quality;

/// <summary>
/// The tokens at which the way through a function forks, for McCabe's number: 1 and one for each. Which they are follows,
/// for C#, Roslyn's code metrics, for JavaScript, ESLint's rule <c>complexity</c> (docs/design/quality.md).
/// </summary>
internal static class DecisionPoints
{
    /// <summary>Whether the token at <paramref name="at"/> is one. Asked of tokens inside functions.</summary>
    public static bool IsAt(SourceCode code, int at)
    {
        var token = code[at];
        return token.Kind switch
        {
            TokenKind.Word => IsWord(code, at, token.Text),
            TokenKind.Symbol => IsSymbol(code, at, token.Text),
            _ => false,
        };
    }

    private static bool IsWord(SourceCode code, int at, string word)
    {
        if (code.Is(at - 1, ".") || code.Is(at - 1, "?."))
        {
            return false; // promise.catch()
        }

        return code.Language switch
        {
            CodeLanguage.Python => IsPython(code, at, word),
            CodeLanguage.Go => word is "if" or "for" or "case",
            CodeLanguage.Rust => word is "if" or "while" || (word == "for" && !code.Is(at + 1, "<")),
            _ => IsBraced(code, at, word),
        };
    }

    private static bool IsPython(SourceCode code, int at, string word) => word switch
    {
        "if" or "elif" or "for" or "while" or "except" or "and" or "or" => true,
        "case" => code[at].IsFirstOnLine && !code.Is(at + 1, "_") && !code.Is(at + 1, "=") && !code.Is(at + 1, "."),
        _ => false,
    };

    private static bool IsBraced(SourceCode code, int at, string word) => word switch
    {
        "if" => code.Is(at + 1, "(") || code.Is(at + 1, "constexpr"),
        "foreach" => code.Is(at + 1, "("),
        "for" => code.Is(at + 1, "(") || code.Is(at + 1, "await"),
        "while" => code.Is(at + 1, "("), // that of a do stands for it
        "case" => IsCase(code, at),
        "catch" => code.Language != CodeLanguage.CSharp && (code.Is(at + 1, "(") || code.Is(at + 1, "{")) && code.Is(at - 1, "}"),
        _ => false,
    };

    // As a property's name it is followed by a colon, or by nothing that could be compared with.
    private static bool IsCase(SourceCode code, int at) => !code.Is(at + 1, ":") && !code.Is(at + 1, ",") && !code.Is(at + 1, "=") && !code.Is(at + 1, ")");

    private static bool IsSymbol(SourceCode code, int at, string symbol) => symbol switch
    {
        "&&" or "||" => code.Language != CodeLanguage.Rust || code[at - 1].EndsValue,
        "??" or "??=" => true,
        "&&=" or "||=" => true,
        "?." => true,
        "?" => code.Language switch
        {
            CodeLanguage.Rust => true,
            CodeLanguage.CSharp => code.Is(at + 1, "[") && IsAdjacent(code, at) ? IsConditionalIndex(code, at) : IsConditional(code, at),
            CodeLanguage.Java or CodeLanguage.C or CodeLanguage.JavaScript or CodeLanguage.TypeScript => IsConditional(code, at),
            _ => false,
        },
        "=>" => code.Language == CodeLanguage.Rust && IsFurtherArm(code, at),
        "=" => code.Language is CodeLanguage.JavaScript or CodeLanguage.TypeScript && ScriptDefaults.IsAt(code, at),
        _ => false,
    };

    private static bool IsAdjacent(SourceCode code, int at) => code[at].End == code[at + 1].Start && code[at - 1].End == code[at].Start;

    // x?[0] asks for null; int?[] is a type.
    private static bool IsConditionalIndex(SourceCode code, int at) => code.MatchOf(at + 1) > at + 2;

    /// <summary>Whether a question mark has its colon: otherwise it belongs to a type.</summary>
    private static bool IsConditional(SourceCode code, int at)
    {
        if (at + 1 >= code.Count || (code[at + 1].Kind == TokenKind.Symbol && code[at + 1].Text is ")" or "," or ";" or ">" or "]" or "=" or "}" or ":" or "?" or "=>"))
        {
            return false;
        }

        var nested = 0;
        for (var i = at + 1; i < code.Count; i = code.Behind(i))
        {
            switch (code[i])
            {
                case { Kind: TokenKind.Symbol, Text: ":" } when nested-- == 0:
                    return true;
                case { Kind: TokenKind.Symbol, Text: "?" } when IsConditional(code, i):
                    nested++;
                    break;
                case { Kind: TokenKind.Symbol, Text: ";" or ")" or "]" or "}" or "," }:
                    return false;
                case { Kind: TokenKind.Symbol, Text: "<" } when code[i - 1].IsWord && code.EndOfAngles(i) is { } angle:
                    i = angle;
                    break;
            }
        }

        return false;
    }

    /// <summary>Of a match's arms each but the first forks.</summary>
    private static bool IsFurtherArm(SourceCode code, int at)
    {
        for (var i = at - 1; i >= 0; i--)
        {
            switch (code[i])
            {
                case { Kind: TokenKind.Symbol, Text: ")" or "]" or "}" }:
                    i = code.MatchOf(i);
                    break;
                case { Kind: TokenKind.Symbol, Text: "=>" }:
                    return true;
                case { Kind: TokenKind.Symbol, Text: "{" or "(" or "[" }:
                    return false;
            }
        }

        return false;
    }
}
