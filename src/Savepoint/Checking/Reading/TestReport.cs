using Savepoint.Model;

namespace Savepoint.Checking.Reading;

/// <summary>The results of tests, as one source has them.</summary>
/// <param name="Source">What was read, in words.</param>
/// <param name="Counts">How many ended how.</param>
/// <param name="FailingTests">The names of those that failed; null if the source does not name them, or names too many.</param>
internal sealed record TestReport(string Source, TestCounts Counts, IReadOnlyList<string>? FailingTests)
{
    public long Total => Counts.Passed + Counts.Failed + Counts.Skipped;
}
