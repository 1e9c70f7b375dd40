using System.Text.Json;
using Savepoint.Cli.Output;

namespace Savepoint.Cli.Demonstration;

/// <summary>One step that was shown: what a user would type, why, what came of it, and how long it took.</summary>
internal sealed record DemoStep(string Command, string Explanation, string Result, TimeSpan Elapsed);

/// <summary>Tells the demonstration step by step, and keeps what was claimed and whether it held.</summary>
internal sealed class Narrator(Terminal terminal)
{
    private readonly Paint _paint = new(terminal.HasColor);
    private readonly List<DemoStep> _steps = [];
    private readonly List<(string Claim, bool Holds)> _checks = [];
    private (string Command, string Explanation) _current;
    private Progress? _progress;

    public int CheckCount => _checks.Count;

    public int FailedCount => _checks.Count(check => !check.Holds);

    /// <summary>Begins a step.</summary>
    public void Step(string command, string explanation)
    {
        _current = (command, explanation);
        Tell("");
        Tell(_paint.Bold($"$ {command}"));
        Tell($"  {explanation}");
        Rest();
        _progress = Progress.Start(terminal, "working");
    }

    /// <summary>What came of the step, with its numbers.</summary>
    public void Result(string result, TimeSpan elapsed)
    {
        _steps.Add(new DemoStep(_current.Command, _current.Explanation, result, elapsed));
        Tell($"  {result}, in {Quantity.Duration(elapsed)}.");
        Rest();
    }

    /// <summary>A claim that was checked.</summary>
    public void Check(string claim, bool holds)
    {
        _checks.Add((claim, holds));
        Tell($"  {(holds ? _paint.Added("ok") : _paint.Deleted("NOT SO"))}: {claim}");
        Rest();
    }

    /// <summary>A line beside the steps.</summary>
    public void Tell(string line)
    {
        _progress?.Dispose();
        if (!terminal.IsJson)
        {
            terminal.Say(line);
        }
    }

    /// <summary>Shows what is written by others in the middle of a step.</summary>
    public void Show(Action<Terminal> write)
    {
        _progress?.Dispose();
        if (!terminal.IsJson && !terminal.IsQuiet)
        {
            write(terminal);
        }
    }

    /// <summary>No more is to come of the step, however it went.</summary>
    public void End() => _progress?.Dispose();

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartArray("steps");
        foreach (var step in _steps)
        {
            json.WriteStartObject();
            json.WriteString("command", step.Command);
            json.WriteString("explanation", step.Explanation);
            json.WriteString("result", step.Result);
            json.WriteElapsed(step.Elapsed);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("checks");
        foreach (var (claim, holds) in _checks)
        {
            json.WriteStartObject();
            json.WriteString("claim", claim);
            json.WriteBoolean("holds", holds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Whoever watches sees each step when it happens, not all of them at the end.</summary>
    private void Rest() => terminal.Flush();
}
