namespace Savepoint.Checking.Reading;

/// <summary>Diagnostics in what a command writes, whatever compiler they are from.</summary>
internal sealed class DiagnosticReader : ILineReader
{
    private readonly RustDiagnostics _rust;
    private readonly GoDiagnostics _go;

    public DiagnosticReader(DiagnosticTally tally)
    {
        Tally = tally;
        _rust = new RustDiagnostics(tally);
        _go = new GoDiagnostics(tally);
    }

    public DiagnosticTally Tally { get; }

    public void Read(ReadOnlySpan<char> line)
    {
        if (DiagnosticLines.Read(line) is { } diagnostic)
        {
            if (diagnostic is { Line: null, Code: null })
            {
                Tally.AddLoose(diagnostic);
            }
            else
            {
                Tally.Add(diagnostic);
            }
        }
        else
        {
            _rust.Read(line);
        }

        _go.Read(line);
    }

    /// <summary>Nothing more comes.</summary>
    public void End(bool hasFailed)
    {
        _rust.End();
        Tally.Settle(hasFailed);
    }
}
