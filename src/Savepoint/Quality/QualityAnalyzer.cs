using System.Text;
using Savepoint.Model;

namespace Savepoint.Quality;

/// <summary>
/// Measures functions. What goes in: a source file's name and bytes. What comes out: each function's complexity,
/// maintainability and size. Pure; by tokens alone, so that it needs no project, no compiler and no parser, and what does not
/// compile can be measured too (docs/design/quality.md).
/// </summary>
public static class QualityAnalyzer
{
    /// <summary>Longer files are generated, and not measured.</summary>
    public const int MaxLengthBytes = 2_000_000;

    /// <summary>Whether files of this name are measured.</summary>
    public static bool IsMeasured(WorkspacePath path) => CodeLanguages.Of(path) is not null;

    /// <summary>The functions of a file, in their order; none if its name is of no language that is measured, or it is too long.</summary>
    /// <param name="path">The file's name, which says the language.</param>
    /// <param name="content">Its bytes, as UTF-8; what is none becomes a symbol.</param>
    public static IReadOnlyList<FunctionMetrics> Measure(WorkspacePath path, ReadOnlySpan<byte> content) =>
        CodeLanguages.Of(path) is { } language && content.Length <= MaxLengthBytes ? Measure(language, Encoding.UTF8.GetString(content)) : [];

    /// <summary>What became of the functions of files that changed: of those that are new or not what they were.</summary>
    /// <param name="changes">The files' changes.</param>
    /// <param name="contents">Their bytes.</param>
    /// <param name="cancellationToken">Ends it between two files.</param>
    public static IReadOnlyList<FunctionChange> Compare(IEnumerable<FileChange> changes, IContentSource contents, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        ArgumentNullException.ThrowIfNull(contents);
        var comparison = new FunctionComparison();
        foreach (var change in changes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            comparison.Add(change.Path, Measure(change.OldPath ?? change.Path, change.Before, contents), Measure(change.Path, change.After, contents));
        }

        return comparison.Changes();
    }

    internal static List<FunctionMetrics> Measure(CodeLanguage language, string text)
    {
        var code = new SourceCode(text, language);
        var functions = Spans(code);
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        return functions.ConvertAll(function =>
        {
            var metrics = FunctionMeter.Measure(code, function);
            var count = names[function.Name] = names.GetValueOrDefault(function.Name) + 1;
            return count == 1 ? metrics : metrics with { Name = $"{function.Name}#{count}" };
        });
    }

    private static IReadOnlyList<FunctionMetrics> Measure(WorkspacePath path, FileState state, IContentSource contents) =>
        IsMeasured(path) && state is FileState.Regular { SizeBytes: <= MaxLengthBytes } file ? Measure(path, contents.Read(file.Content)) : [];

    /// <summary>The functions by where they begin, each knowing those inside it.</summary>
    private static List<FunctionSpan> Spans(SourceCode code)
    {
        var functions = code.Language switch
        {
            CodeLanguage.JavaScript or CodeLanguage.TypeScript => ScriptScanner.Scan(code),
            CodeLanguage.Go or CodeLanguage.Rust => KeywordScanner.Scan(code),
            CodeLanguage.Python => IndentScanner.Scan(code),
            _ => MemberScanner.Scan(code),
        };
        functions.Sort((x, y) => x.Head != y.Head ? x.Head.CompareTo(y.Head) : y.End.CompareTo(x.End));
        var around = new Stack<FunctionSpan>();
        foreach (var function in functions)
        {
            while (around.TryPeek(out var last) && last.End <= function.Head)
            {
                around.Pop();
            }

            if (around.TryPeek(out var outer))
            {
                outer.Inner.Add(function);
            }

            around.Push(function);
        }

        return functions;
    }
}
