namespace Savepoint.Model;

/// <summary>How bad a compiler calls something.</summary>
public enum DiagnosticSeverity
{
    /// <summary>Worth a look.</summary>
    Warning,

    /// <summary>It cannot be built like this.</summary>
    Error,
}

/// <summary>What a compiler says of a place in a source file.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="File">The file as the compiler names it; null if it names none.</param>
/// <param name="Line">The line, 1 for the first; null if it names none.</param>
/// <param name="Column">The column, 1 for the first; null if it names none.</param>
/// <param name="Code">The compiler's own code, as <c>CS0103</c>; null if it has none.</param>
/// <param name="Message">What is wrong, in one line.</param>
public sealed record Diagnostic(DiagnosticSeverity Severity, string? File, int? Line, int? Column, string? Code, string Message);
