using Savepoint.Checking.Reading;
using Savepoint.Checking.Running;
using Savepoint.Model;

namespace Savepoint.Checking;

/// <summary>Takes what a command of a check writes, keeps its beginning and end, and reads all of it. Each stream by itself, since a line of one may come in the middle of the other's.</summary>
internal sealed class CommandReading : IOutputSink
{
    /// <summary>Lines kept and shown are no longer; readers have them whole.</summary>
    private const int MaxShownLength = 2000;

    private readonly CheckKind _kind;
    private readonly IProgress<CheckLine>? _progress;
    private readonly KeptOutput _kept = new();
    private readonly OutputText _output;
    private readonly OutputText _error;
    private readonly DiagnosticReader[] _compilers;
    private readonly TestReader[] _tests;

    public CommandReading(CheckKind kind, IProgress<CheckLine>? progress)
    {
        (_kind, _progress) = (kind, progress);
        Diagnostics = new DiagnosticTally();
        Figures = new FigureTally();
        _compilers = [new DiagnosticReader(Diagnostics), new DiagnosticReader(Diagnostics)];
        _tests = kind == CheckKind.Test ? [new TestReader(_compilers[0]), new TestReader(_compilers[1])] : [];
        var figures = new FigureLinesReader(Figures);
        _output = new OutputText(line => Read(line, 0, figures));
        _error = new OutputText(line => Read(line, 1, figures));
    }

    public DiagnosticTally Diagnostics { get; }

    public FigureTally Figures { get; }

    /// <summary>What runners of tests wrote.</summary>
    public IEnumerable<TestReport> Tests => _tests.SelectMany(reader => reader.Reports);

    /// <summary>What is kept of both streams, in the order in which it came.</summary>
    public string Kept => _kept.Text();

    public void Write(bool isError, ReadOnlySpan<byte> bytes) => (isError ? _error : _output).Write(bytes);

    public void End()
    {
        _output.End();
        _error.End();
    }

    /// <summary>Nothing more comes, and it is known how the command ended.</summary>
    public void Settle(bool hasFailed)
    {
        foreach (var compiler in _compilers)
        {
            compiler.End(hasFailed);
        }
    }

    private void Read(ReadOnlySpan<char> line, int stream, FigureLinesReader figures)
    {
        var shown = CleanText.Of(line, MaxShownLength);
        _kept.Add(shown);
        _progress?.Report(new CheckLine(_kind, shown));
        _compilers[stream].Read(line);
        foreach (var tests in _tests.AsSpan(Math.Min(stream, _tests.Length), _tests.Length == 0 ? 0 : 1))
        {
            tests.Read(line);
        }

        if (_kind == CheckKind.Bench)
        {
            figures.Read(line);
        }
    }
}
