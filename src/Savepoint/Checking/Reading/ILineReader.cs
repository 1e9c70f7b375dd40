namespace Savepoint.Checking.Reading;

/// <summary>
/// Reads what a program writes, a line at a time, and remembers what means something to it. Most lines do not, so a reader
/// looks at few characters before it looks at all. Pure but for what it remembers; not thread-safe.
/// </summary>
internal interface ILineReader
{
    /// <summary>Takes the next line.</summary>
    /// <param name="line">Without its end and without control characters; another's once this returns.</param>
    void Read(ReadOnlySpan<char> line);
}

/// <summary>A reader of test results.</summary>
internal interface ITestReader : ILineReader
{
    /// <summary>What was read so far; null if nothing was.</summary>
    TestReport? Report { get; }
}
