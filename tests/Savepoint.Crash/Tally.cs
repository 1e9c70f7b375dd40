namespace Savepoint.Crash;

/// <summary>The figures of one verb: how often it was tried, and what was lost.</summary>
internal sealed class Tally(string name, string manner)
{
    private readonly Lock _gate = new();

    public int Tried { get; private set; }

    /// <summary>The process was alive and past opening the store.</summary>
    public int Counted { get; private set; }

    /// <summary>Of the counted: between its first and its last change.</summary>
    public int Between { get; private set; }

    /// <summary>The verb's injection points.</summary>
    public long Points { get; set; }

    public List<string> Losses { get; } = [];

    /// <summary>Of those counted, how many fell between the first and the last change.</summary>
    public double ShareBetween => Counted == 0 ? 0 : (double)Between / Counted;

    public void Add(bool isCounted, bool isBetween, IEnumerable<string> losses)
    {
        lock (_gate)
        {
            Tried++;
            Counted += isCounted ? 1 : 0;
            Between += isCounted && isBetween ? 1 : 0;
            Losses.AddRange(losses);
        }
    }

    /// <summary>The heading of the rows.</summary>
    public static string Heading => $"{"verb",-26} {"manner",-34} {"points",7} {"tried",7} {"counted",8} {"between",8} {"losses",7}";

    public override string ToString() => $"{name,-26} {manner,-34} {Points,7} {Tried,7} {Counted,8} {ShareBetween,8:P0} {Losses.Count,7}";

    /// <summary>Writes the row, and fails if anything was lost.</summary>
    public void Check()
    {
        Report.Row(ToString());
        foreach (var loss in Losses.Take(20))
        {
            Report.Row($"    {loss}");
        }

        Assert.True(Losses.Count == 0, $"{name}, {manner}: {Losses.Count} losses\n{string.Join('\n', Losses.Take(10))}");
    }
}
