using Savepoint.Cli.Clients;

namespace Savepoint.Cli.Verbs;

/// <summary><c>uninstall</c>: takes back what <c>install</c> wrote into a client's configuration.</summary>
internal sealed class UninstallVerb() : ClientVerb("uninstall", "Take back what install wrote into a client's configuration.")
{
    public override IReadOnlyList<string> Examples =>
    [
        "savepoint uninstall claude-code          # from this project",
        "savepoint uninstall codex --user         # from the user's own configuration",
    ];

    public override string Details => """
        Only what install wrote is taken out: files that nobody edited since are as they were before, to the byte, and files and
        directories that it made are gone. Recorded histories stay.
        """;

    protected override IReadOnlyList<ConfigPart> Parts(Client client, Installation target) => client.PartsToTakeOut(target);

    protected override FileEdit Plan(ConfigPlan plan, ConfigPart part) => plan.Uninstall(part);

    protected override string Sentence(Client client, Installation target, bool isChange, bool isDryRun) => (isChange, isDryRun) switch
    {
        (false, _) => $"{client.Title} is not set up {Place(target)}: there is nothing to take back.",
        (true, true) => $"To take back what set {client.Title} up {Place(target)}:",
        (true, false) => $"{client.Title} is no longer set up {Place(target)}. A session that is running has to be started anew.",
    };

    protected override IReadOnlyList<string> Notes(Client client, Installation target, bool isChange) => [];
}
