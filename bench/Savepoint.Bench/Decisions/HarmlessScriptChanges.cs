using System.Globalization;
using System.Text.RegularExpressions;

namespace Savepoint.Bench.Decisions;

/// <summary>Changes to express that do no harm: every one leaves what the program does, and what it takes, as it was, or nearly.</summary>
internal static partial class HarmlessScriptChanges
{
    /// <summary>Below so many forks in its text a function has room for one more.</summary>
    private const int FewForks = 5;

    /// <summary>A change of any sort.</summary>
    public static (string Name, IReadOnlyDictionary<string, string> Files) Make(Random random, IReadOnlyDictionary<string, string> files)
    {
        while (true)
        {
            var serial = random.Next(1000, 9999);
            var function = ScriptChanges.Pick(random, files);
            var lines = function.LinesIn(files);
            IReadOnlyDictionary<string, string>? changed;
            (var name, changed) = random.Next(13) switch
            {
                0 => ("a local variable renamed", Renamed(function, files, serial)),
                1 => ("a remark written", function.With(files, [$"// Remark {serial}; if (x) {{ }} else {{ }}", .. lines])),
                2 => ("white space", function.With(files, lines.Select(line => Indentation().Replace(line, match => new string('\t', match.Length / 2))))),
                3 => ("a document edited", WithFile(files, "Readme.md", $"{files.GetValueOrDefault("Readme.md")}\nEdited, {serial}.\n")),
                4 => ("a dependency updated", WithFile(files, "package.json", Version().Replace(files["package.json"], $"\"debug\": \"2.{serial}.1\"", 1))),
                5 => ("many files made", Enumerable.Range(0, 24).Aggregate(files, (made, index) => WithFile(made, $"docs/d{index}.md", $"{serial} {index}\n"))),
                6 => ("a branch more, within reason", lines.Sum(line => Fork().Count(line)) < FewForks ? function.Begun(files, ScriptChanges.Branch(serial)) : null),
                7 => ("a branch less", Array.Exists(lines, line => Spare().IsMatch(line)) ? function.With(files, lines.Where(line => !Spare().IsMatch(line))) : null),
                8 => ("functions in another order", Swapped(function, files)),
                9 => ("a little slower", function.Name == "app.handle" ? function.With(files, [lines[0], ScriptChanges.Loop("little", random.Next(1, 3)), .. lines[1..].Where(line => !line.Contains("var little", StringComparison.Ordinal))]) : null),
                10 => ("a test that fails yet", WithFile(files, "test/later.test.js", $"require('node:test').test('later {serial % 3}', () => {{ throw new Error('not yet'); }});\n")),
                11 => ("a small function more", WithFile(files, $"lib/more{serial % 20}.js", $"'use strict';\n\nexports.more = function more(x) {{\n  return x > {serial} ? x : {serial};\n}};\n")),
                _ => ("a file moved", Moved(files, serial)),
            };
            if (changed is not null && changed.Any(file => files.GetValueOrDefault(file.Key) != file.Value))
            {
                return (name, changed);
            }
        }
    }

    private static Dictionary<string, string> WithFile(IReadOnlyDictionary<string, string> files, string path, string text) => new(files) { [path] = text };

    // Only a name that stands for nothing but the variable: no property, no key, no word of a text.
    private static IReadOnlyDictionary<string, string>? Renamed(ScriptFunction function, IReadOnlyDictionary<string, string> files, int serial)
    {
        var text = string.Join('\n', function.LinesIn(files));
        foreach (Match local in Local().Matches(text))
        {
            var name = local.Groups[1].Value;
            var uses = Regex.Matches(text, $@"\b{name}\b");
            if (name.Length > 2 && uses.All(use => !IsOther(text, use)))
            {
                return function.With(files, Regex.Replace(text, $@"\b{name}\b", string.Create(CultureInfo.InvariantCulture, $"{name}{serial}")).Split('\n'));
            }
        }

        return null;
    }

    private static bool IsOther(string text, Match use)
    {
        var before = use.Index > 0 ? text[use.Index - 1] : ' ';
        var after = text[(use.Index + use.Length)..].TrimStart();
        return before is '.' or '\'' or '"' or '$' || after.StartsWith(':') || after.StartsWith('\'') || text[(text.LastIndexOf('\n', use.Index) + 1)..use.Index].IndexOfAny(['\'', '"', '/']) >= 0;
    }

    private static Dictionary<string, string>? Swapped(ScriptFunction function, IReadOnlyDictionary<string, string> files)
    {
        var lines = files[function.Path].Split('\n');
        var next = ScriptFunction.Of(files).Find(other => other.Path == function.Path && other.FirstIndex > function.LastIndex);
        return next is null || IsSecondName(function) || lines[(function.LastIndex + 1)..next.FirstIndex].Any(line => !Remark().IsMatch(line)) ? null : new Dictionary<string, string>(files)
        {
            [function.Path] = string.Join('\n', [.. lines[..function.FirstIndex], .. next.LinesIn(files), .. lines[(function.LastIndex + 1)..next.FirstIndex], .. function.LinesIn(files), .. lines[(next.LastIndex + 1)..]]),
        };

        // "res.set =" stands on a line of its own above "res.header = function": moved alone, the one would be another function. And what is
        // called between two functions may need the first.
        bool IsSecondName(ScriptFunction moved) => moved.FirstIndex > 0 && lines[moved.FirstIndex - 1].EndsWith('=');
    }

    private static Dictionary<string, string> Moved(IReadOnlyDictionary<string, string> files, int serial)
    {
        var old = files.Keys.FirstOrDefault(path => path.StartsWith("notes/", StringComparison.Ordinal));
        var moved = new Dictionary<string, string>(files) { [$"notes/n{serial}.md"] = old is null ? "Notes.\n" : files[old] };
        if (old is not null)
        {
            moved.Remove(old);
        }

        return moved;
    }

    [GeneratedRegex(@"^(?:  )+")]
    private static partial Regex Indentation();

    [GeneratedRegex(@"^\s*(?://.*|/?\*.*)?$")]
    private static partial Regex Remark();

    [GeneratedRegex("""
        "debug": "[^"]*"
        """)]
    private static partial Regex Version();

    [GeneratedRegex(@"\b(?:if|for|while|case|catch)\b|&&|\|\||\?")]
    private static partial Regex Fork();

    [GeneratedRegex(@"^\s*if \(arguments\.length === \d+\) return;$")]
    private static partial Regex Spare();

    [GeneratedRegex(@"^ +var (\w+) = ", RegexOptions.Multiline)]
    private static partial Regex Local();
}
