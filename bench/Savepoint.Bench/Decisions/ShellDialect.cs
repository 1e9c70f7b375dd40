using System.Globalization;
using System.Text;
using Savepoint.Model;

namespace Savepoint.Bench.Decisions;

/// <summary>
/// The project as shell scripts, for machines without a compiler, with a twin of each module in Python that nobody runs: functions are measured in
/// it, as they would be in a project whose interpreter is not installed.
/// </summary>
internal sealed class ShellDialect : ReplayDialect
{
    // Each is a fault to any shell: a function without a body, an if without its end or its then, an open parenthesis, an open quote.
    private static readonly (string, string)[] Faults = [("() {\n", "() \n)\n"), ("    fi\n", ""), ("; then", ";"), ("if true", "if (true"), ("text='{'", "text='{")];

    public override CheckCommands Commands => new("for f in src/*.sh; do sh -n \"$f\" || exit 1; done", "sh test/tests.sh", "sh test/bench.sh");

    protected override void Write(ReplayState state, Dictionary<string, string> files)
    {
        files["src/shared.sh"] = $"shared() {{\n    result=$(($1 + {(state.HasBrokenHelper ? 8 : 7)}))\n}}\n";
        foreach (var module in state.Modules)
        {
            var prologue = $"first_of_{module.Name}() {{\n    if true; then\n        :\n    fi\n    text='{{'\n}}\n\n";
            files[$"src/{module.Name}.sh"] = Spoilt(prologue + string.Join("\n", module.Functions.Select(Text)), module.Name, state, Faults);
            files[$"py/{module.Name}.py"] = string.Join("\n", module.Functions.Select(Twin));
        }

        var tests = Tests(state).ToList();
        files["test/tests.sh"] = "for f in src/*.sh; do . \"./$f\"; done\nfailed=0\ncheck() {\n    $2 \"$3\"\n    if [ \"$result\" = \"$4\" ]; then echo \"ok - $1\"; else echo \"not ok - $1\"; failed=1; fi\n}\n"
            + $"echo 'TAP version 13'\necho '1..{tests.Count}'\n" + string.Concat(tests.Select(test => $"check '{test.Name}' {test.Function} {test.Argument} {test.Expected}\n")) + "exit $failed\n";

        // Steps are said, with noise of up to 4 % put on: a shell is too slow to take them.
        files["test/bench.sh"] = $"work={state.Work}\nfor noise in 97 101 99 103 100; do echo \"main-loop $((work * (noise + $$ % 3 - 1))) steps\"; done\n";
    }

    private static string Text(ReplayFunction function)
    {
        var indent = function.HasTabs ? "\t" : "    ";
        var remark = function.Remark.Length > 0 ? $"# {function.Remark}\n" : "";
        var shared = function.IsShared ? $"{indent}shared \"$1\"\n{indent}result=$((result + {function.Local}))\n" : $"{indent}result=${function.Local}\n";
        return $"{remark}{function.Name}() {{\n{indent}{function.Local}=$(($1 * {function.Factor} + {function.Offset}))\n{shared}}}\n";
    }

    private static string Twin(ReplayFunction function)
    {
        var indent = function.HasTabs ? "\t" : "    ";
        var text = new StringBuilder();
        if (function.Remark.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"# {function.Remark}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"def {function.Name}(x):\n{indent}{function.Local} = x * {function.Factor}\n");
        for (var branch = 0; branch < function.Branches; branch++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{indent}if x == -{branch + 1}:\n{indent}{indent}{function.Local} += 0\n");
        }

        for (var statement = 0; statement < function.Statements; statement++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{indent}{function.Local} = {function.Local} + {statement} - {statement}\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"{indent}return {function.Local} + {function.Offset}{(function.IsShared ? " + shared(x)" : "")}\n").ToString();
    }
}
