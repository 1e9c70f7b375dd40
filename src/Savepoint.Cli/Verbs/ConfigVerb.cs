using System.CommandLine;
using System.Text.Json;
using Savepoint.Cli.Output;
using Savepoint.Cli.Settings;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>config</c>: the settings in force, each with where it comes from; <c>config trust</c>: trusts the workspace's own.</summary>
internal sealed class ConfigVerb() : Verb("config", "Show the settings in force and where each comes from, or trust a workspace's own.")
{
    private readonly Argument<string?> _action = new("trust") { Arity = ArgumentArity.ZeroOrOne, Description = "Let the workspace's savepoint.json decide, as it is now. Look at it first." };
    private readonly Option<bool> _revoke = new("--revoke") { Description = "With 'trust': end the trust in it." };

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint config",
        "savepoint config trust            # what savepoint.json sets takes effect, until the file is changed",
        "savepoint config trust --revoke   # and no more",
    ];

    public override string Details => """
        Settings are read from the user's file, $XDG_CONFIG_HOME/savepoint/config.json or else ~/.config/savepoint/config.json,
        then from savepoint.json at the workspace's root, then from the environment; the later wins. Each file is a JSON object:

          storeHome      where the histories are: an absolute path (or the variable SAVEPOINT_HOME)
          scanDeadline   how long a capture of the whole tree may look: "500ms", "5s", "2m", "none"
          maxFileBytes   larger files are named in the coverage, not recorded: a number, or null for no limit
          maxStoreBytes  what a store may take on disk; beyond it old states expire ('gc --help'): a number, null for no limit,
                         or "auto", the smaller of 10 GB and a tenth of the disk
          durability     "process": the death of any process loses nothing; "disk": nor does a power loss
          autoInit       whether a hook installed for the user tracks a repository at its first prompt: true, false
          hookDeadline   how long a hook may hold up an agent's client: "5s"; clients give it ten
          checks         what 'check' runs: {"build": CMD, "test": CMD, "bench": CMD, "timeLimit": "30m"}; "" is not to be run;
                         "onTurnEnd": true runs them in the background when an agent's turn ends, once the file is trusted
          triggers       what a check may lead to: onCompileError, onTestFailure, onPerformanceDrop, onQualityDegradation, each
                         "off", "suggest" or "act"; testFailureThreshold (0.3), performanceDropThreshold (0.2), maxComplexity
                         (10), minMaintainability (20)
          checkpoints    which states get names: onFeatureComplete, beforeMajorRefactor, beforeDependencyUpdate,
                         onComplexityThreshold, each "off", "suggest" or "act"; largeScaleFiles (20), largeScaleShare (0.1),
                         largeScaleShareFiles (5), maxComplexity (10)

        A workspace's own file comes with a clone, and an agent can write it. So it can only make things safer: it may set
        "durability" to "disk". 'config trust' lets it decide limits too, as long as not a byte of it changes.
        """;

    public override void Declare(Command command)
    {
        command.Add(_action);
        command.Add(_revoke);
    }

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var isTrust = invocation.Get(_action) switch
        {
            null => false,
            "trust" => true,
            var other => throw new UsageException($"'config {other}' is nothing that can be done.", "'savepoint config' shows the settings, 'savepoint config trust' trusts the workspace's own."),
        };
        if (invocation.Get(_revoke) && !isTrust)
        {
            throw new UsageException("--revoke ends a trust.", "Write 'savepoint config trust --revoke'.");
        }

        await invocation.FinishInterruptedAsync(cancellationToken).ConfigureAwait(false);
        var root = invocation.FindWorkspace() ?? invocation.NamedDirectory();
        if (isTrust)
        {
            Change(invocation, root);
        }

        var settings = EffectiveSettings.Load(root, invocation.Get(_revoke) ? _ => { } : null);
        if (invocation.Terminal.IsJson)
        {
            Write(invocation.Terminal, settings);
        }
        else if (!isTrust)
        {
            Show(invocation.Terminal, invocation.Paint, settings);
        }

        return ExitCode.Done;
    }

    private void Change(Invocation invocation, string root)
    {
        var storeHome = EffectiveSettings.Load(null).ToOptions().StoreHome;
        if (invocation.Get(_revoke))
        {
            Trust.Revoke(storeHome, root);
            Say(invocation, $"{SafeText.Of(Path.Combine(root, Trust.FileName))} is not trusted.");
            return;
        }

        var trust = EffectiveSettings.Load(root).Trust!;
        if (trust.State == TrustState.Absent)
        {
            throw new SavepointException(ErrorCode.InvalidSettings, $"There is no {Trust.FileName} in {root}, so there is nothing to trust.", "Name its workspace with -C DIR, or write one: 'savepoint config --help' lists what it may set.");
        }

        trust.Grant(storeHome, root, TimeProvider.System.GetUtcNow());
        var settings = EffectiveSettings.Load(root);
        var set = settings.All.Where(setting => setting.Source == trust.File).Select(setting => $"{setting.Key} {SafeText.Of(setting.Value ?? "none")}").ToList();
        Say(invocation, $"{SafeText.Of(trust.File)} is trusted as it is now (SHA-256 {trust.Sha256}), until it is changed.");
        Say(invocation, set.Count == 0 ? "It sets nothing that takes effect." : $"It sets {string.Join(", ", set)}.");
    }

    private static void Say(Invocation invocation, string line)
    {
        if (!invocation.Terminal.IsJson)
        {
            invocation.Terminal.Say(line);
        }
    }

    private static void Write(Terminal terminal, EffectiveSettings settings) => terminal.Json(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("settings");
        foreach (var setting in settings.All)
        {
            json.WriteStartObject();
            json.WriteString("key", setting.Key);
            json.WriteString("value", setting.Value);
            json.WriteString("source", setting.Source);
            json.WriteBoolean("needsTrust", setting.NeedsTrust);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("ignored");
        foreach (var ignored in settings.Ignored)
        {
            json.WriteStartObject();
            json.WriteString("key", ignored.Key);
            json.WriteString("file", ignored.File);
            json.WriteString("reason", ignored.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteTrust(json, settings.Trust);
        json.WriteString("userFile", UserFolders.SettingsFile);
        json.WriteEndObject();
    });

    private static void WriteTrust(Utf8JsonWriter json, Trust? trust)
    {
        if (trust is null)
        {
            json.WriteNull("workspaceFile");
            return;
        }

        json.WriteStartObject("workspaceFile");
        json.WriteString("path", trust.File);
        json.WriteString("trust", NameOf(trust.State));
        json.WriteBoolean("trusted", trust.IsTrusted);
        json.WriteString("sha256", trust.Sha256);
        json.WriteEndObject();
    }

    private static void Show(Terminal terminal, Paint paint, EffectiveSettings settings)
    {
        foreach (var setting in settings.All)
        {
            terminal.Line($"{setting.Key,-33} {SafeText.Of(setting.Value ?? (setting.Key is "checks.build" or "checks.test" ? "as the project suggests" : "none"))}  {paint.Dim($"({SafeText.Of(setting.Source)}{(setting.NeedsTrust ? ", only where you ask for it: the file is not trusted" : "")})")}");
        }

        foreach (var ignored in settings.Ignored)
        {
            terminal.Line($"{SafeText.Of(ignored.Key),-33} ignored in {SafeText.Of(ignored.File)}: {ignored.Reason}");
        }

        if (settings.Trust is { State: not TrustState.Absent } trust)
        {
            terminal.Line($"{SafeText.Of(trust.File)} is {Meaning(trust.State)}");
        }
    }

    private static string NameOf(TrustState state) => state switch
    {
        TrustState.Absent => "absent",
        TrustState.Untrusted => "untrusted",
        TrustState.Changed => "changed",
        _ => "trusted",
    };

    private static string Meaning(TrustState state) => state switch
    {
        TrustState.Trusted => "trusted",
        TrustState.Changed => "changed since it was trusted: look at it, then 'savepoint config trust'",
        _ => "not trusted: look at it, then 'savepoint config trust'",
    };
}
