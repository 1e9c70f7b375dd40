namespace Savepoint.Cli.Verbs;

/// <summary>All verbs by name. A verb is made only when it is looked up.</summary>
internal static class VerbTable
{
    /// <summary>The verbs' names by what they are for, in the order of the help.</summary>
    public static IReadOnlyList<(string Title, string[] Names)> Groups { get; } =
    [
        ("The main job", ["init", "capture", "run", "watch", "status", "log", "show", "diff", "cat", "blame", "undo", "redo", "rollback", "revert"]),
        ("Trying things", ["branch", "merge", "try", "experiments", "check", "decisions", "bisect"]),
        ("Names", ["checkpoint", "milestone", "labels", "unlabel"]),
        ("Agents", ["install", "uninstall", "hook", "mcp", "events"]),
        ("Keeping house", ["verify", "repair", "compact", "gc", "forget", "stats", "export", "sessions", "stores", "untrack", "config", "doctor", "completion", "demo"]),
    ];

    /// <summary>The verb of this name; null if there is none.</summary>
    public static Verb? Find(string name) => name switch
    {
        "init" => new InitVerb(),
        "capture" => new CaptureVerb(),
        "run" => new RunVerb(),
        "watch" => new WatchVerb(),
        "status" => new StatusVerb(),
        "log" => new LogVerb(),
        "show" => new ShowVerb(),
        "diff" => new DiffVerb(),
        "cat" => new CatVerb(),
        "blame" => new BlameVerb(),
        "undo" => new UndoVerb(),
        "redo" => new RedoVerb(),
        "rollback" => new RollbackVerb(),
        "revert" => new RevertVerb(),
        "branch" => new BranchVerb(),
        "merge" => new MergeVerb(),
        "try" => new TryVerb(),
        "experiments" => new ExperimentsVerb(),
        "bisect" => new BisectVerb(),
        "check" => new CheckVerb(),
        "checkpoint" => new CheckpointVerb(),
        "milestone" => new MilestoneVerb(),
        "labels" => new LabelsVerb(),
        "unlabel" => new UnlabelVerb(),
        "decisions" => new DecisionsVerb(),
        "install" => new InstallVerb(),
        "uninstall" => new UninstallVerb(),
        "hook" => new HookVerb(),
        "mcp" => new McpVerb(),
        "events" => new EventsVerb(),
        "verify" => new VerifyVerb(),
        "repair" => new RepairVerb(),
        "compact" => new CompactVerb(),
        "gc" => new GcVerb(),
        "forget" => new ForgetVerb(),
        "stats" => new StatsVerb(),
        "export" => new ExportVerb(),
        "sessions" => new SessionsVerb(),
        "stores" => new StoresVerb(),
        "untrack" => new UntrackVerb(),
        "config" => new ConfigVerb(),
        "doctor" => new DoctorVerb(),
        "completion" => new CompletionVerb(),
        "demo" => new DemoVerb(),
        _ => null,
    };

    /// <summary>The verb that a mistyped word most likely meant; null if none is near.</summary>
    public static string? Nearest(string word) => Groups.SelectMany(group => group.Names)
        .Select(name => (Name: name, Shared: SharedPairs(name, word)))
        .Where(candidate => candidate.Shared >= 0.4)
        .OrderByDescending(candidate => candidate.Shared)
        .Select(candidate => candidate.Name)
        .FirstOrDefault();

    /// <summary>Dice's coefficient over the pairs of neighbouring letters, 0 to 1.</summary>
    private static double SharedPairs(string x, string y)
    {
        var (pairsOfX, pairsOfY) = (Pairs(x), Pairs(y));
        return 2.0 * pairsOfX.Intersect(pairsOfY).Count() / (pairsOfX.Count + pairsOfY.Count);
    }

    private static HashSet<(char, char)> Pairs(string word) => [.. $"^{word}$".Zip($"{word}$")];
}
