using Savepoint.Cli.Output;
using Savepoint.Cli.Settings;

namespace Savepoint.Cli.Verbs;

/// <summary><c>config</c>: the settings in force, each with where it comes from.</summary>
internal sealed class ConfigVerb() : Verb("config", "Show the settings in force and where each comes from.")
{
    public override IReadOnlyList<string> Examples => ["savepoint config", "savepoint config --json"];

    public override string Details => """
        Settings are read from the user's file, then from savepoint.json at the workspace's root, then from the environment;
        the later wins. Each file is a JSON object:

          storeHome      where the histories are: an absolute path (or the variable SAVEPOINT_HOME)
          scanDeadline   how long a capture of the whole tree may look: "500ms", "5s", "2m", "none"
          maxFileBytes   larger files are named in the coverage, not recorded: a number, or null for no limit
          durability     "process": the death of any process loses nothing; "disk": nor does a power loss
          autoInit       whether a hook installed for the user tracks a repository at its first prompt: true, false

        A workspace's own file comes with a clone, so it can only make things safer: it may set "durability" to "disk".
        """;

    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var root = invocation.FindWorkspace() ?? invocation.NamedDirectory();
        var settings = EffectiveSettings.Load(root);
        if (invocation.Terminal.IsJson)
        {
            Write(invocation.Terminal, settings);
        }
        else
        {
            Show(invocation.Terminal, invocation.Paint, settings);
        }

        return Task.FromResult(ExitCode.Done);
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
        json.WriteString("userFile", UserFolders.SettingsFile);
        json.WriteEndObject();
    });

    private static void Show(Terminal terminal, Paint paint, EffectiveSettings settings)
    {
        foreach (var setting in settings.All)
        {
            terminal.Line($"{setting.Key,-13} {SafeText.Of(setting.Value ?? "none")}  {paint.Dim($"({SafeText.Of(setting.Source)})")}");
        }

        foreach (var ignored in settings.Ignored)
        {
            terminal.Line($"{SafeText.Of(ignored.Key),-13} ignored in {SafeText.Of(ignored.File)}: {ignored.Reason}");
        }
    }
}
