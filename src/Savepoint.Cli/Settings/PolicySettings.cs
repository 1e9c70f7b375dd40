using System.Globalization;
using System.Text.Json;
using Savepoint.Model;
using Savepoint.Policies;

namespace Savepoint.Cli.Settings;

/// <summary>The settings of the policies: the objects <c>triggers</c> and <c>checkpoints</c>, each rule by the seed's name, each threshold beside it.</summary>
internal static class PolicySettings
{
    public const string Triggers = "triggers.";
    private const string Checkpoints = "checkpoints.";

    private static readonly PolicyOptions Defaults = new();

    /// <summary>
    /// All of them. The defaults suggest rollbacks, and make checkpoints, which change nothing in the tree.
    /// </summary>
    public static IReadOnlyList<PolicySetting> All { get; } =
    [
        PolicySetting.OfMode(Triggers + PolicyRule.CompileError, "suggest"),
        PolicySetting.OfMode(Triggers + PolicyRule.TestFailure, "suggest"),
        PolicySetting.OfNumber(Triggers + "testFailureThreshold", 0, 1, Defaults.Rollback.TestFailureThreshold),
        PolicySetting.OfMode(Triggers + PolicyRule.PerformanceDrop, "suggest"),
        PolicySetting.OfNumber(Triggers + "performanceDropThreshold", 0.001, 1000, Defaults.Rollback.PerformanceDropThreshold),
        PolicySetting.OfMode(Triggers + PolicyRule.QualityDegradation, "suggest"),
        PolicySetting.OfWhole(Triggers + "maxComplexity", 1, 10_000, Defaults.Rollback.MaxComplexity),
        PolicySetting.OfWhole(Triggers + "minMaintainability", 0, 100, Defaults.Rollback.MinMaintainability),
        PolicySetting.OfMode(Checkpoints + PolicyRule.FeatureComplete, "act"),
        PolicySetting.OfMode(Checkpoints + PolicyRule.MajorRefactor, "act"),
        PolicySetting.OfWhole(Checkpoints + "largeScaleFiles", 1, 1_000_000, Defaults.Checkpoints.LargeScaleFiles),
        PolicySetting.OfNumber(Checkpoints + "largeScaleShare", 0.001, 1, Defaults.Checkpoints.LargeScaleShare),
        PolicySetting.OfWhole(Checkpoints + "largeScaleShareFiles", 1, 1_000_000, Defaults.Checkpoints.LargeScaleShareFiles),
        PolicySetting.OfMode(Checkpoints + PolicyRule.DependencyUpdate, "act"),
        PolicySetting.OfMode(Checkpoints + PolicyRule.ComplexityThreshold, "suggest"),
        PolicySetting.OfWhole(Checkpoints + "maxComplexity", 1, 10_000, Defaults.Checkpoints.MaxComplexity),
    ];

    /// <summary>The settings as the library takes them.</summary>
    /// <param name="value">The value in force, by a setting's name.</param>
    public static PolicyOptions ToOptions(Func<string, string> value)
    {
        PolicyMode Mode(string name) => Enum.Parse<PolicyMode>(value(name), ignoreCase: true);
        double Number(string name) => double.Parse(value(name), CultureInfo.InvariantCulture);
        int Whole(string name) => int.Parse(value(name), CultureInfo.InvariantCulture);
        return new PolicyOptions
        {
            Rollback = new RollbackPolicy
            {
                OnCompileError = Mode(Triggers + PolicyRule.CompileError),
                OnTestFailure = Mode(Triggers + PolicyRule.TestFailure),
                OnPerformanceDrop = Mode(Triggers + PolicyRule.PerformanceDrop),
                OnQualityDegradation = Mode(Triggers + PolicyRule.QualityDegradation),
                TestFailureThreshold = Number(Triggers + "testFailureThreshold"),
                PerformanceDropThreshold = Number(Triggers + "performanceDropThreshold"),
                MaxComplexity = Whole(Triggers + "maxComplexity"),
                MinMaintainability = Whole(Triggers + "minMaintainability"),
            },
            Checkpoints = new CheckpointPolicy
            {
                OnFeatureComplete = Mode(Checkpoints + PolicyRule.FeatureComplete),
                BeforeMajorRefactor = Mode(Checkpoints + PolicyRule.MajorRefactor),
                BeforeDependencyUpdate = Mode(Checkpoints + PolicyRule.DependencyUpdate),
                OnComplexityThreshold = Mode(Checkpoints + PolicyRule.ComplexityThreshold),
                LargeScaleFiles = Whole(Checkpoints + "largeScaleFiles"),
                LargeScaleShare = Number(Checkpoints + "largeScaleShare"),
                LargeScaleShareFiles = Whole(Checkpoints + "largeScaleShareFiles"),
                MaxComplexity = Whole(Checkpoints + "maxComplexity"),
            },
        };
    }
}

/// <summary>One setting of the policies.</summary>
/// <param name="Name">Its name, <c>a.b</c> for the member b of the object a.</param>
/// <param name="Default">Its value where no file says anything.</param>
/// <param name="Expected">What it takes, as the end of "… is expected".</param>
/// <param name="Read">The value in the form that <c>config</c> shows; null for what is none.</param>
internal sealed record PolicySetting(string Name, string Default, string Expected, Func<JsonElement, string?> Read)
{
    /// <summary>Who decides it: triggers are for when a user asks for a check, checkpoints are made whoever records.</summary>
    public SettingRight Right => Name.StartsWith(PolicySettings.Triggers, StringComparison.Ordinal) ? SettingRight.Command : SettingRight.Trusted;

    public static PolicySetting OfMode(string name, string standard) => new(
        name, standard, "\"off\", \"suggest\" or \"act\"", value => value.ValueKind == JsonValueKind.String && value.GetString() is "off" or "suggest" or "act" ? value.GetString() : null);

    public static PolicySetting OfNumber(string name, double least, double most, double standard) => new(
        name, Text(standard), $"a number from {Text(least)} to {Text(most)}", value => value.ValueKind == JsonValueKind.Number && value.GetDouble() is var number && number >= least && number <= most ? Text(number) : null);

    public static PolicySetting OfWhole(string name, int least, int most, int standard) => new(
        name, Text(standard), $"a whole number from {least} to {most}", value => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most ? Text(number) : null);

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
