using Savepoint.Model;

namespace Savepoint.Checking.Reading;

/// <summary>Counts diagnostics, each once however often it is repeated, and keeps the first. Not thread-safe.</summary>
internal sealed class DiagnosticTally
{
    /// <summary>Diagnostics kept of each severity.</summary>
    public const int MaxKept = 100;

    /// <summary>Beyond it repetitions are not told apart any more.</summary>
    private const int MaxSeen = 20_000;

    private const int MaxMessageLength = 1000;

    private readonly HashSet<Diagnostic> _seen = [];
    private readonly List<Diagnostic> _errors = [];
    private readonly List<Diagnostic> _warnings = [];
    private readonly List<Diagnostic> _loose = [];

    public long ErrorCount { get; private set; }

    public long WarningCount { get; private set; }

    /// <summary>The first, errors before warnings.</summary>
    public IReadOnlyList<Diagnostic> Kept => [.. _errors.Concat(_warnings).Take(MaxKept)];

    /// <summary>
    /// Notes what has the form of an error and names no place: many programs write such lines and go on. It counts only if
    /// the command failed.
    /// </summary>
    public void AddLoose(Diagnostic diagnostic)
    {
        if (_loose.Count < MaxKept)
        {
            _loose.Add(diagnostic);
        }
    }

    /// <summary>Nothing more comes.</summary>
    public void Settle(bool hasFailed)
    {
        foreach (var diagnostic in hasFailed ? _loose : [])
        {
            Add(diagnostic);
        }

        _loose.Clear();
    }

    public void Add(Diagnostic diagnostic)
    {
        var cut = diagnostic with
        {
            File = diagnostic.File is { } file ? CleanText.Of(file, MaxMessageLength) : null,
            Code = diagnostic.Code is { } code ? CleanText.Of(code, MaxMessageLength) : null,
            Message = CleanText.Of(diagnostic.Message, MaxMessageLength),
        };
        if (_seen.Count < MaxSeen && !_seen.Add(cut))
        {
            return;
        }

        var kept = cut.Severity == DiagnosticSeverity.Error ? _errors : _warnings;
        if (kept.Count < MaxKept)
        {
            kept.Add(cut);
        }

        _ = cut.Severity == DiagnosticSeverity.Error ? ErrorCount++ : WarningCount++;
    }
}
