namespace Savepoint.Bench.Spec;

/// <summary>The seed's tables "Target Performance Metrics" and "Scalability Targets" and its "Success Metrics", cell by cell.</summary>
internal static class SpecRows
{
    private const int LeastOfSuccess = 10_000; // one failure in a thousand would be seen ten times

    private static readonly string[] Sizes = ["small", "medium", "large"];

    public static IReadOnlyList<SpecRow> All { get; } =
    [
        .. PerSize("capture-synchronous", "< 5ms", [1, 1, 1], "ms", "edits", "p99 of CommitAsync: all that the caller of a capture waits for once the file is written"),
        .. PerSize("l1-capture-time", "< 10ms", [1, 1, 1], "ms", "edits", "p99 of BeginEditAsync and CommitAsync together, diff included"),
        .. PerSize("l1-capture-memory", "< 1MB per snapshot", [64, 64, 64], "KB", "layers", "what the managed heap of this process grew by for each operation held in L1, beyond the bytes before and after: no process's resident memory is exact to kilobytes"),
        .. Success("l1-capture-success", "99.9%", "edits", "captures with exactly the change that was made, by its SHA-256"),
        .. PerSize("l1-rollback-time", "< 50ms", [5, 5, 5], "ms", "edits", "p99 of UndoAsync after one edit: drift check, journal and verification included"),
        .. Success("l1-rollback-success", "99.9%", "edits", "undos after which the file's bytes are those before the edit"),
        .. PerSize("l2-access-time", "< 100ms", [2, 2, 2], "ms", "layers", "p99 of having one of the last 1,000 operations with its diff, in random order, once each was asked for"),
        .. PerSize("l2-memory", "< 50MB total", [50, 50, 50], "MB", "layers", "what the managed heap of this process grew by for 1,000 operations held: a process's resident memory holds more than L2"),
        .. Success("l2-access-success", "99.5%", "layers", "accesses that gave the operation asked for, with a diff of it"),
        .. PerSize("l3-creation-time", "< 1s", [300, 300, 1000], "ms", "milestones", "p99 of 'savepoint milestone', a whole process, each after 20 edits"),
        .. Success("l3-creation-success", "99%", "milestones", "milestones whose archive is there and has the state; processes, and of the small project most of them in-process"),
        .. PerSize("l3-access-time", "< 1s", [100, 100, 100], "ms", "milestones", "p99 of loading a milestone from its archive alone"),
        .. PerSize("compression-time", "< 200ms", [20, 20, 20], "ms", "compression", "p99 of diffing and encoding one version of an edited file against the one before"),
        .. PerSize("compression-reduction", "70% reduction", [95, 95, 95], "%", "compression", "what all edited versions take less in the store, rows and indexes included, than raw", isFloor: true),
        .. PerSize("compression-to-zstd", "70% reduction", [70, 70, 70], "%", "compression", "the same, against zstd-compressed full versions", isFloor: true),
        .. Success("compression-success", "95%", "compression", "versions that come out as they went in"),
        .. PerSize("cleanup-time", "< 500ms", [100, 100, 100], "ms", "memory", "p99 of FreeMemory at its strictest level, in a process of its own"),
        .. PerSize("cleanup-return", "Return to baseline", [110, 110, 110], "%", "memory", "the most anonymous resident memory of a native 'mcp' once it has cleaned up after work on 1,000 operations, of that after opening"),
        .. Success("cleanup-success", "99%", "memory", "clean-ups of a process of its own that took less than 500 ms and after which its anonymous resident memory is within 10 % of that after opening"),
        .. Tracked(),
        .. PerSize("operations-an-hour", "< 1000|1000-10000|10000+", [10_000, 100_000, 200_000], "ops/h", "edits", "captures sustained over a stated time, files written, extrapolated to an hour", isFloor: true),
        .. PerSize("memory", "< 50MB|50-100MB|100-200MB", [30, 50, 100], "MB", "watch", "anonymous resident memory of a native 'watch' while another process edits: the most that was seen once it watched"),
        .. PerSize("disk-size", "< 10MB|10-100MB|100MB-1GB", [10, 100, 1000], "MB", "disk", "the store, baseline and edits, as captured: before any clean-up, merge or archive"),
        .. PerSize("disk-to-git", "< 10MB|10-100MB|100MB-1GB", [1, 1, 1], "×", "disk", "store after gc and with no compaction, to git's pack of the same history, repacked with -f"),
        .. PerSize("disk-to-git-aggressive", "< 10MB|10-100MB|100MB-1GB", [0.7, 0.7, 0.7], "×", "disk", "the archive in L3, which stands alone, to git's pack after gc --aggressive"),
        new("capture-speed", "< 10ms for 99% of operations", 99, IsFloor: true, "%", "edits", "captures of the medium project that took less than 10 ms"),
        new("memory-typical", "< 100MB for typical projects", 100, IsFloor: false, "MB", "watch", "the most anonymous resident memory of a native 'watch' of the medium project, its start included"),
        .. PerSize("rollback-any", "< 100ms for any snapshot", [25, 25, 25], "ms", "rollback", "p99 of RollbackAsync to a random snapshot of a long history, up to 20 files changed"),
        new("data-integrity", "100% accurate rollbacks", 100, IsFloor: true, "%", "rollback", "rollbacks after which every file that was ever changed has the SHA-256 it had then") { LeastCount = LeastOfSuccess },
        new("error-rate", "< 0.1% error rate", 0, IsFloor: false, "%", "edits", "captures and undos of all sizes that failed") { LeastCount = LeastOfSuccess },
        new("productivity", "30% faster iteration cycles", 30, IsFloor: true, "%", "cycles", "time that a scripted agent's iteration (a way tried, checked, taken back, another one kept) takes less than with git's worktree, commit and reset"),
        new("memory-stability", "No memory leaks over 24h sessions", 110, IsFloor: false, "%", "memory", "median anonymous resident memory of a native 'mcp' over the last tenth of its edits and undos, of that over the second tenth, when its layers are full"),
        new("rollback-success", "> 99% successful rollbacks", 100, IsFloor: true, "%", "rollback", "rollbacks that ended restored and verified, most of them a few snapshots away") { LeastCount = LeastOfSuccess },
        new("responsiveness", "No perceived lag during normal operations", 100, IsFloor: false, "ms", "edits", "the longest capture of the medium session; 100 ms is where people notice"),
        new("error-recovery", "90% of common issues", 100, IsFloor: true, "%", "cycles", "undos killed in the middle of their work after which the next opening finds or makes a whole state") { LeastCount = LeastOfSuccess },
        new("try-and-rollback", "50% faster cycles", 0.5, IsFloor: false, "×", "cycles", "an agent's edit through its MCP server, recorded, and 'undo' there, to the same edit with git add, commit and reset --hard, for which it starts processes"),
        new("capture-and-undo", "50% faster cycles", 1, IsFloor: false, "×", "cycles", "the same by hand: 'capture FILE' and 'undo', whole processes too"),
    ];

    // A target with bars has one for each size.
    private static IEnumerable<SpecRow> PerSize(string name, string seedTarget, double[] goals, string unit, string part, string how, bool isFloor = false) =>
        Sizes.Select((size, i) => new SpecRow($"{name}-{size}", seedTarget.Split('|') is { Length: 3 } targets ? targets[i] : seedTarget, goals[i], isFloor, unit, part, how));

    private static IEnumerable<SpecRow> Success(string name, string seedTarget, string part, string how) =>
        PerSize(name, seedTarget, [100, 100, 100], "%", part, how, isFloor: true).Select(row => row with { LeastCount = LeastOfSuccess });

    private static IEnumerable<SpecRow> Tracked() =>
        PerSize("files-tracked", "< 100|100-1000|1000+", [86, 986, 1000], "files", "edits", "files of the project whose recorded state is what stands there", isFloor: true);
}
