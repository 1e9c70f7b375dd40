using System.Buffers;
using System.Text;

namespace Savepoint.Checking.Running;

/// <summary>
/// Bytes that a program writes, as lines of text: ANSI escapes and control characters are taken out, a carriage return ends a
/// line as a line feed does (progress bars), what is no UTF-8 becomes U+FFFD, and the rest of a line that is too long is dropped. Not thread-safe.
/// </summary>
/// <param name="take">Takes each line; the characters are another's once it returns. Empty lines come, too.</param>
internal sealed class OutputText(Action<ReadOnlySpan<char>> take)
{
    /// <summary>Longer than any line that means anything to a reader; those with a whole source file in JSON among them.</summary>
    private const int MaxLineLength = 256 * 1024;

    /// <summary>More is no title of a window, but an escape that nobody ended.</summary>
    private const int MaxEscapeLength = 4096;

    private static readonly SearchValues<char> Special = SearchValues.Create(string.Concat(Enumerable.Range(0, 32).Append(127).Where(c => c != '\t').Select(c => (char)c)));

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly char[] _characters = new char[16 * 1024 + 16];
    private char[] _line = new char[1024];
    private int _length;
    private bool _wasReturn;
    private Escape _escape;
    private int _escapeLength;

    private enum Escape
    {
        None,
        Begun,
        Sequence,
        Text,
        TextEnding,
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            _decoder.Convert(bytes, _characters, flush: false, out var used, out var count, out _);
            Read(_characters.AsSpan(0, count));
            bytes = bytes[used..];
        }
    }

    /// <summary>Nothing more comes: a last line without an end is one, too.</summary>
    public void End()
    {
        var count = _decoder.GetChars([], _characters, flush: true);
        Read(_characters.AsSpan(0, count));
        if (_length > 0)
        {
            EndLine();
        }
    }

    private void Read(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (_escape != Escape.None)
            {
                Pass(text[0]);
                text = text[1..];
                continue;
            }

            var plain = text.IndexOfAny(Special);
            Append(plain < 0 ? text : text[..plain]);
            if (plain < 0)
            {
                return;
            }

            Control(text[plain]);
            text = text[(plain + 1)..];
        }
    }

    private void Control(char c)
    {
        switch (c)
        {
            case '\n' when _wasReturn && _length == 0:
                _wasReturn = false; // the second half of CRLF
                break;
            case '\n' or '\r':
                EndLine();
                _wasReturn = c == '\r';
                break;
            case '\e':
                (_escape, _escapeLength) = (Escape.Begun, 0);
                break;
        }
    }

    // ECMA-48: ESC [ … a final byte; ESC ] … BEL or ESC \; ESC and a byte.
    private void Pass(char c)
    {
        _escape = _escape switch
        {
            _ when ++_escapeLength > MaxEscapeLength || c is '\n' or '\r' => Escape.None,
            Escape.Begun => c switch { '[' => Escape.Sequence, ']' or 'P' or '_' or '^' => Escape.Text, >= ' ' and <= '/' => Escape.Begun, _ => Escape.None },
            Escape.Sequence => c is >= '@' and <= '~' ? Escape.None : Escape.Sequence,
            Escape.Text => c switch { '\a' => Escape.None, '\e' => Escape.TextEnding, _ => Escape.Text },
            _ => Escape.None,
        };
        if (c is '\n' or '\r')
        {
            Control(c);
        }
    }

    private void Append(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return;
        }

        _wasReturn = false;
        var taken = Math.Min(text.Length, MaxLineLength - _length);
        if (_length + taken > _line.Length)
        {
            Array.Resize(ref _line, Math.Min(MaxLineLength, Math.Max(_line.Length * 2, _length + taken)));
        }

        text[..taken].CopyTo(_line.AsSpan(_length));
        _length += taken;
    }

    private void EndLine()
    {
        take(_line.AsSpan(0, _length));
        _length = 0;
    }
}
