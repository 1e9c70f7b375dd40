using System.Buffers;
using System.Text;
using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Policies;

/// <summary>
/// A policy and the signals that it judged, as one JSON object: what a decision's record holds, so that the decision can be
/// made again. What a field means stands with its property.
/// </summary>
internal static class SignalText
{
    public static string Write(PolicyOptions policy, CheckSignals signals) => Write(policy, "check", json => CheckSignalText.Write(json, signals));

    public static string Write(PolicyOptions policy, CaptureSignals signals) => Write(policy, "capture", json =>
    {
        json.WriteNumber("snapshot", signals.Snapshot.Value);
        json.WriteNumber("before", signals.Before.Value);
        json.WriteNumber("changedFiles", signals.ChangedFiles);
        json.WriteNumber("movedFiles", signals.MovedFiles);
        if (signals.TreeFiles is { } files)
        {
            json.WriteNumber("treeFiles", files);
        }

        WriteTexts(json, "manifests", signals.Manifests);
        json.WriteString("unverifiedDependencies", signals.UnverifiedDependencies);
    });

    public static string Write(PolicyOptions policy, FunctionSignals signals) => Write(policy, "functions", json =>
    {
        json.WriteNumber("snapshot", signals.Snapshot.Value);
        json.WriteNumber("before", signals.Before.Value);
        CheckSignalText.WriteFunctions(json, signals.Functions);
    });

    /// <summary>Whether a decision was made of a check.</summary>
    public static bool IsOfCheck(string text) => text.StartsWith("{\"kind\":\"check\"", StringComparison.Ordinal);

    /// <summary>The policy and the signals, which are of one of the three kinds; null if the text is empty.</summary>
    /// <exception cref="FormatException">It is no such text.</exception>
    public static (PolicyOptions Policy, object Signals)? Read(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            var policy = ReadPolicy(root.GetProperty("policy"));
            var signals = root.GetProperty("signals");
            return root.GetProperty("kind").GetString() switch
            {
                "check" => (policy, CheckSignalText.Read(signals)),
                "capture" => (policy, ReadCapture(signals)),
                "functions" => (policy, new FunctionSignals { Snapshot = Number(signals, "snapshot"), Before = Number(signals, "before"), Functions = CheckSignalText.ReadFunctions(signals) }),
                var kind => throw new FormatException($"Signals of the kind '{kind}' are not known."),
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException("The signals of a decision cannot be read.", e);
        }
    }

    internal static SnapshotNumber Number(JsonElement element, string name) => new(element.GetProperty(name).GetInt64());

    internal static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    internal static List<string> ReadTexts(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];

    private static CaptureSignals ReadCapture(JsonElement signals) => new()
    {
        Snapshot = Number(signals, "snapshot"),
        Before = Number(signals, "before"),
        ChangedFiles = signals.GetProperty("changedFiles").GetInt32(),
        MovedFiles = signals.GetProperty("movedFiles").GetInt32(),
        TreeFiles = signals.TryGetProperty("treeFiles", out var files) ? files.GetInt64() : null,
        Manifests = ReadTexts(signals, "manifests"),
        UnverifiedDependencies = signals.GetProperty("unverifiedDependencies").GetString(),
    };

    private static string Write(PolicyOptions policy, string kind, Action<Utf8JsonWriter> signals)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("kind", kind);
            WritePolicy(json, policy);
            json.WriteStartObject("signals");
            signals(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WritePolicy(Utf8JsonWriter json, PolicyOptions policy)
    {
        var (rollback, checkpoints) = (policy.Rollback, policy.Checkpoints);
        json.WriteStartObject("policy");
        json.WriteNumber(PolicyRule.CompileError, (int)rollback.OnCompileError);
        json.WriteNumber(PolicyRule.TestFailure, (int)rollback.OnTestFailure);
        json.WriteNumber(PolicyRule.PerformanceDrop, (int)rollback.OnPerformanceDrop);
        json.WriteNumber(PolicyRule.QualityDegradation, (int)rollback.OnQualityDegradation);
        json.WriteNumber("testFailureThreshold", rollback.TestFailureThreshold);
        json.WriteNumber("performanceDropThreshold", rollback.PerformanceDropThreshold);
        json.WriteNumber("maxComplexity", rollback.MaxComplexity);
        json.WriteNumber("minMaintainability", rollback.MinMaintainability);
        json.WriteNumber(PolicyRule.FeatureComplete, (int)checkpoints.OnFeatureComplete);
        json.WriteNumber(PolicyRule.MajorRefactor, (int)checkpoints.BeforeMajorRefactor);
        json.WriteNumber(PolicyRule.DependencyUpdate, (int)checkpoints.BeforeDependencyUpdate);
        json.WriteNumber(PolicyRule.ComplexityThreshold, (int)checkpoints.OnComplexityThreshold);
        json.WriteNumber("largeScaleFiles", checkpoints.LargeScaleFiles);
        json.WriteNumber("largeScaleShare", checkpoints.LargeScaleShare);
        json.WriteNumber("largeScaleShareFiles", checkpoints.LargeScaleShareFiles);
        json.WriteNumber("checkpointComplexity", checkpoints.MaxComplexity);
        json.WriteEndObject();
    }

    private static PolicyOptions ReadPolicy(JsonElement policy)
    {
        PolicyMode Mode(string rule) => (PolicyMode)policy.GetProperty(rule).GetInt32();
        return new PolicyOptions
        {
            Rollback = new RollbackPolicy
            {
                OnCompileError = Mode(PolicyRule.CompileError),
                OnTestFailure = Mode(PolicyRule.TestFailure),
                OnPerformanceDrop = Mode(PolicyRule.PerformanceDrop),
                OnQualityDegradation = Mode(PolicyRule.QualityDegradation),
                TestFailureThreshold = policy.GetProperty("testFailureThreshold").GetDouble(),
                PerformanceDropThreshold = policy.GetProperty("performanceDropThreshold").GetDouble(),
                MaxComplexity = policy.GetProperty("maxComplexity").GetInt32(),
                MinMaintainability = policy.GetProperty("minMaintainability").GetInt32(),
            },
            Checkpoints = new CheckpointPolicy
            {
                OnFeatureComplete = Mode(PolicyRule.FeatureComplete),
                BeforeMajorRefactor = Mode(PolicyRule.MajorRefactor),
                BeforeDependencyUpdate = Mode(PolicyRule.DependencyUpdate),
                OnComplexityThreshold = Mode(PolicyRule.ComplexityThreshold),
                LargeScaleFiles = policy.GetProperty("largeScaleFiles").GetInt32(),
                LargeScaleShare = policy.GetProperty("largeScaleShare").GetDouble(),
                LargeScaleShareFiles = policy.GetProperty("largeScaleShareFiles").GetInt32(),
                MaxComplexity = policy.GetProperty("checkpointComplexity").GetInt32(),
            },
        };
    }
}
