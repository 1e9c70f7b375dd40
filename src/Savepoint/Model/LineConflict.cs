namespace Savepoint.Model;

/// <summary>Some neighbouring lines of a content.</summary>
/// <param name="Start">The first of them, 0-based; where there are none, the line before which they would be.</param>
/// <param name="Count">How many there are; may be 0.</param>
public readonly record struct LineRange(int Start, int Count);

/// <summary>A place where both sides of a merge changed the same lines, or lines with no unchanged one between, each in its own way.</summary>
/// <param name="Base">The lines as both found them.</param>
/// <param name="Ours">What one side made of them.</param>
/// <param name="Theirs">What the other made of them.</param>
public readonly record struct LineConflict(LineRange Base, LineRange Ours, LineRange Theirs);
