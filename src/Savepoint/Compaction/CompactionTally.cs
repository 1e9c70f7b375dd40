namespace Savepoint.Compaction;

/// <summary>Counts merges while they are carried out. Not thread-safe.</summary>
internal sealed class CompactionTally
{
    private readonly Dictionary<MergeRule, int> _merges = [];

    public IReadOnlyDictionary<MergeRule, int> Merges => _merges;

    public int MergeCount => _merges.Values.Sum();

    public int OperationCount { get; private set; }

    public void Add(Merge merge)
    {
        _merges[merge.Rule] = _merges.GetValueOrDefault(merge.Rule) + 1;
        OperationCount += merge.OperationCount;
    }
}
