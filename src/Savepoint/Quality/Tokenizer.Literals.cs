namespace Savepoint.Quality;

/// <content>Literals: where each language's texts end, and the code in their holes.</content>
internal sealed partial class Tokenizer
{
    private static readonly string[] RawPrefixes = ["R\"", "LR\"", "uR\"", "UR\"", "u8R\""];

    private bool ReadLiteral(char c) => c switch
    {
        '"' => ReadQuoted(_at),
        '\'' => ReadApostrophe(),
        '`' => _language is CodeLanguage.Go ? ReadTo(_source.IndexOf('`', _at + 1) + 1) : IsScript && ReadInterpolated(_at + 1, "`", isVerbatim: false, braces: 0),
        '$' or '@' when _language == CodeLanguage.CSharp => ReadPrefixed(),
        '/' when IsScript => ReadRegularExpression(),
        'r' or 'b' or 'c' when _language == CodeLanguage.Rust => ReadRustRaw(),
        'R' or 'L' or 'u' or 'U' when _language == CodeLanguage.C => ReadCRaw(),
        'r' or 'R' or 'b' or 'B' or 'u' or 'U' or 'f' or 'F' or 't' or 'T' when _language == CodeLanguage.Python => ReadPythonPrefixed(),
        _ => false,
    };

    private bool ReadTo(int end)
    {
        Add(TokenKind.Text, "\"", end <= _at ? _source.Length : Math.Min(end, _source.Length));
        return true;
    }

    /// <summary>A text between double quotes, whose first is at <paramref name="quote"/>.</summary>
    private bool ReadQuoted(int quote)
    {
        var isTriple = string.CompareOrdinal(_source, quote, "\"\"\"", 0, 3) == 0;
        if (isTriple && _language is CodeLanguage.Python or CodeLanguage.Java)
        {
            return ReadTo(EndOfEscaped(quote + 3, "\"\"\""));
        }

        if (isTriple && _language == CodeLanguage.CSharp)
        {
            var count = CountOf('"', quote);
            return ReadTo(EndOf(new string('"', count), quote + count));
        }

        return ReadTo(_language == CodeLanguage.Rust ? EndOfEscaped(quote + 1, "\"") : EndOfEscaped(quote + 1, "\"", isOneLine: true));
    }

    /// <summary>A character, or in scripts and Python a text; in Rust perhaps a lifetime.</summary>
    private bool ReadApostrophe()
    {
        if (_language == CodeLanguage.Rust && IsWordPart(Peek(1)) && Peek(2) != '\'')
        {
            Add(TokenKind.Symbol, "'", _at + 1);
            return true;
        }

        if (_language == CodeLanguage.Python && StartsWith("'''"))
        {
            return ReadTo(EndOfEscaped(_at + 3, "'''"));
        }

        return ReadTo(EndOfEscaped(_at + 1, "'", isOneLine: true));
    }

    /// <summary>C#'s verbatim, interpolated and raw texts: any of <c>$</c> and <c>@</c> before quotes.</summary>
    private bool ReadPrefixed()
    {
        var quote = _at;
        while (quote < _source.Length && _source[quote] is '$' or '@')
        {
            quote++;
        }

        if (quote >= _source.Length || _source[quote] != '"')
        {
            return false;
        }

        var prefix = _source.AsSpan(_at, quote - _at);
        var (braces, isVerbatim, quotes) = (prefix.Count('$'), prefix.Contains('@'), CountOf('"', quote));
        if (quotes >= 3 && !isVerbatim)
        {
            var fence = new string('"', quotes);
            return braces == 0 ? ReadTo(EndOf(fence, quote + quotes)) : ReadInterpolated(quote + quotes, fence, isVerbatim: true, braces);
        }

        return braces == 0 ? ReadTo(EndOfVerbatim(quote + 1)) : ReadInterpolated(quote + 1, "\"", isVerbatim, braces: 1);
    }

    /// <summary>A text with holes: C#'s with braces, JavaScript's with a dollar and a brace. The code in each hole stands between parentheses.</summary>
    private bool ReadInterpolated(int from, string fence, bool isVerbatim, int braces)
    {
        Add(TokenKind.Text, "\"", from);
        while (_at < _source.Length)
        {
            if (StartsWith(fence))
            {
                if (isVerbatim && fence == "\"" && Peek(1) == '"')
                {
                    Advance(2);
                    continue;
                }

                Advance(fence.Length);
                return true;
            }

            if (IsHole(braces))
            {
                ReadHole(braces == 0 ? 2 : braces);
            }
            else
            {
                Advance(IsEscape(isVerbatim, braces) ? 2 : 1);
            }
        }

        return true;
    }

    private bool IsHole(int braces) => braces == 0
        ? _source[_at] == '$' && Peek(1) == '{'
        : _source[_at] == '{' && CountOf('{', _at) >= braces && (braces > 1 || CountOf('{', _at) % 2 == 1);

    private bool IsEscape(bool isVerbatim, int braces) =>
        (_source[_at] == '\\' && !isVerbatim) || (braces == 1 && _source[_at] is '{' or '}' && Peek(1) == _source[_at]);

    private void ReadHole(int opening)
    {
        if (_language == CodeLanguage.CSharp)
        {
            Advance(CountOf('{', _at) - opening); // of three braces two are text
        }

        Add(TokenKind.Symbol, "(", _at + opening);
        Read(untilHoleEnds: true);
        if (_at < _source.Length && _source[_at] == ':')
        {
            var end = _source.IndexOf('}', _at); // the format
            AdvanceTo(end < 0 ? _source.Length : end);
        }

        Add(TokenKind.Symbol, ")", Math.Min(_source.Length, _at + (opening > 1 && _language == CodeLanguage.CSharp ? opening : 1)));
    }

    /// <summary>A regular expression, where a slash cannot divide.</summary>
    private bool ReadRegularExpression()
    {
        if (_tokens.Count > 0 && _tokens[^1].EndsValue)
        {
            return false;
        }

        var isInClass = false;
        for (var end = _at + 1; end < _source.Length && _source[end] != '\n'; end++)
        {
            switch (_source[end])
            {
                case '\\':
                    end++;
                    break;
                case '[':
                    isInClass = true;
                    break;
                case ']':
                    isInClass = false;
                    break;
                case '/' when !isInClass:
                    return ReadTo(EndOfFlags(end + 1));
            }
        }

        return false;
    }

    private int EndOfFlags(int from)
    {
        while (from < _source.Length && char.IsAsciiLetter(_source[from]))
        {
            from++;
        }

        return from;
    }

    private bool ReadRustRaw()
    {
        var at = _at;
        while (at < _source.Length && _source[at] is 'r' or 'b' or 'c' && at - _at < 2)
        {
            at++;
        }

        var hashes = CountOf('#', at);
        if (at + hashes >= _source.Length || _source[at + hashes] != '"' || (hashes > 0 && _source[at - 1] != 'r'))
        {
            return false;
        }

        return _source[at - 1] == 'r' ? ReadTo(EndOf("\"" + new string('#', hashes), at + hashes + 1)) : ReadTo(EndOfEscaped(at + 1, "\""));
    }

    private bool ReadCRaw()
    {
        var prefix = RawPrefixes.FirstOrDefault(StartsWith);
        var open = prefix is null ? -1 : _source.IndexOf('(', _at);
        if (open < 0)
        {
            return false;
        }

        var delimiter = _source[(_at + prefix!.Length)..open];
        return ReadTo(EndOf($"){delimiter}\"", open));
    }

    private bool ReadPythonPrefixed()
    {
        var at = _at;
        while (at < _source.Length && at - _at < 3 && char.IsAsciiLetter(_source[at]))
        {
            at++;
        }

        if (at - _at > 2 || at >= _source.Length || _source[at] is not ('"' or '\''))
        {
            return false;
        }

        var quote = _source[at];
        var triple = new string(quote, 3);
        return string.CompareOrdinal(_source, at, triple, 0, 3) == 0
            ? ReadTo(EndOfEscaped(at + 3, triple))
            : ReadTo(EndOfEscaped(at + 1, quote.ToString(), isOneLine: true));
    }

    private int CountOf(char c, int from)
    {
        var end = from;
        while (end < _source.Length && _source[end] == c)
        {
            end++;
        }

        return end - from;
    }

    private int EndOf(string fence, int from)
    {
        var at = _source.IndexOf(fence, Math.Min(from, _source.Length), StringComparison.Ordinal);
        return at < 0 ? _source.Length : at + fence.Length;
    }

    private int EndOfVerbatim(int from)
    {
        for (var at = from; at < _source.Length; at++)
        {
            if (_source[at] == '"')
            {
                if (at + 1 >= _source.Length || _source[at + 1] != '"')
                {
                    return at + 1;
                }

                at++;
            }
        }

        return _source.Length;
    }

    /// <summary>Behind the fence, where a backslash takes the next character's meaning. What should end on its line and does not, ends there.</summary>
    private int EndOfEscaped(int from, string fence, bool isOneLine = false)
    {
        for (var at = from; at < _source.Length; at++)
        {
            if (_source[at] == '\\')
            {
                at++;
            }
            else if (string.CompareOrdinal(_source, at, fence, 0, fence.Length) == 0)
            {
                return at + fence.Length;
            }
            else if (isOneLine && _source[at] == '\n')
            {
                return at;
            }
        }

        return _source.Length;
    }
}
