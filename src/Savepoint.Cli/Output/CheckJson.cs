using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>How a check ended, as JSON.</summary>
internal static class CheckJson
{
    /// <summary><c>build</c>, <c>tests</c>, <c>bench</c>, and what they rest on.</summary>
    /// <param name="json">The document.</param>
    /// <param name="result">The result.</param>
    /// <param name="most">How many names and diagnostics at most.</param>
    public static void Write(Utf8JsonWriter json, CheckResult result, int most = int.MaxValue)
    {
        json.WriteString("build", result.Of(CheckKind.Build) is { } build ? JsonNames.Of(build.Outcome) : null);
        WriteTests(json, result, most);
        json.WriteStartArray("bench");
        foreach (var figure in result.Verification.Figures)
        {
            Write(json, figure);
        }

        json.WriteEndArray();
        json.WriteStartArray("commands");
        foreach (var command in result.Commands)
        {
            Write(json, command, most);
        }

        json.WriteEndArray();
    }

    private static void WriteTests(Utf8JsonWriter json, CheckResult result, int most)
    {
        if (result.Of(CheckKind.Test) is not { } test)
        {
            json.WriteNull("tests");
            return;
        }

        json.WriteStartObject("tests");
        json.WriteString("outcome", JsonNames.Of(test.Outcome));
        json.WriteNumberOrNull("passed", test.Tests?.Passed);
        json.WriteNumberOrNull("failed", test.Tests?.Failed);
        json.WriteNumberOrNull("skipped", test.Tests?.Skipped);
        WriteNames(json, "failing", test.FailingTests, most);
        WriteNames(json, "newlyFailing", result.NewlyFailing, most);
        json.WriteSnapshot("baseline", result.Baseline?.Snapshot);
        json.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter json, string name, IReadOnlyList<string>? names, int most)
    {
        if (names is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartArray(name);
        foreach (var one in names.Take(most))
        {
            json.WriteStringValue(one);
        }

        json.WriteEndArray();
    }

    /// <summary>A figure as an object.</summary>
    public static void Write(Utf8JsonWriter json, Figure figure)
    {
        json.WriteStartObject();
        json.WriteString("name", figure.Name);
        json.WriteNumber("value", figure.Value);
        json.WriteString("unit", figure.Unit);
        if (figure.Spread is { } spread)
        {
            json.WriteNumber("spread", spread);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, CheckedCommand command, int most)
    {
        json.WriteStartObject();
        json.WriteString("kind", JsonNames.Of(command.Kind));
        json.WriteString("command", command.Command);
        json.WriteString("outcome", JsonNames.Of(command.Outcome));
        json.WriteNumberOrNull("exitCode", command.ExitCode);
        json.WriteBoolean("timedOut", command.IsTimedOut);
        json.WriteNumber("durationMs", Math.Round(command.Duration.TotalMilliseconds, 3));
        json.WriteString("reason", command.Reason);
        json.WriteString("source", command.Source);
        json.WriteNumber("errors", command.ErrorCount);
        json.WriteNumber("warnings", command.WarningCount);
        json.WriteStartArray("diagnostics");
        foreach (var diagnostic in command.Diagnostics.Take(most))
        {
            Write(json, diagnostic);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Diagnostic diagnostic)
    {
        json.WriteStartObject();
        json.WriteString("severity", diagnostic.Severity == DiagnosticSeverity.Error ? "error" : "warning");
        json.WriteString("file", diagnostic.File);
        json.WriteNumberOrNull("line", diagnostic.Line);
        json.WriteNumberOrNull("column", diagnostic.Column);
        json.WriteString("code", diagnostic.Code);
        json.WriteString("message", diagnostic.Message);
        json.WriteEndObject();
    }
}
