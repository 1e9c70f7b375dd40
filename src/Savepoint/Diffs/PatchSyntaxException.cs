namespace Savepoint.Diffs;

/// <summary>Bytes that are no patch, or none that may be applied. The message begins with the line.</summary>
public sealed class PatchSyntaxException : FormatException
{
    /// <summary>A defect at a line.</summary>
    /// <param name="lineNumber">Which line, 1 for the first.</param>
    /// <param name="problem">What is wrong, without a final stop.</param>
    public PatchSyntaxException(int lineNumber, string problem)
        : base($"Line {lineNumber}: {problem}.")
    {
        LineNumber = lineNumber;
        Problem = problem;
    }

    /// <summary>Which line, 1 for the first.</summary>
    public int LineNumber { get; }

    /// <summary>What is wrong.</summary>
    public string Problem { get; }
}
