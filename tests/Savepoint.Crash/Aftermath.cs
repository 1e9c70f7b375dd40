namespace Savepoint.Crash;

/// <summary>
/// Looks at everything after a death or a failure: whether the next command, asked for nothing of the kind, leaves a whole
/// tree and a sound store, and whether what was acknowledged is there, byte for byte. What it gives are the losses.
/// </summary>
internal sealed class Aftermath(Stage stage)
{
    private static readonly string[][] AnyVerbs = [["status"], ["log", "-n", "3"], ["diff", "--stat"], ["labels"]];

    private readonly World _world = stage.World;
    private int _next;

    /// <summary>What is wrong; empty if nothing is.</summary>
    public List<string> Losses(Ended ended)
    {
        var losses = new List<string>();
        var next = stage.Scenario.BeginsUntracked ? stage.Scenario.Repeat! : AnyVerbs[_next++ % AnyVerbs.Length];
        Expect(losses, "the next command", _world.Run(next));
        var tree = _world.Tree();
        if (tree.Temporary().ToList() is [_, ..] temporary)
        {
            losses.Add($"left behind in the tree: {string.Join(", ", temporary)}");
        }
        else if (!IsWhole(tree, ended))
        {
            losses.Add($"the tree is neither as before nor as after: {tree.Difference(stage.Before)} || {tree.Difference(stage.After)}");
        }

        losses.AddRange(StrangeFiles().Select(file => $"left behind in the store: {file}"));
        Expect(losses, "verify", _world.Run("verify", "--deep"));
        losses.AddRange(stage.History.Acknowledged.SelectMany(state => Lost(state.Number, state.Tree)));
        losses.AddRange(Stage.AcknowledgedBy(ended).SelectMany(edit => Recorded(edit.Number) is { } state && state.Holds(System.Text.Encoding.UTF8.GetBytes(edit.Text)) ? [] : new[] { $"snapshot {edit.Number}, which it had acknowledged, does not hold '{edit.Text.Trim()}'" }));
        if (losses.Count == 0)
        {
            GoOn(losses);
        }

        return losses;
    }

    /// <summary>
    /// Whether a tree is that before the verb or that after it. A rollback leaves a file that cannot be read as it is, and says
    /// so: it is not verified then.
    /// </summary>
    public bool IsWhole(TreeManifest tree, Ended ended) => tree.Equals(stage.Before) || tree.Equals(stage.After)
        || ((stage.Scenario.HasManySteps || SaysWhatIsLeft(ended)) && tree.IsMixOf(stage.Before, stage.After));

    /// <summary>Whether it is done but for files that it names.</summary>
    public static bool SaysWhatIsLeft(Ended ended) =>
        ended.ExitCode == 0 && ended.Output.Contains("\"verified\":false", StringComparison.Ordinal) && ended.Output.Contains("cannot be read", StringComparison.Ordinal);

    /// <summary>The verb again, and a capture: the history is one to go on with.</summary>
    private void GoOn(List<string> losses)
    {
        if (stage.Scenario.Repeat is { } repeat)
        {
            Expect(losses, "the same verb again", _world.Run(repeat));
            var tree = _world.Tree();
            if (!tree.Equals(stage.After) && stage.Scenario.Arguments[0] == repeat[0])
            {
                losses.Add($"the same verb again leaves another tree: {tree.Difference(stage.After)}");
            }
        }

        Expect(losses, "a capture", _world.Run("capture", "--quiet"));
        // Where the ignore file could not be read, what it names was recorded too, as well it may.
        var (recorded, stands) = (Recorded("@")?.Without(History.Ignored), _world.Tree().Without(History.Ignored));
        if (!stands.Equals(recorded))
        {
            losses.Add($"a capture does not hold the tree: {(recorded is null ? "it cannot be read" : stands.Difference(recorded))}");
        }
    }

    private IEnumerable<string> Lost(long number, TreeManifest tree) => Recorded(number) switch
    {
        null => [$"snapshot {number} cannot be read"],
        var recorded when !recorded.Equals(tree) => [$"snapshot {number} is another: {recorded.Difference(tree)}"],
        _ => [],
    };

    private TreeManifest? Recorded(object revision)
    {
        try
        {
            return _world.Recorded($"{revision}");
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static void Expect(List<string> losses, string what, Ended ended)
    {
        if (ended.ExitCode != 0)
        {
            losses.Add($"{what} ended with {ended.ExitCode}: {ended.Error.Trim()}{ended.Output.Trim()}");
        }
    }

    /// <summary>Files and folders of the store that no living process needs (docs/file-format.md, Folders and files).</summary>
    private IEnumerable<string> StrangeFiles()
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(_world.Stores, "*", SearchOption.AllDirectories).Select(entry => Path.GetRelativePath(_world.Stores, entry)))
        {
            var isKnown = entry.Split('/') switch
            {
                ["lock"] => true,
                [var folder] => folder == StoreFolder(),
                [_, "workspace.json" or "store.db" or "store.db-wal" or "store.db-shm" or "lock" or "watch" or "milestones" or "index-main" or "index-main-turns"] => true,
                [_, "milestones", "lock"] => true,
                [_, "milestones", var archive] => archive.EndsWith(".l3", StringComparison.Ordinal),
                _ => false,
            };
            if (!isKnown)
            {
                yield return entry;
            }
        }
    }

    private string? StoreFolder() => Directory.EnumerateDirectories(_world.Stores).Where(folder => File.Exists(Path.Combine(folder, "store.db"))).Select(Path.GetFileName).FirstOrDefault();
}
