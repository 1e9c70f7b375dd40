using System.Buffers;
using System.Globalization;
using System.Text;

namespace Savepoint.Cli.ConfigText;

/// <summary>
/// Finds the statements of a TOML text (https://toml.io/en/v1.0.0), and where each stands. Values are skipped, not
/// understood: enough to add a table at the end, or to take one away, without touching another byte.
/// </summary>
internal sealed class TomlText
{
    private static readonly SearchValues<byte> EndsOfBareValues = SearchValues.Create("\r\n#,]}"u8);

    private readonly byte[] _bytes;
    private readonly List<TomlStatement> _statements = [];
    private int _at;

    private TomlText(byte[] bytes) => _bytes = bytes;

    /// <exception cref="FormatException">The text is no TOML.</exception>
    public static IReadOnlyList<TomlStatement> Parse(byte[] bytes)
    {
        var text = new TomlText(bytes) { _at = bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0 };
        text.Read();
        return text._statements;
    }

    private byte Current => _at < _bytes.Length ? _bytes[_at] : (byte)0;

    private ReadOnlySpan<byte> Rest => _bytes.AsSpan(_at);

    private void Read()
    {
        IReadOnlyList<string> table = [];
        for (SkipTrivia(withLines: true); _at < _bytes.Length; SkipTrivia(withLines: true))
        {
            var start = _at;
            if (Current == '[')
            {
                var isArray = Rest.StartsWith("[["u8);
                _at += isArray ? 2 : 1;
                table = Key();
                Take(isArray ? "]]"u8 : "]"u8);
                _statements.Add(new TomlStatement(table, true, isArray, start, _at, _at));
            }
            else
            {
                var key = Key();
                Take("="u8);
                SkipBlanks();
                var value = _at;
                SkipValue();
                _statements.Add(new TomlStatement([.. table, .. key], false, false, start, value, _at));
            }

            SkipTrivia(withLines: false);
            if (_at < _bytes.Length && Current is not ((byte)'\n' or (byte)'\r'))
            {
                throw Error("something stands behind a value");
            }
        }
    }

    private List<string> Key()
    {
        var key = new List<string>();
        do
        {
            SkipBlanks();
            key.Add(KeyPart());
            SkipBlanks();
        }
        while (TryTake("."u8));
        return key;
    }

    private string KeyPart()
    {
        var start = _at;
        if (Current is (byte)'"' or (byte)'\'')
        {
            SkipString();
            return Unquoted(_bytes.AsSpan(start.._at));
        }

        while (Current is var c && (char.IsAsciiLetterOrDigit((char)c) || c is (byte)'_' or (byte)'-'))
        {
            _at++;
        }

        return _at > start ? Encoding.ASCII.GetString(_bytes, start, _at - start) : throw Error("a key is expected");
    }

    /// <summary>The text of a string of one line, as far as keys and paths need it: of the escapes only those of quotes and backslashes.</summary>
    public static string Unquoted(ReadOnlySpan<byte> quoted)
    {
        var inner = Encoding.UTF8.GetString(quoted[1..^1]);
        return quoted[0] == (byte)'\'' ? inner : inner.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);
    }

    /// <summary>A text as a string of TOML.</summary>
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                _ when char.IsControl(c) => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    private void SkipValue()
    {
        switch (Current)
        {
            case (byte)'"' or (byte)'\'':
                SkipString();
                break;
            case (byte)'[':
                SkipBracketed((byte)']');
                break;
            case (byte)'{':
                SkipBracketed((byte)'}');
                break;
            default:
                var length = Rest.IndexOfAny(EndsOfBareValues);
                var bare = Rest[..(length < 0 ? Rest.Length : length)].TrimEnd(" \t"u8);
                _at += bare.Length > 0 ? bare.Length : throw Error("a value is expected");
                break;
        }
    }

    // An array or an inline table: values, with keys before them in a table, between commas. Its order is not checked.
    private void SkipBracketed(byte close)
    {
        _at++;
        for (SkipTrivia(withLines: true); Current != close; SkipTrivia(withLines: true))
        {
            if (close == '}')
            {
                Key();
                Take("="u8);
                SkipBlanks();
            }

            SkipValue();
            SkipTrivia(withLines: true);
            if (Current != close)
            {
                Take(","u8);
            }
        }

        _at++;
    }

    private void SkipString()
    {
        var quote = Current;
        ReadOnlySpan<byte> three = [quote, quote, quote];
        var isLong = Rest.StartsWith(three);
        _at += isLong ? 3 : 1;
        while (_at < _bytes.Length)
        {
            if (quote == '"' && Current == '\\')
            {
                _at += 2;
            }
            else if (isLong ? Rest.StartsWith(three) : Current == quote)
            {
                // Up to two more quotes before the end belong to the text.
                _at += isLong ? Math.Min(5, Rest.IndexOfAnyExcept(quote) is >= 0 and var run ? run : Rest.Length) : 1;
                return;
            }
            else if (!isLong && Current == '\n')
            {
                break;
            }
            else
            {
                _at++;
            }
        }

        throw Error("a string does not end");
    }

    private void SkipBlanks()
    {
        while (Current is (byte)' ' or (byte)'\t')
        {
            _at++;
        }
    }

    private void SkipTrivia(bool withLines)
    {
        for (SkipBlanks(); _at < _bytes.Length; SkipBlanks())
        {
            if (Current == '#')
            {
                var length = Rest.IndexOf((byte)'\n');
                _at = length < 0 ? _bytes.Length : _at + length;
            }
            else if (withLines && Current is (byte)'\n' or (byte)'\r')
            {
                _at++;
            }
            else
            {
                return;
            }
        }
    }

    private bool TryTake(ReadOnlySpan<byte> token)
    {
        if (!Rest.StartsWith(token))
        {
            return false;
        }

        _at += token.Length;
        return true;
    }

    private void Take(ReadOnlySpan<byte> token)
    {
        SkipBlanks();
        if (!TryTake(token))
        {
            throw Error($"'{Encoding.ASCII.GetString(token)}' is expected");
        }
    }

    private FormatException Error(string what) => new($"line {_bytes.AsSpan(0, Math.Min(_at, _bytes.Length)).Count((byte)'\n') + 1}: {what}");
}
