using Savepoint.Model;

namespace Savepoint.Cli.Settings;

/// <summary>
/// What the settings say of checks. <c>check</c> runs what an untrusted savepoint.json says, as <c>make</c> runs a Makefile: somebody asks for it.
/// Hooks, the background and agents' calls need the file's trust.
/// </summary>
/// <param name="Build">The command that builds; null if none is set, empty if none is to be run.</param>
/// <param name="Test">The command that tests; likewise.</param>
/// <param name="Bench">The command that measures; likewise.</param>
/// <param name="TimeLimit">How long each may run.</param>
internal sealed record CheckSettings(string? Build, string? Test, string? Bench, TimeSpan TimeLimit)
{
    /// <param name="settings">The settings of the workspace.</param>
    /// <param name="isAsked">Whether a user asks for the check.</param>
    public static CheckSettings Of(EffectiveSettings settings, bool isAsked) => new(
        settings.Value("checks.build", isAsked),
        settings.Value("checks.test", isAsked),
        settings.Value("checks.bench", isAsked),
        DurationSetting.TryParse(settings.Value("checks.timeLimit", isAsked)!)!.Value);

    /// <summary>The commands that are set, and for those that are not what the project suggests.</summary>
    public CheckCommands Commands(CheckCommands suggested) => new(Of(Build, suggested.Build), Of(Test, suggested.Test), Of(Bench, suggested.Bench));

    private static string? Of(string? set, string? suggested) => set is null ? suggested : set.Length == 0 ? null : set;
}
