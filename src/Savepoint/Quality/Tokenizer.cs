namespace Savepoint.Quality;

/// <summary>
/// Splits source text into tokens, for eight languages at once: they agree on words, numbers, most operators and, but for
/// Python, on comments; what differs are literals (the other half of this type). Never fails: what is not understood is a symbol.
/// </summary>
internal sealed partial class Tokenizer
{
    /// <summary>Operators of more than one character, the longest first. Those with <c>&gt;&gt;</c> are not among them, since it also closes two generic types.</summary>
    private static readonly string[] Operators =
    [
        "...", "**=", "&&=", "||=", "??=", "===", "!==", "<<=", "..=", "//=",
        "=>", "->", "::", "&&", "||", "??", "?.", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "==", "!=", "<=", ">=", ":=", "<-", "<<", "**", "..",
    ];

    private readonly string _source;
    private readonly CodeLanguage _language;
    private readonly List<Token> _tokens = [];
    private readonly Dictionary<string, string> _words = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _wordsBySpan;
    private int _at;
    private int _line = 1;
    private int _lineStart;
    private bool _isFirst = true;

    private Tokenizer(string source, CodeLanguage language)
    {
        (_source, _language) = (source, language);
        _wordsBySpan = _words.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    private bool IsScript => _language is CodeLanguage.JavaScript or CodeLanguage.TypeScript;

    /// <summary>The tokens of a file.</summary>
    public static List<Token> Tokenize(string source, CodeLanguage language)
    {
        var tokenizer = new Tokenizer(source, language);
        tokenizer.Read(untilHoleEnds: false);
        return tokenizer._tokens;
    }

    /// <summary>Reads to the end, or to the brace that closes the hole of a text, which is left.</summary>
    private void Read(bool untilHoleEnds)
    {
        var depth = 0;
        while (_at < _source.Length)
        {
            var c = _source[_at];
            if (untilHoleEnds && depth == 0 && (c == '}' || (c == ':' && _language == CodeLanguage.CSharp && Peek(1) != ':')))
            {
                return;
            }

            if (SkipSpace(c) || SkipComment(c) || ReadLiteral(c))
            {
                continue;
            }

            if (IsWordStart(c))
            {
                ReadWord();
            }
            else if (char.IsAsciiDigit(c))
            {
                ReadNumber();
            }
            else
            {
                depth += c is '{' or '(' or '[' ? 1 : c is '}' or ')' or ']' ? -1 : 0;
                ReadSymbol();
            }
        }
    }

    private char Peek(int offset) => _at + offset < _source.Length ? _source[_at + offset] : '\0';

    private bool StartsWith(string text) => string.CompareOrdinal(_source, _at, text, 0, text.Length) == 0;

    private static bool IsWordStart(char c) => char.IsLetter(c) || c is '_' or '$' or '#' or '@' || char.IsSurrogate(c);

    private static bool IsWordPart(char c) => char.IsLetterOrDigit(c) || c is '_' or '$' || char.IsSurrogate(c);

    private bool SkipSpace(char c)
    {
        if (!char.IsWhiteSpace(c) && c is not ('\uFEFF' or '\\'))
        {
            return false;
        }

        var wasFirst = _isFirst;
        var isContinued = c == '\\' && Peek(1) is '\n' or '\r';
        Advance(!isContinued ? 1 : Peek(1) == '\r' ? 3 : 2);
        _isFirst &= !isContinued || wasFirst; // for Python the line goes on

        return true;
    }

    /// <summary>Moves on, counting lines.</summary>
    private void Advance(int count)
    {
        for (var end = Math.Min(_at + count, _source.Length); _at < end; _at++)
        {
            if (_source[_at] == '\n')
            {
                _line++;
                _lineStart = _at + 1;
                _isFirst = true;
            }
        }
    }

    private void AdvanceTo(int end) => Advance(end - _at);

    private bool SkipComment(char c)
    {
        var hasDirectives = _language is CodeLanguage.CSharp or CodeLanguage.C;
        if (c == '#' && (_language == CodeLanguage.Python || (hasDirectives && _isFirst) || (_at == 0 && Peek(1) == '!')))
        {
            SkipHashLine();
            return true;
        }

        if (c != '/' || _language == CodeLanguage.Python)
        {
            return false;
        }

        if (Peek(1) == '/')
        {
            AdvanceTo(EndOfLine(_at));
            return true;
        }

        if (Peek(1) == '*')
        {
            SkipBlockComment();
            return true;
        }

        return false;
    }

    private void SkipBlockComment()
    {
        var depth = 0;
        do
        {
            if (StartsWith("/*") && (depth == 0 || _language == CodeLanguage.Rust))
            {
                depth++;
                Advance(2);
            }
            else if (StartsWith("*/"))
            {
                depth--;
                Advance(2);
            }
            else
            {
                Advance(1);
            }
        }
        while (depth > 0 && _at < _source.Length);
    }

    /// <summary>A comment of Python, or a line for a preprocessor. Of alternatives only the first is read, so that brackets stay balanced.</summary>
    private void SkipHashLine()
    {
        var line = _source.AsSpan(_at, EndOfLine(_at) - _at);
        var isAlternative = _language is CodeLanguage.C or CodeLanguage.CSharp && line[1..].TrimStart() is var directive
            && (directive.StartsWith("else") || directive.StartsWith("elif"));
        SkipDirective();
        if (isAlternative)
        {
            SkipAlternatives();
        }
    }

    private void SkipDirective()
    {
        do
        {
            AdvanceTo(EndOfLine(_at));
        }
        while (_language == CodeLanguage.C && _at > 0 && _source[_at - 1] == '\\' && SkipLineEnd());
    }

    private bool SkipLineEnd()
    {
        Advance(1);
        return _at < _source.Length;
    }

    private void SkipAlternatives()
    {
        for (var depth = 1; depth > 0 && _at < _source.Length;)
        {
            SkipLineEnd();
            var line = _source.AsSpan(_at, EndOfLine(_at) - _at).TrimStart();
            if (line.Length > 0 && line[0] == '#')
            {
                var directive = line[1..].TrimStart();
                depth += directive.StartsWith("if") ? 1 : directive.StartsWith("endif") ? -1 : 0;
            }

            AdvanceTo(EndOfLine(_at));
        }
    }

    private int EndOfLine(int from)
    {
        var end = _source.IndexOf('\n', from);
        return end < 0 ? _source.Length : end > from && _source[end - 1] == '\r' ? end - 1 : end;
    }

    private void ReadWord()
    {
        var end = _at + 1;
        while (end < _source.Length && IsWordPart(_source[end]))
        {
            end++;
        }

        Add(TokenKind.Word, Intern(_source.AsSpan(_at, end - _at)), end);
    }

    private void ReadNumber()
    {
        var end = _at + 1;
        while (end < _source.Length && (IsWordPart(_source[end])
            || (_source[end] == '.' && end + 1 < _source.Length && char.IsAsciiDigit(_source[end + 1]) && _source[end - 1] != '.')
            || (_source[end] == '\'' && _language == CodeLanguage.C && end + 1 < _source.Length && char.IsAsciiHexDigit(_source[end + 1]))
            || (_source[end] is '+' or '-' && _source[end - 1] is 'e' or 'E' && _source[_at] != '0')))
        {
            end++;
        }

        Add(TokenKind.Number, Intern(_source.AsSpan(_at, end - _at)), end);
    }

    private void ReadSymbol()
    {
        foreach (var symbol in Operators)
        {
            if (symbol[0] == _source[_at] && StartsWith(symbol) && !(symbol == "?." && char.IsAsciiDigit(Peek(2))))
            {
                Add(TokenKind.Symbol, symbol, _at + symbol.Length);
                return;
            }
        }

        Add(TokenKind.Symbol, Intern(_source.AsSpan(_at, 1)), _at + 1);
    }

    private void Add(TokenKind kind, string text, int end)
    {
        _tokens.Add(new Token(kind, text, _at, end, _line, _at - _lineStart, _isFirst));
        _isFirst = false;
        AdvanceTo(end);
    }

    private string Intern(ReadOnlySpan<char> text)
    {
        if (!_wordsBySpan.TryGetValue(text, out var known))
        {
            known = text.ToString();
            _words[known] = known;
        }

        return known;
    }
}
