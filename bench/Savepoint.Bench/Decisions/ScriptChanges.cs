using System.Globalization;

namespace Savepoint.Bench.Decisions;

/// <summary>
/// Makes changes to the text of express, faults and harmless ones. It knows nothing of the policies: what a change does to the program is
/// known from how it is made.
/// </summary>
internal static class ScriptChanges
{
    /// <summary>How many requests the benchmark makes.</summary>
    private const int Requests = 20;

    /// <summary>How many steps they take at most in any of the versions that are played.</summary>
    private const int MostSteps = 3_900;

    /// <summary>A change of a kind: what it is, and the files after it.</summary>
    public static (string Name, IReadOnlyDictionary<string, string> Files) Make(Random random, ReplayKind kind, IReadOnlyDictionary<string, string> files) => kind switch
    {
        ReplayKind.CompileError => SyntaxFault(random, files),
        ReplayKind.FailingTests => WrongCode(random, files),
        ReplayKind.Slowdown => Slowdown(random, files),
        ReplayKind.ComplexityJump => ComplexityJump(random, files),
        _ => HarmlessScriptChanges.Make(random, files),
    };

    internal static ScriptFunction Pick(Random random, IReadOnlyDictionary<string, string> files)
    {
        var functions = ScriptFunction.Of(files);
        return functions[random.Next(functions.Count)];
    }

    // Each is a fault to any parser.
    private static (string, IReadOnlyDictionary<string, string>) SyntaxFault(Random random, IReadOnlyDictionary<string, string> files)
    {
        var function = Pick(random, files);
        var lines = function.LinesIn(files);
        return random.Next(5) switch
        {
            0 => ($"{function.Name} is not closed", function.With(files, lines[..^1])),
            1 => ($"{function.Name}: a word misspelt", function.With(files, [lines[0].Replace("function", "fucntion x", StringComparison.Ordinal), .. lines[1..]])),
            2 => ($"{function.Name}: a parenthesis too many", function.Begun(files, "  var spare = ((1);")),
            3 => ($"{function.Name}: a quote that is not closed", function.Begun(files, "  var text = 'open;")),
            _ => ($"{function.Name}: half a statement", function.Begun(files, "  var half = ;")),
        };
    }

    private static (string, IReadOnlyDictionary<string, string>) WrongCode(Random random, IReadOnlyDictionary<string, string> files)
    {
        var (name, line) = random.Next(5) switch
        {
            0 => ("res.send", "  return this.end('wrong');"),
            1 => ("app.handle", "  arguments[1].statusCode = 500; return arguments[1].end();"),
            2 => ("createApplication", "  throw new Error('wrong');"),
            3 => ("res.header", "  throw new Error('wrong');"),
            _ => ("res", "  return this;"),
        };
        var functions = ScriptFunction.Of(files);
        return name == "res"
            ? ("all functions of res do nothing", functions.Where(function => function.Path == "lib/response.js" && function.Name.StartsWith("res.", StringComparison.Ordinal)).Reverse().Aggregate(files, (changed, function) => function.Begun(changed, line)))
            : ($"{name} is wrong", functions.Find(function => function.Name == name)!.Begun(files, line));
    }

    private static (string, IReadOnlyDictionary<string, string>) Slowdown(Random random, IReadOnlyDictionary<string, string> files)
    {
        var share = 0.35 + (random.NextDouble() * 2);
        var name = random.Next(2) == 0 ? "app.handle" : "res.status"; // each once a request
        var count = (int)(MostSteps * share / Requests);
        return (string.Create(CultureInfo.InvariantCulture, $"{name}: slower by {share:P0} or more"), ScriptFunction.Of(files).Find(function => function.Name == name)!.Begun(files, Loop("slow", count)));
    }

    /// <summary>A line that takes so many steps and does nothing.</summary>
    internal static string Loop(string variable, int count) => string.Create(CultureInfo.InvariantCulture, $"  for (var {variable} = 0; {variable} < {count}; {variable}++) {{ void {variable}; }}");

    private static (string, IReadOnlyDictionary<string, string>) ComplexityJump(Random random, IReadOnlyDictionary<string, string> files)
    {
        var function = Pick(random, files);
        if (random.Next(4) == 0)
        {
            var statements = random.Next(220, 400);
            return ($"{statements} statements in {function.Name}", function.Begun(files, Enumerable.Range(0, statements).Select(index => string.Create(CultureInfo.InvariantCulture, $"  void ({index} + {index % 7});"))));
        }

        var branches = random.Next(10, 30);
        return ($"{branches} branches in {function.Name}", function.Begun(files, Enumerable.Range(0, branches).Select(Branch)));
    }

    /// <summary>A branch that is never taken.</summary>
    internal static string Branch(int index) => string.Create(CultureInfo.InvariantCulture, $"  if (arguments.length === {1000 + index}) return;");
}
