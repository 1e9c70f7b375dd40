using Savepoint.Checking.Running;

namespace Savepoint;

/// <summary>Takes what a command writes: the beginning and the end of both streams, in the order in which it came, and the end of standard output alone.</summary>
internal sealed class TrialOutput : IOutputSink
{
    private const int MaxLineLength = 2000;
    private const int MaxHeadLength = 4 * 1024;
    private const int MaxTailLength = 16 * 1024;

    private readonly KeptOutput _kept = new(MaxHeadLength, MaxTailLength);
    private readonly KeptOutput _standard = new(0, MaxTailLength);
    private readonly OutputText _output;
    private readonly OutputText _error;

    public TrialOutput()
    {
        _output = new OutputText(line =>
        {
            _kept.Add(Cut(line));
            _standard.Add(Cut(line));
        });
        _error = new OutputText(line => _kept.Add(Cut(line)));
    }

    /// <summary>Of both streams.</summary>
    public string Kept => _kept.Text();

    /// <summary>Of standard output.</summary>
    public string Standard => _standard.Text();

    public void Write(bool isError, ReadOnlySpan<byte> bytes) => (isError ? _error : _output).Write(bytes);

    public void End()
    {
        _output.End();
        _error.End();
    }

    private static string Cut(ReadOnlySpan<char> line) => line[..Math.Min(line.Length, MaxLineLength)].ToString();
}
