using Savepoint.Cli.Clients;
using Savepoint.Cli.Settings;

namespace Savepoint.Cli.Verbs;

/// <summary><c>install</c>: has an agent's client tell of its work, and gives it our tools.</summary>
internal sealed class InstallVerb() : ClientVerb("install", "Set an agent's client up: its hooks tell Savepoint of its work, and it has Savepoint's tools.")
{
    public override IReadOnlyList<string> Examples =>
    [
        "savepoint install claude-code            # for this project",
        "savepoint install codex --user           # for all projects",
        "savepoint install opencode --dry-run     # what would be written",
    ];

    public override string Details => """
        What else stands in the client's files stays as it is, byte for byte; 'savepoint uninstall' takes out what was put in.
        Repeating it renews what an older version, or one at another place, has written. For a project, the files are the ones
        that people share; Savepoint then records where the project is tracked ('savepoint init'). With --user, a repository
        is tracked at its first prompt, unless the setting autoInit is false.
        """;

    protected override IReadOnlyList<ConfigPart> Parts(Client client, Installation target) => client.Parts(target);

    protected override FileEdit Plan(ConfigPlan plan, ConfigPart part) => plan.Install(part);

    protected override string Sentence(Client client, Installation target, bool isChange, bool isDryRun) => (isChange, isDryRun) switch
    {
        (false, _) => $"{client.Title} is set up {Place(target)} already.",
        (true, true) => $"To set {client.Title} up {Place(target)}:",
        (true, false) => $"{client.Title} is set up {Place(target)}. A session that is running has to be started anew.",
    };

    protected override IReadOnlyList<string> Notes(Client client, Installation target, bool isChange) =>
    [
        .. target.IsUser || SnapshotManager.FindWorkspace(target.Directory, EffectiveSettings.Load(null).ToOptions()) is not null
            ? Array.Empty<string>()
            : [$"{target.Directory} is not tracked yet: 'savepoint init' there starts it"],
        .. client.Advice(target),
    ];
}
