namespace Savepoint.Quality;

/// <summary>Finds functions in Go and Rust, where a keyword begins each. Closures belong to the function that holds them.</summary>
internal static class KeywordScanner
{
    public static List<FunctionSpan> Scan(SourceCode code)
    {
        var functions = new List<FunctionSpan>();
        var types = new List<(string Name, int Close)>();
        for (var at = 0; at < code.Count; at++)
        {
            types.RemoveAll(type => type.Close < at);
            if (code.Language == CodeLanguage.Rust && (code.Is(at, "impl") || code.Is(at, "trait")) && ImplementedType(code, at) is { } type)
            {
                types.Add(type);
            }

            if (code.Is(at, code.Language == CodeLanguage.Go ? "func" : "fn") && Function(code, at, types.Count == 0 ? "" : $"{types[^1].Name}.") is { } function)
            {
                functions.Add(function);
                at = code.Language == CodeLanguage.Go ? function.End - 1 : at; // Go's functions stand side by side
            }
        }

        return functions;
    }

    private static FunctionSpan? Function(SourceCode code, int at, string prefix)
    {
        var name = at + 1;
        if (code.Language == CodeLanguage.Go && code.Is(name, "("))
        {
            prefix = Receiver(code, name);
            name = code.MatchOf(name) + 1;
        }

        if (!code.IsWord(name))
        {
            return null;
        }

        for (var parameters = name + 1; parameters < code.Count; parameters++)
        {
            if (code.Is(parameters, "("))
            {
                return Body(code, code.MatchOf(parameters) + 1) is { } body ? new FunctionSpan(prefix + code[name].Text, at, body, code.MatchOf(body) + 1) : null;
            }

            if (code.Is(parameters, "{") || code.Is(parameters, ";"))
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>The brace that begins the body, behind the results; null if there is none.</summary>
    private static int? Body(SourceCode code, int from)
    {
        for (var at = from; at < code.Count; at = code.Behind(at))
        {
            if (code.Is(at, "{") && !code.Is(at - 1, "interface") && !code.Is(at - 1, "struct"))
            {
                return at;
            }

            if (code.Is(at, ";") || code.Is(at, "}") || (code.Language == CodeLanguage.Go && code[at].IsFirstOnLine))
            {
                return null;
            }
        }

        return null;
    }

    private static string Receiver(SourceCode code, int open)
    {
        for (var at = code.MatchOf(open) - 1; at > open; at--)
        {
            if (code.Is(at, "]"))
            {
                at = code.MatchOf(at);
            }
            else if (code.IsWord(at))
            {
                return $"{code[at].Text}.";
            }
        }

        return "";
    }

    private static (string Name, int Close)? ImplementedType(SourceCode code, int at)
    {
        var name = "";
        for (var i = at + 1; i < code.Count && !code.Is(i, ";"); i = code.Behind(i))
        {
            if (code.Is(i, "{"))
            {
                return (name, code.MatchOf(i));
            }

            if (code.Is(i, "<") && code.EndOfAngles(i) is { } angle)
            {
                i = angle;
            }
            else if (code.Is(i, "where"))
            {
                i = SkipTo(code, i, "{") - 1;
            }
            else if (code.IsWord(i) && code[i].Text is not ("for" or "dyn" or "mut" or "const"))
            {
                name = code[i].Text;
            }
        }

        return null;
    }

    private static int SkipTo(SourceCode code, int from, string symbol)
    {
        while (from < code.Count && !code.Is(from, symbol))
        {
            from++;
        }

        return from;
    }
}
