using Savepoint.Model;

namespace Savepoint.Compaction;

/// <summary>Neighbouring snapshots taken as one while rules are applied. Immutable.</summary>
internal sealed class Stretch
{
    private Stretch(Snapshot first, Snapshot last, int operationCount, Dictionary<WorkspacePath, FileChange> net, MergeRule? rule)
    {
        First = first;
        Last = last;
        OperationCount = operationCount;
        Net = net;
        Rule = rule;
    }

    public Snapshot First { get; }

    public Snapshot Last { get; }

    public int OperationCount { get; }

    /// <summary>By path, what stood there before the first and stands after the last; equal ones left out.</summary>
    public IReadOnlyDictionary<WorkspacePath, FileChange> Net { get; }

    /// <summary>The rule that made it of several; null for a single snapshot.</summary>
    public MergeRule? Rule { get; }

    public static Stretch Of(Snapshot snapshot) =>
        new(snapshot, snapshot, snapshot.OperationCount, snapshot.Changes.SelectMany(change => change.PerPath()).ToDictionary(change => change.Path), rule: null);

    /// <summary>This one with the next, by a rule.</summary>
    public Stretch With(Stretch next, MergeRule rule)
    {
        var net = new Dictionary<WorkspacePath, FileChange>(Net);
        foreach (var (path, change) in next.Net)
        {
            var before = net.TryGetValue(path, out var earlier) ? earlier.Before : change.Before;
            net[path] = new FileChange(path, before, change.After);
            if (before == change.After)
            {
                net.Remove(path);
            }
        }

        return new Stretch(First, next.Last, OperationCount + next.OperationCount, net, rule);
    }

    public Merge ToMerge() =>
        new(First.Number, Last.Number, OperationCount, Rule!.Value, [.. Net.Values.OrderBy(change => change.Path)]);
}
