using System.Globalization;
using Savepoint.Model;

namespace Savepoint.Bench.Decisions;

/// <summary>The generated project in one language: its files, and the commands that check them.</summary>
internal abstract class ReplayDialect
{
    private const string WrongMark = ReplayGenerator.WrongMark;

    /// <summary>The commands that build, test and measure it, run in its root.</summary>
    public abstract CheckCommands Commands { get; }

    /// <summary>The project's files by path.</summary>
    public IReadOnlyDictionary<string, string> Files(ReplayState state)
    {
        var files = new Dictionary<string, string>(state.Extra);
        Write(state, files);
        return files;
    }

    protected abstract void Write(ReplayState state, Dictionary<string, string> files);

    /// <summary>Each test: its name, the call, and what is expected of it.</summary>
    protected static IEnumerable<(string Name, string Function, int Argument, int Expected)> Tests(ReplayState state)
    {
        foreach (var function in state.Modules.SelectMany(module => module.Functions))
        {
            var right = function.Remark.StartsWith(WrongMark, StringComparison.Ordinal)
                ? function with { Offset = int.Parse(function.Remark.AsSpan(WrongMark.Length), CultureInfo.InvariantCulture) }
                : function;
            yield return ($"{function.Name} of 5", function.Name, 5, right.Expected(5));
        }

        for (var pending = 0; pending < state.PendingTests; pending++)
        {
            yield return ($"pending {pending}", state.Modules[0].Functions[0].Name, pending, -1);
        }
    }

    /// <summary>The text with one of five faults that every compiler sees.</summary>
    protected static string Spoilt(string text, string name, ReplayState state, IReadOnlyList<(string Find, string Replace)> faults)
    {
        if (state.SyntaxFault is not { } fault || fault.Module != name)
        {
            return text;
        }

        var (find, replace) = faults[fault.Kind % faults.Count];
        var at = text.IndexOf(find, StringComparison.Ordinal);
        return text[..at] + replace + text[(at + find.Length)..];
    }
}
