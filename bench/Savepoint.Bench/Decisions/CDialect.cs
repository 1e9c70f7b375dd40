using System.Globalization;
using System.Text;
using Savepoint.Model;

namespace Savepoint.Bench.Decisions;

/// <summary>The project in C, checked by the system's compiler: what it builds and runs goes to a folder outside the workspace.</summary>
internal sealed class CDialect(string output) : ReplayDialect
{
    private static readonly (string, string)[] Faults = [(";\n", "\n"), ("return ", "retrun "), (" {\n", " \n"), ("#include \"shared.h\"", "#include \"no-such.h\""), ("int value", "itn value")];

    public override CheckCommands Commands => new(
        "cc -fsyntax-only -Wall src/*.c",
        $"cc -o '{output}/tests' src/*.c test/tests.c -Isrc && '{output}/tests'",
        $"cc -o '{output}/bench' src/*.c test/bench.c -Isrc && '{output}/bench'");

    protected override void Write(ReplayState state, Dictionary<string, string> files)
    {
        files["src/shared.h"] = "int shared(int x);\nlong work(long steps);\n" + string.Concat(state.Modules.SelectMany(module => module.Functions).Select(function => $"int {function.Name}(int x);\n"));
        files["src/shared.c"] = $"#include \"shared.h\"\n\nint shared(int x)\n{{\n    return x + {(state.HasBrokenHelper ? 8 : 7)};\n}}\n\nlong work(long steps)\n{{\n    long done = 0;\n    while (done < steps)\n        done++;\n    return done;\n}}\n";
        foreach (var module in state.Modules)
        {
            files[$"src/{module.Name}.c"] = Spoilt($"#include \"shared.h\"\n\nstatic const int value_of_{module.Name} = 0;\nint value_in_{module.Name}(void) {{\n    int value = value_of_{module.Name};\n    return value;\n}}\n\n" + string.Join("\n", module.Functions.Select(Text)), module.Name, state, Faults);
        }

        var tests = Tests(state).ToList();
        files["test/tests.c"] = $"#include <stdio.h>\n#include \"shared.h\"\n\nstatic int count = 0;\n\nstatic int check(const char *name, int ok)\n{{\n    printf(\"%sok %d - %s\\n\", ok ? \"\" : \"not \", ++count, name);\n    return !ok;\n}}\n\nint main(void)\n{{\n    int failed = 0;\n    printf(\"TAP version 13\\n1..{tests.Count}\\n\");\n"
            + string.Concat(tests.Select(test => $"    failed += check(\"{test.Name}\", {test.Function}({test.Argument}) == {test.Expected});\n"))
            + "    return failed > 0;\n}\n";

        // Steps are counted, with noise of up to 4 % put on, so that the table is the same on any machine.
        files["test/bench.c"] = $"#include <stdio.h>\n#include <stdlib.h>\n#include <time.h>\n#include <unistd.h>\n#include \"shared.h\"\n\nint main(void)\n{{\n    srand((unsigned)time(NULL) ^ (unsigned)getpid());\n    for (int run = 0; run < 5; run++)\n        printf(\"main-loop %.1f ksteps\\n\", work({state.Work}000L) / 1000.0 * (0.96 + 0.08 * rand() / RAND_MAX));\n    return 0;\n}}\n";
    }

    private static string Text(ReplayFunction function)
    {
        var indent = function.HasTabs ? "\t" : "    ";
        var text = new StringBuilder();
        if (function.Remark.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"/* {function.Remark} */\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"int {function.Name}(int x)\n{{\n{indent}int {function.Local} = x * {function.Factor};\n");
        for (var branch = 0; branch < function.Branches; branch++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{indent}if (x == -{branch + 1})\n{indent}{indent}{function.Local} += 0;\n");
        }

        for (var statement = 0; statement < function.Statements; statement++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{indent}{function.Local} = {function.Local} + {statement} - {statement};\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"{indent}return {function.Local} + {function.Offset}{(function.IsShared ? " + shared(x)" : "")};\n}}\n").ToString();
    }
}
