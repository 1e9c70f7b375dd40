using System.Text;
using Savepoint.Compaction;
using Savepoint.Model;
using Savepoint.Tests.Diffs;

namespace Savepoint.Tests.Compaction;

/// <summary>A branch's history written by hand: each call is a snapshot, a second after the one before unless said.</summary>
internal sealed class WrittenHistory
{
    private readonly MemoryContents _contents = new();
    private readonly Dictionary<WorkspacePath, FileState> _tree = [];
    private DateTimeOffset _now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    public List<Snapshot> Snapshots { get; } = [];

    /// <summary>By number, the whole tree after it.</summary>
    public Dictionary<SnapshotNumber, Dictionary<WorkspacePath, FileState>> Trees { get; } = [];

    public Actor Actor { get; set; } = new("agent", "session", "turn-1");

    public SnapshotNumber Last => Snapshots[^1].Number;

    public void Pause(double seconds) => _now += TimeSpan.FromSeconds(seconds);

    /// <summary>A snapshot that gives each path this text; null removes it.</summary>
    public SnapshotNumber Write(params (string Path, string? Text)[] files) => Add(SnapshotKind.Operation, files);

    public SnapshotNumber Add(SnapshotKind kind, params (string Path, string? Text)[] files)
    {
        var changes = new List<FileChange>();
        foreach (var (name, text) in files)
        {
            var path = WorkspacePath.Parse(name);
            var before = _tree.GetValueOrDefault(path, FileState.None);
            var after = text is null ? FileState.None : _contents.File(Encoding.UTF8.GetBytes(text));
            if (before != after)
            {
                changes.Add(new FileChange(path, before, after));
                _tree[path] = after;
            }
        }

        var number = new SnapshotNumber(Snapshots.Count + 1);
        Snapshots.Add(new Snapshot
        {
            Number = number,
            Parent = Snapshots.Count == 0 ? null : Last,
            Branch = "main",
            Kind = kind,
            Time = _now,
            Actor = Actor,
            Changes = [.. changes.OrderBy(change => change.Path)],
        });
        Trees[number] = _tree.Where(entry => !entry.Value.IsAbsent).ToDictionary();
        Pause(1);
        return number;
    }

    public IReadOnlyList<Merge> Plan(CompactionLevel level, params SnapshotNumber[] kept) =>
        DiffCompressionEngine.Plan(Snapshots, kept.ToHashSet(), level, _contents);
}
