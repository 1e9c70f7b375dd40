using System.Globalization;
using System.Text;

namespace Savepoint.Cli.Tests.Clients;

/// <summary>
/// Settings files as people write them, from a seed: comments, trailing commas, odd indentation, tabs, CRLF, a byte order
/// mark, no final newline, everything on one line; empty ones; and ones with other tools' hooks and servers.
/// </summary>
internal sealed class RandomSettings
{
    private static readonly string[] Names = ["model", "permissions", "env", "theme", "ünï", "a\\\"b", "hooks2", "x"];
    private static readonly string[] Scalars = ["true", "null", "-1.50e3", "\"savepoint hook\"", "\"// no comment\"", "\"tab\\t\"", "\"}\"", "12345678901234567890"];
    private static readonly string[] Events = ["PreToolUse", "PostToolUse", "Stop", "SomethingElse"];

    private readonly Random _random;
    private readonly StringBuilder _text = new();
    private readonly bool _hasComments;
    private readonly bool _isOneLine;
    private readonly string _newLine;
    private readonly string _unit;

    private RandomSettings(int seed)
    {
        _random = new Random(seed);
        _hasComments = Often(0.5);
        _isOneLine = Often(0.25);
        _newLine = Often(0.3) ? "\r\n" : "\n";
        _unit = Pick("  ", "    ", "\t", "   ", "");
    }

    public static byte[] Of(int seed)
    {
        var settings = new RandomSettings(seed);
        settings.Write();
        return Encoding.UTF8.GetBytes(settings._text.ToString());
    }

    private void Write()
    {
        _text.Append(Often(0.15) ? "\uFEFF" : "");
        if (Often(0.1))
        {
            _text.Append(Pick("", " ", "\n", "// nothing yet", "/* nothing */\r\n"));
            return;
        }

        Trivia(0);
        Object(0, [.. Members(0)]);
        Trivia(0);
        _text.Append(Often(0.7) ? _newLine : "");
    }

    private IEnumerable<(string Name, Action Value)> Members(int depth)
    {
        foreach (var name in Names.Where(_ => Often(0.3)))
        {
            yield return (name, () => Value(depth + 1));
        }

        if (depth == 0 && Often(0.6))
        {
            yield return ("hooks", () => Object(1, [.. Events.Where(_ => Often(0.5)).Select(name => (name, (Action)(() => Groups(2))))]));
        }

        if (depth == 0 && Often(0.4))
        {
            yield return ("mcpServers", () => Object(1, Often(0.3) ? [] : [("other", () => Object(2, [("command", () => _text.Append("\"other\""))]))]));
        }

        if (Often(0.3))
        {
            yield return ("last", () => Value(depth + 1));
        }
    }

    private void Groups(int depth) => Array(depth, [.. Enumerable.Range(0, _random.Next(3)).Select(_ => (Action)(() => Object(depth + 1,
    [
        ("matcher", () => _text.Append(Pick("\"Bash\"", "\"*\""))),
        ("hooks", () => Array(depth + 2, [() => Object(depth + 3, [("type", () => _text.Append("\"command\"")), ("command", () => _text.Append("\"other hook\""))])])),
    ])))]);

    private void Value(int depth)
    {
        switch (depth > 4 ? 0 : _random.Next(6))
        {
            case 0 or 1 or 2 or 3:
                _text.Append(Pick(Scalars));
                break;
            case 4:
                Object(depth, [.. Members(depth)]);
                break;
            default:
                Array(depth, [.. Enumerable.Range(0, _random.Next(4)).Select(_ => (Action)(() => Value(depth + 1)))]);
                break;
        }
    }

    private void Object(int depth, (string Name, Action Value)[] members) => Bracketed('{', '}', depth, [.. members.Select(member => (Action)(() =>
    {
        _text.Append(CultureInfo.InvariantCulture, $"\"{member.Name}\"{Pick("", " ")}:{Pick(" ", "", "  ")}");
        member.Value();
    }))]);

    private void Array(int depth, Action[] elements) => Bracketed('[', ']', depth, elements);

    private void Bracketed(char open, char close, int depth, Action[] children)
    {
        _text.Append(open);
        for (var i = 0; i < children.Length; i++)
        {
            Trivia(depth + 1);
            children[i]();
            if (i < children.Length - 1 || (_hasComments && Often(0.2)))
            {
                Comment();
                _text.Append(',');
            }
        }

        Trivia(depth);
        _text.Append(close);
    }

    private void Trivia(int depth)
    {
        Comment();
        if (!_isOneLine && Often(0.9))
        {
            _text.Append(_hasComments && Often(0.2) ? Pick(" // it's \"mine\", {", " //", "// savepoint hook claude-code") : "").Append(_newLine);
            _text.Append(Often(0.1) ? _newLine : "").Append(string.Concat(Enumerable.Repeat(_unit, depth)));
        }
        else
        {
            _text.Append(Pick("", " "));
        }
    }

    private void Comment() => _text.Append(_hasComments && Often(0.1) ? Pick("/* , } ] */", " /**/ ", "/* two\nlines */") : "");

    private bool Often(double share) => _random.NextDouble() < share;

    private string Pick(params string[] choices) => choices[_random.Next(choices.Length)];
}
