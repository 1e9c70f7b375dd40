using System.Globalization;
using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Policies;

/// <summary>The members of <see cref="CheckSignals"/> as JSON. Part of <see cref="SignalText"/>.</summary>
internal static class CheckSignalText
{
    public static void Write(Utf8JsonWriter json, CheckSignals signals)
    {
        json.WriteNumber("snapshot", signals.Snapshot.Value);
        json.WriteNumber("build", (int)signals.Build);
        SignalText.WriteTexts(json, "errors", signals.Errors);
        if (signals.Tests is { } tests)
        {
            WriteTests(json, tests);
        }

        json.WriteStartArray("benchmarks");
        foreach (var benchmark in signals.Benchmarks)
        {
            WriteBenchmark(json, benchmark);
        }

        json.WriteEndArray();
        WriteFunctions(json, signals.Functions);
        WriteTargets(json, "workingStates", signals.WorkingStates);
        WriteTargets(json, "testedStates", signals.TestedStates);
        WriteTargets(json, "fastStates", signals.FastStates);
        if (signals.PassedBefore is { } passed)
        {
            json.WriteBoolean("passedBefore", passed);
        }

        WritePrior(json, "open", signals.Open);
        WritePrior(json, "acted", signals.Acted);
        json.WriteString("unverifiedDependencies", signals.UnverifiedDependencies);
    }

    public static CheckSignals Read(JsonElement signals) => new()
    {
        Snapshot = SignalText.Number(signals, "snapshot"),
        Build = (BuildResult)signals.GetProperty("build").GetInt32(),
        Errors = SignalText.ReadTexts(signals, "errors"),
        Tests = signals.TryGetProperty("tests", out var tests) ? ReadTests(tests) : null,
        Benchmarks = [.. signals.GetProperty("benchmarks").EnumerateArray().Select(ReadBenchmark)],
        Functions = ReadFunctions(signals),
        WorkingStates = ReadTargets(signals, "workingStates"),
        TestedStates = ReadTargets(signals, "testedStates"),
        FastStates = ReadTargets(signals, "fastStates"),
        PassedBefore = signals.TryGetProperty("passedBefore", out var passed) ? passed.GetBoolean() : null,
        Open = ReadPrior(signals, "open"),
        Acted = ReadPrior(signals, "acted"),
        UnverifiedDependencies = signals.GetProperty("unverifiedDependencies").GetString(),
    };

    public static void WriteFunctions(Utf8JsonWriter json, IReadOnlyList<FunctionChange> functions)
    {
        json.WriteStartArray("functions");
        foreach (var function in functions)
        {
            json.WriteStartObject();
            json.WriteString("path", function.Path.ToString());
            if (function.Before is { } before)
            {
                WriteMetrics(json, "before", before);
            }

            WriteMetrics(json, "after", function.After);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static List<FunctionChange> ReadFunctions(JsonElement signals) => [.. signals.GetProperty("functions").EnumerateArray().Select(function => new FunctionChange(
        WorkspacePath.Parse(function.GetProperty("path").GetString()!),
        function.TryGetProperty("before", out var before) ? ReadMetrics(before) : null,
        ReadMetrics(function.GetProperty("after"))))];

    private static void WriteTests(Utf8JsonWriter json, TestSignals tests)
    {
        json.WriteStartObject("tests");
        json.WriteBoolean("isPassed", tests.IsPassed);
        json.WriteBoolean("isCounted", tests.IsCounted);
        json.WriteNumber("passed", tests.Passed);
        json.WriteNumber("failed", tests.Failed);
        SignalText.WriteTexts(json, "newlyFailing", tests.NewlyFailing);
        if (tests.PassedAtBaseline is { } passed)
        {
            json.WriteNumber("passedAtBaseline", passed);
        }

        json.WriteEndObject();
    }

    private static TestSignals ReadTests(JsonElement tests) => new(
        tests.GetProperty("isPassed").GetBoolean(), tests.GetProperty("isCounted").GetBoolean(), tests.GetProperty("passed").GetInt64(), tests.GetProperty("failed").GetInt64(),
        SignalText.ReadTexts(tests, "newlyFailing"), tests.TryGetProperty("passedAtBaseline", out var passed) ? passed.GetInt64() : null);

    private static void WriteBenchmark(Utf8JsonWriter json, BenchmarkSignal benchmark)
    {
        json.WriteStartObject();
        json.WriteString("name", benchmark.Name);
        json.WriteNumber("median", benchmark.Median);
        WriteOptional(json, "spread", benchmark.Spread);
        json.WriteNumber("baselineMedian", benchmark.BaselineMedian);
        WriteOptional(json, "baselineSpread", benchmark.BaselineSpread);
        json.WriteBoolean("isMoreBetter", benchmark.IsMoreBetter);
        if (benchmark.Step is { } step)
        {
            json.WriteStartObject("step");
            json.WriteNumber("before", step.Before.Value);
            json.WriteNumber("slowdown", step.Slowdown);
            json.WriteNumber("noise", step.Noise);
            json.WriteBoolean("isBeside", step.IsBeside);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static BenchmarkSignal ReadBenchmark(JsonElement benchmark) => new(
        benchmark.GetProperty("name").GetString()!, benchmark.GetProperty("median").GetDouble(), ReadOptional(benchmark, "spread"),
        benchmark.GetProperty("baselineMedian").GetDouble(), ReadOptional(benchmark, "baselineSpread"), benchmark.GetProperty("isMoreBetter").GetBoolean())
    {
        Step = benchmark.TryGetProperty("step", out var step)
            ? new BenchmarkStep(SignalText.Number(step, "before"), step.GetProperty("slowdown").GetDouble(), step.GetProperty("noise").GetDouble(), step.GetProperty("isBeside").GetBoolean())
            : null,
    };

    // A hash is 64 bits, more than a JSON number can be trusted with.
    private static void WriteMetrics(Utf8JsonWriter json, string name, FunctionMetrics metrics)
    {
        json.WriteStartObject(name);
        json.WriteString("name", metrics.Name);
        json.WriteNumber("line", metrics.Line);
        json.WriteNumber("lines", metrics.LineCount);
        json.WriteNumber("complexity", metrics.Complexity);
        json.WriteNumber("maintainability", metrics.Maintainability);
        json.WriteString("body", metrics.BodyHash.ToString("x16", CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    private static FunctionMetrics ReadMetrics(JsonElement metrics) => new(
        metrics.GetProperty("name").GetString()!, metrics.GetProperty("line").GetInt32(), metrics.GetProperty("lines").GetInt32(), metrics.GetProperty("complexity").GetInt32(),
        metrics.GetProperty("maintainability").GetInt32(), ulong.Parse(metrics.GetProperty("body").GetString()!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));

    private static void WriteTargets(Utf8JsonWriter json, string name, IReadOnlyList<RollbackTarget> targets)
    {
        json.WriteStartArray(name);
        foreach (var target in targets)
        {
            json.WriteStartObject();
            json.WriteNumber("snapshot", target.Snapshot.Value);
            json.WriteBoolean("isRejected", target.IsRejected);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static List<RollbackTarget> ReadTargets(JsonElement signals, string name) =>
        [.. signals.GetProperty(name).EnumerateArray().Select(target => new RollbackTarget(SignalText.Number(target, "snapshot"), target.GetProperty("isRejected").GetBoolean()))];

    private static void WritePrior(Utf8JsonWriter json, string name, IReadOnlyList<PriorDecision> decisions)
    {
        json.WriteStartArray(name);
        foreach (var decision in decisions)
        {
            json.WriteStartObject();
            json.WriteNumber("id", decision.Id);
            json.WriteString("rule", decision.Rule);
            json.WriteString("cause", decision.Cause);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static List<PriorDecision> ReadPrior(JsonElement signals, string name) =>
        [.. signals.GetProperty(name).EnumerateArray().Select(decision => new PriorDecision(decision.GetProperty("id").GetInt64(), decision.GetProperty("rule").GetString()!, decision.GetProperty("cause").GetString()!))];

    private static void WriteOptional(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, known);
        }
    }

    private static double? ReadOptional(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetDouble() : null;
}
