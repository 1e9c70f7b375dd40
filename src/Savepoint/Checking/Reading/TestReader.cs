namespace Savepoint.Checking.Reading;

/// <summary>Test results in what a command writes, whatever runner they are from.</summary>
internal sealed class TestReader : ILineReader
{
    private readonly ITestReader[] _readers;

    /// <param name="compiler">Takes what a compiler says inside the runner's own form.</param>
    public TestReader(ILineReader compiler) => _readers =
    [
        new GoTestReader(compiler), new TapReader(), new NodeTestReader(), new CargoTestReader(), new PythonTestReader(),
        new DotnetTestReader(), new JavaScriptTestReader(), new JavaTestReader(), new CTestReader(),
    ];

    /// <summary>What each runner's reader made of it; empty if none made anything.</summary>
    public IReadOnlyList<TestReport> Reports => [.. _readers.Select(reader => reader.Report).OfType<TestReport>()];

    public void Read(ReadOnlySpan<char> line)
    {
        foreach (var reader in _readers)
        {
            reader.Read(line);
        }
    }
}
