using System.Globalization;

namespace Savepoint.Bench.Decisions;

/// <summary>
/// Makes a project and changes to it, harmless ones and faults, from a seed. It knows nothing of the policies: what is a fault
/// is said here, by what the change does to the program, and compared with what they say of it only when all is run.
/// </summary>
internal sealed class ReplayGenerator(int seed)
{
    private const int ModuleCount = 8;
    private const int FunctionCount = 5;

    private readonly Random _random = new(seed);
    private int _serial;

    /// <summary>The project as it begins: forty tests, two of which never passed.</summary>
    public ReplayState Start() => new(
        [.. Enumerable.Range(0, ModuleCount).Select(module => new ReplayModule($"part{module}", [.. Enumerable.Range(0, FunctionCount).Select(index => Function(module, index))]))],
        new Dictionary<string, string> { ["README.md"] = "A generated project.\n", ["conanfile.txt"] = "[requires]\nzlib/1.3\n", ["data/table.txt"] = "1 2 3\n" },
        PendingTests: 2,
        Work: 400);

    /// <summary>The kinds of <paramref name="faults"/> faults of each sort and <paramref name="harmless"/> harmless steps, in random order.</summary>
    public IReadOnlyList<ReplayKind> Plan(int faults, int harmless) => Plan(_random, faults, harmless);

    /// <summary>The same for any generator's source of chance.</summary>
    public static ReplayKind[] Plan(Random random, int faults, int harmless)
    {
        ReplayKind[] sorts = [ReplayKind.CompileError, ReplayKind.FailingTests, ReplayKind.Slowdown, ReplayKind.ComplexityJump];
        ReplayKind[] kinds = [.. Enumerable.Repeat(ReplayKind.Harmless, harmless), .. sorts.SelectMany(kind => Enumerable.Repeat(kind, faults))];
        random.Shuffle(kinds);
        return kinds;
    }

    /// <summary>A step of a kind from a good state.</summary>
    public GeneratedStep Next(ReplayKind kind, ReplayState state) => kind switch
    {
        ReplayKind.CompileError => CompileError(state),
        ReplayKind.FailingTests => FailingTests(state),
        ReplayKind.Slowdown => Slowdown(state),
        ReplayKind.ComplexityJump => ComplexityJump(state),
        _ => Harmless(state),
    };

    private ReplayFunction Function(int module, int index) => new($"part{module}_{"abcde"[index]}", _random.Next(1, 9), _random.Next(0, 99)) { IsShared = index < 3, Branches = index == 4 ? 6 : index };

    private GeneratedStep CompileError(ReplayState state)
    {
        var fault = (state.Modules[_random.Next(state.Modules.Count)].Name, Kind: _random.Next(5));
        return new GeneratedStep($"syntax fault {fault.Kind} in {fault.Name}", state with { SyntaxFault = fault });
    }

    private GeneratedStep FailingTests(ReplayState state)
    {
        if (_random.Next(2) == 0)
        {
            return new GeneratedStep("the shared helper is broken", state with { HasBrokenHelper = true });
        }

        // Each function is wrong by itself: from a third of all on.
        var wrong = _random.NextDouble() * 0.4 + 0.34;
        var wronged = state;
        var count = (int)Math.Ceiling(wrong * state.Modules.Sum(module => module.Functions.Count));
        var all = state.Modules.SelectMany((module, m) => module.Functions.Select((_, f) => (m, f))).ToArray();
        _random.Shuffle(all);
        foreach (var (m, f) in all.Take(count))
        {
            wronged = wronged.With(m, f, function => function with { Offset = function.Offset + 1, Remark = $"{WrongMark}{function.Offset}" });
        }

        return new GeneratedStep($"{count} functions are wrong", wronged);
    }

    /// <summary>A remark that begins so says that a function is wrong, and which offset its test expects.</summary>
    public const string WrongMark = "offset was ";

    private GeneratedStep Slowdown(ReplayState state)
    {
        var factor = 1.35 + _random.NextDouble() * 2;
        return new GeneratedStep(string.Create(CultureInfo.InvariantCulture, $"slower by {factor - 1:P0}"), state with { Work = (int)(state.Work * factor) });
    }

    private GeneratedStep ComplexityJump(ReplayState state)
    {
        var (module, function) = Pick(state);
        if (_random.Next(4) == 0)
        {
            var statements = _random.Next(220, 400);
            return new GeneratedStep($"a function of {statements} statements", state.With(module, function, value => value with { Statements = statements, Branches = 9 }));
        }

        var branches = _random.Next(10, 30);
        return new GeneratedStep($"a function of {branches} branches", state.With(module, function, value => value with { Branches = branches }));
    }

    private GeneratedStep Harmless(ReplayState state)
    {
        var (module, function) = Pick(state);
        _serial++;
        return _random.Next(11) switch
        {
            0 => Step("a local variable renamed", state.With(module, function, value => value with { Local = $"local{_serial}" })),
            1 => Step("a remark written", state.With(module, function, value => value with { Remark = $"Remark {_serial}; if (x) {{ }}" })),
            2 => Step("white space", state.With(module, function, value => value with { HasTabs = !value.HasTabs })),
            3 => Step("a document edited", WithFile(state, "README.md", $"A generated project, version {_serial}.\n")),
            4 => Step("a dependency updated", WithFile(state, "conanfile.txt", $"[requires]\nzlib/1.{_serial}\n")),
            5 => Step("many files made", Enumerable.Range(0, 24).Aggregate(state, (made, index) => WithFile(made, $"data/d{index}.txt", $"{_serial} {index}\n"))),
            6 => Step("a branch more, within reason", state.With(module, function, value => value with { Branches = Math.Min(8, value.Branches + 1) })),
            7 => Step("a function simplified", state.With(module, function, value => value with { Branches = 0, Statements = 0 })),
            8 => Step("functions in another order", state with { Modules = [.. state.Modules.Select((value, index) => index == module ? value with { Functions = [.. value.Functions.Reverse()] } : value)] }),
            9 => Step("a little faster or slower", state with { Work = Math.Clamp(state.Work + _random.Next(-8, 9), 385, 415) }),
            _ => Step("a test that fails yet", state with { PendingTests = state.PendingTests == 2 ? 3 : 2 }),
        };
    }

    private static GeneratedStep Step(string name, ReplayState state) => new(name, state);

    private static ReplayState WithFile(ReplayState state, string path, string text) => state with { Extra = new Dictionary<string, string>(state.Extra) { [path] = text } };

    private (int Module, int Function) Pick(ReplayState state)
    {
        var module = _random.Next(state.Modules.Count);
        return (module, _random.Next(state.Modules[module].Functions.Count));
    }
}

/// <summary>A step of the generator.</summary>
/// <param name="Name">What it does, in words.</param>
/// <param name="State">The project after it.</param>
internal sealed record GeneratedStep(string Name, ReplayState State);
