using System.Text.Json;

namespace Savepoint.Checking.Reading;

/// <summary>
/// <c>go test -json</c> (go doc test2json): an event a line. A test that has subtests is not counted: they are. A package that fails and in which no test does
/// is counted as one that failed, under its own name: it did not build, or its process died.
/// </summary>
/// <param name="compiler">Takes what the compiler says, which comes inside events.</param>
internal sealed class GoTestReader(ILineReader compiler) : ITestReader
{
    private readonly Dictionary<(string Package, string Test), string> _tests = [];
    private readonly HashSet<(string Package, string Test)> _parents = [];
    private readonly Dictionary<string, string> _packages = [];
    private bool _isGo;

    public TestReport? Report => _isGo ? Count().Report("go test -json") : null;

    public void Read(ReadOnlySpan<char> line)
    {
        if (!line.StartsWith("{\"", StringComparison.Ordinal) || line.IndexOf("\"Action\":\"", StringComparison.Ordinal) < 0)
        {
            return;
        }

        try
        {
            using var json = JsonDocument.Parse(line.ToString());
            Read(json.RootElement);
        }
        catch (JsonException)
        {
            // A line that only begins like one.
        }
    }

    private void Read(JsonElement item)
    {
        var (action, test) = (item.Text("Action"), item.Text("Test"));
        if (action == "build-output")
        {
            compiler.Read((item.Text("Output") ?? "").TrimEnd('\n'));
        }
        else if (item.Text("Package") is { } package)
        {
            _isGo = true;
            if (test is not null && action == "run" && test.LastIndexOf('/') is > 0 and var slash)
            {
                _parents.Add((package, test[..slash]));
            }
            else if (action is "pass" or "fail" or "skip")
            {
                if (test is null)
                {
                    _packages[package] = action;
                }
                else
                {
                    _tests[(package, test)] = action;
                }
            }
            else if (action == "output" && test is null && item.Text("Output") is { } output)
            {
                compiler.Read(output.TrimEnd('\n')); // before Go 1.24, and vet
            }
        }
    }

    private TestTally Count()
    {
        var tally = new TestTally();
        foreach (var ((package, test), action) in _tests.Where(one => !_parents.Contains(one.Key)))
        {
            switch (action)
            {
                case "pass":
                    tally.Pass();
                    break;
                case "skip":
                    tally.Skip();
                    break;
                default:
                    tally.Fail($"{package}.{test}");
                    break;
            }
        }

        foreach (var (package, _) in _packages.Where(one => one.Value == "fail" && !_tests.Any(test => test.Key.Package == one.Key && test.Value == "fail")))
        {
            tally.Fail(package);
        }

        return tally;
    }
}
