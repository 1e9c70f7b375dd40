namespace Savepoint.Quality;

/// <summary>
/// Finds functions in JavaScript and TypeScript: declarations, expressions, methods and arrows, each by itself wherever it
/// stands. A function begins with its parameters, since their defaults are part of it.
/// </summary>
internal sealed class ScriptScanner(SourceCode code)
{
    private readonly List<FunctionSpan> _functions = [];
    private readonly List<(string Name, int Open, int Close)> _classes = [];

    private bool HasTypes => code.Language == CodeLanguage.TypeScript;

    public static List<FunctionSpan> Scan(SourceCode code)
    {
        var scanner = new ScriptScanner(code);
        for (var at = 0; at < code.Count; at++)
        {
            scanner.Look(at);
        }

        return scanner._functions;
    }

    private void Look(int at)
    {
        var token = code[at];
        if (token.Is("class") && !code.Is(at - 1, "."))
        {
            LookAtClass(at);
        }
        else if (token.Is("function") && !code.Is(at - 1, "."))
        {
            LookAtFunction(at);
        }
        else if (token.Is("=>"))
        {
            LookAtArrow(at);
        }
        else if (token.Is("(") && MethodName(at) is { } name && BodyBehind(at) is { } body)
        {
            Add(name, at - 1, at, code.MatchOf(body) + 1);
        }
    }

    private void LookAtClass(int at)
    {
        for (var open = at + 1; open < code.Count && !code.Is(open, ";"); open = code.Is(open, "{") ? code.Count : code.Behind(open))
        {
            if (code.Is(open, "{"))
            {
                _classes.Add((code.IsWord(at + 1) && code[at + 1].Text != "extends" ? code[at + 1].Text : "class", open, code.MatchOf(open)));
            }
        }
    }

    private void LookAtFunction(int at)
    {
        var parameters = at + 1;
        while (parameters < code.Count && parameters < at + 4 && !code.Is(parameters, "("))
        {
            parameters = code.Is(parameters, "<") && code.EndOfAngles(parameters) is { } angle ? angle + 1 : parameters + 1;
        }

        if (code.Is(parameters, "(") && BodyBehind(parameters) is { } body)
        {
            var named = code.Is(at + 1, "*") ? at + 2 : at + 1;
            var head = code.Is(at - 1, "async") ? at - 1 : at;
            Add(code.IsWord(named) ? code[named].Text : NameBefore(head), head, parameters, code.MatchOf(body) + 1);
        }
    }

    private void LookAtArrow(int at)
    {
        var close = ParametersBefore(at);
        if (close < 0)
        {
            return;
        }

        var parameters = code.Is(close, ")") ? code.MatchOf(close) : close;
        var head = code.Is(parameters - 1, "async") ? parameters - 1 : parameters;
        var end = code.Is(at + 1, "{") ? code.MatchOf(at + 1) + 1 : EndOfExpression(at + 1);
        Add(NameBefore(head), head, parameters, end);
    }

    /// <summary>The last token of an arrow's parameters; −1 if it has none.</summary>
    private int ParametersBefore(int arrow)
    {
        if (code.Is(arrow - 1, ")"))
        {
            return arrow - 1;
        }

        for (var at = arrow - 1; HasTypes && at > 0 && at > arrow - 30; at--)
        {
            // (x): Promise<string[]> =>
            if (code.Is(at, ":") && code.Is(at - 1, ")"))
            {
                return at - 1;
            }

            if (!code.IsWord(at) && !(code[at].Kind == TokenKind.Symbol && code[at].Text is "<" or ">" or "[" or "]" or "." or "|" or "," or "?" or "{" or "}" or ";"))
            {
                break;
            }
        }

        return code.IsWord(arrow - 1) ? arrow - 1 : -1;
    }

    /// <summary>The name of a method whose parameters begin at <paramref name="open"/>; null if that is a call or a control statement.</summary>
    private string? MethodName(int open)
    {
        var named = open - 1;
        if (HasTypes && code.Is(named, ">"))
        {
            while (named > 0 && !code.Is(named, "<"))
            {
                named--;
            }

            named--;
        }

        if (named < 0 || code.Is(named - 1, "function") || (code.Is(named - 1, "*") && code.Is(named - 2, "function")) || code.Is(named, "function"))
        {
            return null;
        }

        var token = code[named];
        return token.Kind switch
        {
            TokenKind.Word when Keywords.Control.Contains(token.Text) && !IsMemberStart(named) => null,
            TokenKind.Word => token.Text,
            TokenKind.Text or TokenKind.Number => "literal",
            _ => token.Is("]") ? "computed" : null,
        };
    }

    // catch(e) { } in a class is a method; behind a block it is a handler.
    private bool IsMemberStart(int named) => code.Is(named - 1, "get") || code.Is(named - 1, "set") || code.Is(named - 1, "static") || code.Is(named - 1, "async") || code.Is(named - 1, ",") || (code.Is(named - 1, "{") && code.Is(named - 2, "=")) || _classes.Exists(type => type.Open == named - 1);

    /// <summary>The brace of the body behind parameters, and a type if there is one; null if there is no body.</summary>
    private int? BodyBehind(int parameters)
    {
        var at = code.MatchOf(parameters) + 1;
        if (!HasTypes || !code.Is(at, ":"))
        {
            return code.Is(at, "{") ? at : null;
        }

        for (at++; at < code.Count; at = code.Behind(at))
        {
            if (code.Is(at, "{") && !(code[at - 1].Kind == TokenKind.Symbol && code[at - 1].Text is ":" or "|" or "&" or "<" or ","))
            {
                return at;
            }

            if (code[at].Kind == TokenKind.Symbol && code[at].Text is ";" or "}" or ")" or "=" or "=>")
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>Behind the expression that is an arrow's body.</summary>
    private int EndOfExpression(int from)
    {
        for (var at = from; at < code.Count; at = code.Behind(at))
        {
            if (code[at].Kind == TokenKind.Symbol && code[at].Text is "," or ";" or ")" or "]" or "}")
            {
                return at;
            }

            var isNewStatement = at > from && code[at].IsFirstOnLine && code[at - 1].EndsValue
                && code[at].Kind is TokenKind.Word && code[at].Text is not ("in" or "instanceof" or "of" or "as" or "satisfies");
            if (isNewStatement)
            {
                return at;
            }
        }

        return code.Count;
    }

    /// <summary>The name of what a function is assigned to, or given to.</summary>
    private string NameBefore(int head)
    {
        if (code.Is(head - 1, "=") || code.Is(head - 1, ":"))
        {
            var named = head - 2;
            if (HasTypes && !code.Is(named - 1, "const") && !code.Is(named - 1, "let"))
            {
                for (var at = named; at > 0 && at > head - 12; at--)
                {
                    if (code.Is(at - 1, "const") || code.Is(at - 1, "let") || code.Is(at - 1, "var"))
                    {
                        named = at;
                    }
                }
            }

            return named >= 0 && code[named].Kind == TokenKind.Word ? code[named].Text : "anonymous";
        }

        for (var at = head - 1; at >= 0 && at > head - 40; at--)
        {
            if (code.Is(at, "(") && code.MatchOf(at) > head)
            {
                return code.IsWord(at - 1) && (code.Is(at - 2, ".") || !Keywords.Control.Contains(code[at - 1].Text)) ? $"{code[at - 1].Text}-callback" : "anonymous";
            }

            if (code.Is(at, ")") || code.Is(at, "]") || code.Is(at, "}"))
            {
                at = code.MatchOf(at);
            }
        }

        return "anonymous";
    }

    private void Add(string name, int head, int first, int end)
    {
        var type = _classes.LastOrDefault(candidate => candidate.Open < head && head < candidate.Close);
        _functions.Add(new FunctionSpan(type.Name is null ? name : $"{type.Name}.{name}", head, first, end));
    }
}
