using System.Text;

namespace Savepoint.Workspaces.Git;

/// <summary>Reads the syntax of git's config files, byte by byte, as described in <c>git help config</c>.</summary>
internal ref struct GitConfigParser
{
    private const int End = -1;

    private readonly ReadOnlySpan<byte> _content;
    private readonly Action<string, string?> _onValue;
    private int _position;

    private GitConfigParser(ReadOnlySpan<byte> content, Action<string, string?> onValue)
    {
        _content = content.StartsWith("\uFEFF"u8) ? content[3..] : content;
        _onValue = onValue;
    }

    /// <summary>Reads a file from beginning to end.</summary>
    /// <param name="content">The file.</param>
    /// <param name="onValue">
    /// Is called for each line <c>name = value</c>, in order, with <c>section.name</c> or <c>section.subsection.name</c>;
    /// all but the subsection in lower case. The value is null where there is no <c>=</c>.
    /// </param>
    /// <returns>False if a line is wrong; what stood before it has been read.</returns>
    public static bool TryParse(ReadOnlySpan<byte> content, Action<string, string?> onValue) =>
        new GitConfigParser(content, onValue).TryParse();

    private bool TryParse()
    {
        // With its dot; empty before the first section.
        var section = "";
        while (true)
        {
            var current = Next();
            switch (current)
            {
                case End:
                    return true;
                case ' ' or '\t' or '\r' or '\n':
                    break;
                case '#' or ';':
                    SkipLine();
                    break;
                case '[':
                    if (!TryReadSection(out section))
                    {
                        return false;
                    }

                    break;
                default:
                    if (!IsLetter(current) || !TryReadVariable(section, current))
                    {
                        return false;
                    }

                    break;
            }
        }
    }

    /// <summary>CR LF is one line end; a lone CR is an ordinary blank.</summary>
    private int Next()
    {
        if (_position >= _content.Length)
        {
            return End;
        }

        if (_content[_position] == '\r' && _position + 1 < _content.Length && _content[_position + 1] == '\n')
        {
            _position++;
        }

        return _content[_position++];
    }

    private void SkipLine()
    {
        while (Next() is not ('\n' or End))
        {
        }
    }

    /// <summary><c>[section]</c>, <c>[section.old-subsection]</c> or <c>[section "Subsection"]</c>; the bracket has been read.</summary>
    private bool TryReadSection(out string section)
    {
        var name = new List<byte>();
        section = "";
        while (true)
        {
            var current = Next();
            if (current == ']')
            {
                section = Text(name) + ".";
                return true;
            }

            if (IsBlank(current))
            {
                if (!TryReadSubsection(current, name))
                {
                    return false;
                }

                section = Text(name) + ".";
                return true;
            }

            if (!IsKeyByte(current) && current != '.')
            {
                return false;
            }

            name.Add(Lower(current));
        }
    }

    private bool TryReadSubsection(int current, List<byte> name)
    {
        while (IsBlank(current) && current != '\n')
        {
            current = Next();
        }

        if (current != '"')
        {
            return false;
        }

        name.Add((byte)'.');
        while ((current = Next()) != '"')
        {
            current = current == '\\' ? Next() : current;
            if (current is '\n' or End)
            {
                return false;
            }

            name.Add((byte)current);
        }

        return Next() == ']';
    }

    private bool TryReadVariable(string section, int first)
    {
        var name = new List<byte> { Lower(first) };
        var current = Next();
        for (; IsKeyByte(current); current = Next())
        {
            name.Add(Lower(current));
        }

        while (current is ' ' or '\t')
        {
            current = Next();
        }

        var key = section + Text(name);
        if (current is '\n' or End)
        {
            _onValue(key, null);
            return true;
        }

        if (current != '=' || !TryReadValue(out var value))
        {
            return false;
        }

        _onValue(key, value);
        return true;
    }

    /// <summary>Blanks around a value and comments after it are dropped, unless quoted; a backslash at the end of a line continues it.</summary>
    private bool TryReadValue(out string value)
    {
        var bytes = new List<byte>();
        var blanks = new List<byte>();
        var isQuoted = false;
        value = "";
        while (true)
        {
            var current = Next();
            if (current is '\n' or End)
            {
                value = Text(bytes);
                return !isQuoted;
            }

            if (!isQuoted && IsBlank(current))
            {
                // Kept back until it is known that something follows them.
                if (bytes.Count > 0)
                {
                    blanks.Add((byte)current);
                }

                continue;
            }

            if (!isQuoted && current is '#' or ';')
            {
                SkipLine();
                value = Text(bytes);
                return true;
            }

            bytes.AddRange(blanks);
            blanks.Clear();
            if (current == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (current != '\\')
            {
                bytes.Add((byte)current);
            }
            else if (!TryReadEscape(bytes))
            {
                return false;
            }
        }
    }

    private bool TryReadEscape(List<byte> bytes)
    {
        var current = Next();
        switch (current)
        {
            case '\n' or End:
                return true;
            case 't':
                bytes.Add((byte)'\t');
                return true;
            case 'b':
                bytes.Add((byte)'\b');
                return true;
            case 'n':
                bytes.Add((byte)'\n');
                return true;
            case '\\' or '"':
                bytes.Add((byte)current);
                return true;
            default:
                return false;
        }
    }

    private static string Text(List<byte> bytes) => Encoding.UTF8.GetString([.. bytes]);

    private static bool IsBlank(int value) => value is ' ' or '\t' or '\n' or '\r';

    private static bool IsLetter(int value) => value is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');

    private static bool IsKeyByte(int value) => IsLetter(value) || value is (>= '0' and <= '9') or '-';

    private static byte Lower(int value) => value is >= 'A' and <= 'Z' ? (byte)(value | 0x20) : (byte)value;
}
