namespace Savepoint.Storage.Repair;

/// <summary>
/// What is lost where a table could not all be read, in plain words. Of the tables that snapshots are made of it is told by what no hash
/// fits any more, snapshot by snapshot, and nothing is lost if an archive has it: of the others nobody could tell which rows there were.
/// </summary>
internal static class TornTables
{
    /// <summary>The numbers that were given of rows that are counted.</summary>
    public const string Sequences = "sqlite_sequence";

    private const string ToldBySnapshots = "paths contents packs actors git_heads snapshots changes";

    private static readonly Dictionary<string, string> Costs = new(StringComparer.Ordinal)
    {
        ["branches"] = "what branches are called and where they began; one whose name nothing else tells is recovered-NUMBER",
        ["labels"] = "names of states are gone, and what only they kept may expire",
        ["working_copies"] = "where branches are worked on is told by what is on the disk; one that was deleted may be listed again, until it is deleted again",
        ["frozen_bases"] = "which frozen copies there are for overlays to lie on",
        ["verifications"] = "what was found out about states",
        ["decisions"] = "what the policies decided",
        ["policies"] = "the policies that decisions were made by; a decision whose policy is lost goes with it",
        ["experiments"] = "what was tried",
        ["approaches"] = "what came of the approaches of experiments",
        ["trials"] = "which branches were to be there for a while only; they stay until they are deleted",
        ["events"] = "what happened that is no snapshot",
        ["restores"] = "a restore that was under way is not carried on; the tree stays as it is, and the restore can be repeated",
        ["restore_steps"] = "a restore that was under way is not carried on; the tree stays as it is, and the restore can be repeated",
        ["merges"] = "which snapshots are shown as one",
        ["merged"] = "which snapshots were merged into which; they are not found by their own numbers any more",
        ["compactions"] = "how far compaction was; it begins anew",
        ["turns"] = "the prompts that were announced, by which turns are found",
        ["ended_sessions"] = "which sessions had ended; what was to be kept until then is kept for a day without a word of them",
        ["forgotten"] = "which paths were erased for good; an erasing that was not finished has to be repeated",
        ["lost"] = "which numbers were known to be lost",
        [Sequences] = "which numbers of events, experiments and frozen copies were given; one of them may be given again",
    };

    /// <summary>A line for each table.</summary>
    /// <param name="torn">The tables of which something could not be read.</param>
    public static IEnumerable<string> Lost(IReadOnlyCollection<string> torn)
    {
        if (torn.Contains("snapshots") && (torn.Contains("changes") || torn.Contains("paths")))
        {
            yield return Line("changes", "a snapshot whose record is lost as well may have changed more than what is left, and the newest may be gone without a trace");
        }

        foreach (var table in torn.Where(table => !ToldBySnapshots.Split(' ').Contains(table)))
        {
            yield return Line(table, Costs[table]);
        }
    }

    private static string Line(string table, string cost) => $"{table}: not all of it could be read: {cost}";
}
