using Savepoint.Model;

namespace Savepoint.Checking.Reading;

/// <summary>Counts tests and keeps the names of those that failed. Not thread-safe.</summary>
internal sealed class TestTally
{
    /// <summary>More names are not kept: a state in which so many fail needs no list.</summary>
    public const int MaxNames = 10_000;

    /// <summary>Longer names are cut.</summary>
    public const int MaxNameLength = 500;

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private bool _hasTooMany;

    public long Passed { get; private set; }

    public long Failed { get; private set; }

    public long Skipped { get; private set; }

    public bool IsEmpty => Passed + Failed + Skipped == 0;

    /// <summary>The names of those that failed, each once; null if there are too many, or some failed without a name.</summary>
    public IReadOnlyList<string>? Names => _hasTooMany || (_names.Count == 0 && Failed > 0) ? null : _names;

    public TestCounts Counts => new(Passed, Failed, Skipped);

    public void Pass(long count = 1) => Passed += count;

    public void Skip(long count = 1) => Skipped += count;

    public void Fail(string name)
    {
        Failed++;
        Name(name);
    }

    /// <summary>Notes the name of a test that failed and is counted elsewhere.</summary>
    public void Name(string name)
    {
        var cut = CleanText.Of(name.AsSpan().Trim(), MaxNameLength);
        if (_seen.Count >= MaxNames)
        {
            _hasTooMany |= !_seen.Contains(cut);
        }
        else if (_seen.Add(cut))
        {
            _names.Add(cut);
        }
    }

    /// <summary>Adds what a summary says.</summary>
    public void Add(TestCounts counts)
    {
        Passed += counts.Passed;
        Failed += counts.Failed;
        Skipped += counts.Skipped;
    }

    /// <summary>What was counted, as a report; null if nothing was.</summary>
    public TestReport? Report(string source) => IsEmpty ? null : new TestReport(source, Counts, Names);
}
