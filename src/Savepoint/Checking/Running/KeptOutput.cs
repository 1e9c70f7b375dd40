namespace Savepoint.Checking.Running;

/// <summary>The beginning and the end of a text that may be of any length. Not thread-safe.</summary>
/// <param name="maxHeadLength">Characters kept of the beginning.</param>
/// <param name="maxTailLength">Characters kept of the end.</param>
internal sealed class KeptOutput(int maxHeadLength = 32 * 1024, int maxTailLength = 96 * 1024)
{
    private readonly List<string> _head = [];
    private readonly Queue<string> _tail = [];
    private int _headLength;
    private int _tailLength;

    /// <summary>Lines that were left out between the two.</summary>
    public long LeftOutCount { get; private set; }

    /// <summary>Adds a line.</summary>
    public void Add(string line)
    {
        if (_tail.Count == 0 && _headLength + line.Length < maxHeadLength)
        {
            _head.Add(line);
            _headLength += line.Length + 1;
            return;
        }

        _tail.Enqueue(line);
        _tailLength += line.Length + 1;
        while (_tailLength > maxTailLength && _tail.Count > 1)
        {
            _tailLength -= _tail.Dequeue().Length + 1;
            LeftOutCount++;
        }
    }

    /// <summary>The lines, with a line that says how many are missing where some are.</summary>
    public string Text() => string.Concat(
        _head.Concat(LeftOutCount == 0 ? [] : [$"… {LeftOutCount} lines left out …"]).Concat(_tail).Select(line => $"{line}\n"));
}
