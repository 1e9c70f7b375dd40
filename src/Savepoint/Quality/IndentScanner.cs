namespace Savepoint.Quality;

/// <summary>Finds functions in Python, where indentation says what belongs to what. A function inside another is measured by itself.</summary>
internal static class IndentScanner
{
    public static List<FunctionSpan> Scan(SourceCode code)
    {
        var functions = new List<FunctionSpan>();
        var classes = new Stack<(string Name, int Column)>();
        var depth = 0;
        for (var at = 0; at < code.Count; at++)
        {
            var begins = code[at].IsFirstOnLine && depth == 0;
            depth += Depth(code[at]);
            if (!begins)
            {
                continue;
            }

            while (classes.TryPeek(out var type) && type.Column >= code[at].Column)
            {
                classes.Pop();
            }

            var keyword = code.Is(at, "async") ? at + 1 : at;
            if (code.Is(keyword, "class") && code.IsWord(keyword + 1))
            {
                classes.Push((code[keyword + 1].Text, code[at].Column));
            }
            else if (code.Is(keyword, "def") && code.IsWord(keyword + 1))
            {
                var prefix = string.Concat(classes.Reverse().Select(type => $"{type.Name}."));
                functions.Add(new FunctionSpan(prefix + code[keyword + 1].Text, at, keyword + 2, End(code, keyword, code[at].Column)));
            }
        }

        return functions;
    }

    /// <summary>Behind the last line that is indented more than the function's first.</summary>
    private static int End(SourceCode code, int from, int column)
    {
        var depth = 0;
        for (var at = from; at < code.Count; at++)
        {
            if (at > from && depth == 0 && code[at].IsFirstOnLine && code[at].Column <= column)
            {
                return at;
            }

            depth += Depth(code[at]);
        }

        return code.Count;
    }

    private static int Depth(Token token) => token.Kind != TokenKind.Symbol ? 0 : token.Text switch
    {
        "(" or "[" or "{" => 1,
        ")" or "]" or "}" => -1,
        _ => 0,
    };
}
