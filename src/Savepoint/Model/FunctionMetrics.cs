namespace Savepoint.Model;

/// <summary>What was measured of one function of a source file.</summary>
/// <param name="Name">Its name with the types around it, as <c>Parser.Read</c>; unique in its file, later ones of a name are numbered: <c>Parser.Read#2</c>.</param>
/// <param name="Line">The line it begins at, 1-based.</param>
/// <param name="LineCount">How many lines it takes, 1 or more.</param>
/// <param name="Complexity">Its cyclomatic complexity: 1, and 1 for each point where the way forks.</param>
/// <param name="Maintainability">Its maintainability index, 0 (hopeless) to 100.</param>
/// <param name="BodyHash">A hash of its tokens without its name, by which it is found again when it moved or was renamed.</param>
public sealed record FunctionMetrics(string Name, int Line, int LineCount, int Complexity, int Maintainability, ulong BodyHash);

/// <summary>One function that a change touched.</summary>
/// <param name="Path">The file that holds it now.</param>
/// <param name="Before">What it was; null for a new one.</param>
/// <param name="After">What it is.</param>
public sealed record FunctionChange(WorkspacePath Path, FunctionMetrics? Before, FunctionMetrics After);
