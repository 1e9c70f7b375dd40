namespace Savepoint.Quality;

/// <summary>
/// Finds functions where they are members of types, or of the file: C#, Java, C and C++. It reads member by member: what
/// stands before a brace, an arrow or a semicolon says what the member is, so calls and blocks are never taken for functions.
/// Lambdas and local functions belong to the member that holds them.
/// </summary>
internal sealed class MemberScanner(SourceCode code)
{
    private readonly List<FunctionSpan> _functions = [];

    private bool IsC => code.Language == CodeLanguage.C;

    public static List<FunctionSpan> Scan(SourceCode code)
    {
        var scanner = new MemberScanner(code);
        scanner.ReadMembers(0, code.Count, "");
        return scanner._functions;
    }

    private void ReadMembers(int from, int end, string prefix)
    {
        for (var at = from; at < end;)
        {
            at = ReadMember(at, end, prefix);
        }
    }

    /// <summary>Reads one member; the index behind it.</summary>
    private int ReadMember(int start, int end, string prefix)
    {
        var header = new MemberHeader(code, start);
        for (var at = start; at < end;)
        {
            var token = code[at];
            if (token.Kind == TokenKind.Symbol)
            {
                switch (token.Text)
                {
                    case ";" or "}":
                        return at + 1;
                    case "{" when header.IsInitializerBrace(at):
                        break;
                    case "{":
                        return ReadBraces(header, at, prefix);
                    case "=>" when !IsC:
                        var close = EndOfStatement(at, end);
                        AddFunction(header, prefix, close);
                        return close + 1;
                    case "=" when !code.Is(at - 1, "operator"):
                        return EndOfStatement(at, end) + 1;
                    case "(":
                        header.Parameters(at);
                        break;
                    case "<" when code.EndOfAngles(at) is { } angle && !code.Is(at - 1, "operator"):
                        at = angle;
                        break;
                    case "[" when at == header.Start:
                        header.Start = code.MatchOf(at) + 1; // attributes
                        break;
                    case ":" when IsC && at == header.Start + 1:
                        header.Start = at + 1; // public:
                        break;
                }
            }

            at = code.Behind(at);
        }

        return end;
    }

    /// <summary>Reads what a member's brace at <paramref name="open"/> begins; the index behind it.</summary>
    private int ReadBraces(MemberHeader header, int open, string prefix)
    {
        var close = code.MatchOf(open);
        if (header.IsNamespace)
        {
            ReadMembers(open + 1, close, prefix);
        }
        else if (header.TypeName is { } type)
        {
            if (!header.IsEnum || code.Language == CodeLanguage.Java)
            {
                ReadMembers(header.IsEnum ? BehindConstants(open, close) : open + 1, close, type.Length == 0 ? prefix : $"{prefix}{type}.");
            }
        }
        else if (header.ParametersAt is not null)
        {
            AddFunction(header, prefix, close);
        }
        else if (code.Language == CodeLanguage.CSharp && header.PropertyName is { } property)
        {
            ReadAccessors(open, close, $"{prefix}{property}.");
        }

        return close + 1;
    }

    /// <summary>The accessors of a property or event that have bodies.</summary>
    private void ReadAccessors(int open, int close, string prefix)
    {
        for (var at = open + 1; at < close; at++)
        {
            if (!code.IsWord(at) || code[at].Text is not ("get" or "set" or "init" or "add" or "remove"))
            {
                continue;
            }

            if (code.Is(at + 1, "{") || code.Is(at + 1, "=>"))
            {
                var end = code.Is(at + 1, "{") ? code.MatchOf(at + 1) : EndOfStatement(at + 1, close);
                _functions.Add(new FunctionSpan(prefix + code[at].Text, at, at + 1, end + 1));
                at = end;
            }
        }
    }

    private void AddFunction(MemberHeader header, string prefix, int close)
    {
        var name = header.Name ?? header.PropertyName ?? "?";
        var body = header.ParametersAt is { } parameters ? code.MatchOf(parameters) + 1 : header.Start;
        _functions.Add(new FunctionSpan(prefix + name, header.Start, body, close + 1));
    }

    /// <summary>The semicolon that ends what begins here, or the last token before the brackets around it end.</summary>
    private int EndOfStatement(int from, int end)
    {
        for (var at = from; at < end; at = code.Behind(at))
        {
            if (code.Is(at, ";"))
            {
                return at;
            }

            if (code.Is(at, "}"))
            {
                return at - 1;
            }
        }

        return end - 1;
    }

    private int BehindConstants(int open, int close)
    {
        for (var at = open + 1; at < close; at = code.Behind(at))
        {
            if (code.Is(at, ";"))
            {
                return at + 1;
            }
        }

        return close;
    }
}
