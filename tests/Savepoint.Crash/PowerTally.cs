namespace Savepoint.Crash;

/// <summary>What power losses of one kind took.</summary>
internal sealed class PowerTally(string durability, PowerDisk.Shutdown how)
{
    private readonly List<string> _broken = [];
    private int _losses;
    private int _acknowledged;
    private int _lost;
    private int _longest;
    private int _torn;

    public static string Heading => $"{"durability",-10} {"shutdown",-10} {"losses of power",15} {"acknowledged",12} {"lost",6} {"longest stretch",15} {"torn files",10} {"promises broken",15}";

    private bool IsDisk => durability == "disk";

    /// <summary>Looks at what is left once the power is back.</summary>
    public void Add(PowerWork work, string name)
    {
        _losses++;
        _acknowledged += work.Acknowledged.Count;
        var broken = work.Broken(mayLose: !IsDisk).ToList();
        var missing = work.Missing();
        _lost += missing.Count;
        _longest = Math.Max(_longest, missing.Count);
        if (missing.Count > 0 && IsDisk)
        {
            broken.Add($"acknowledged and lost: {string.Join(", ", missing)}");
        }

        var isLastStretch = missing.SequenceEqual(work.Acknowledged.TakeLast(missing.Count).Select(state => state.Number));
        if (!isLastStretch)
        {
            broken.Add($"lost in the midst: {string.Join(", ", missing)} of {string.Join(", ", work.Acknowledged.Select(state => state.Number))}");
        }

        var torn = work.Torn().ToList();
        _torn += torn.Count;
        if (torn.Count > 0 && IsDisk)
        {
            broken.Add($"restored and torn: {string.Join("; ", torn)}");
        }

        _broken.AddRange(broken.Select(problem => $"{name}: {problem}"));
    }

    /// <summary>Writes the row, and fails if a promise was broken.</summary>
    public void Check()
    {
        Report.Row($"{durability,-10} {how,-10} {_losses,15} {_acknowledged,12} {_lost,6} {_longest,15} {_torn,10} {_broken.Count,15}");
        foreach (var problem in _broken.Take(20))
        {
            Report.Row($"    {problem}");
        }

        Assert.True(_broken.Count == 0, $"durability {durability}, shutdown {how}: {string.Join('\n', _broken.Take(10))}");
    }
}
