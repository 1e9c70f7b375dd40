namespace Savepoint.Experiments;

/// <summary>What a run of the command said of a state.</summary>
internal enum BisectVerdict
{
    /// <summary>Exit code 0.</summary>
    Good,

    /// <summary>Exit codes 1 to 124, 126 and 127.</summary>
    Bad,

    /// <summary>Exit code 125: it cannot be told of this state.</summary>
    Skip,
}

/// <summary>How a search ended.</summary>
internal enum BisectEnd
{
    /// <summary>It goes on.</summary>
    Open,

    /// <summary>The first bad state is known.</summary>
    Found,

    /// <summary>Between the last good and the first bad known one stand only states that could not be told.</summary>
    Skipped,

    /// <summary>The command says that the state given as good is bad.</summary>
    GoodIsBad,

    /// <summary>The command never fails at the state given as bad.</summary>
    BadIsGood,
}

/// <summary>
/// Finds the first bad of states in a row, the first of which is good and the last bad, by halving: ⌈log₂⌉ runs, then one more at
/// the first bad and two at the last good one. If those disagree with what was said before, the command is flaky: then a failure counts, a pass counts only after several
/// runs, and the search goes on with that. A state that cannot be told is left out, and the next is looked for far from it, since
/// its neighbours are likely the same: at halves, quarters, eighths (van der Corput 1935). Pure, not thread-safe.
/// </summary>
/// <param name="count">How many states, 2 or more; 0 is the good one.</param>
/// <param name="repetitions">How often a state has to pass once the command is known to be flaky. 1 or more.</param>
internal sealed class BisectSearch(int count, int repetitions)
{
    /// <summary>A pass by chance is likelier than a failure by chance: a failure that comes two times in three is missed in one search of twenty.</summary>
    private const int GoodConfirmationCount = 2;

    private readonly Tally[] _tallies = new Tally[count];

    /// <summary>Whether the command passed and failed at one and the same state.</summary>
    public bool IsFlaky { get; private set; }

    /// <summary>The first state that is known to be bad.</summary>
    public int FirstBad => Array.FindIndex(_tallies, tally => tally.BadCount > 0) is >= 0 and var found ? found : count - 1;

    /// <summary>The last state before that which is known to be good.</summary>
    public int LastGood => Math.Max(0, Array.FindLastIndex(_tallies, FirstBad - 1 < 0 ? 0 : FirstBad - 1, IsGood));

    /// <summary>The states between the two that could not be told.</summary>
    public IReadOnlyList<int> Untold => [.. Between().Where(i => _tallies[i].SkipCount > 0)];

    /// <summary>Passes and failures at a state.</summary>
    public (int Good, int Bad) At(int index) => (_tallies[index].GoodCount, _tallies[index].BadCount);

    /// <summary>Where the search is.</summary>
    public BisectEnd End => _tallies[0].BadCount > 0 ? BisectEnd.GoodIsBad
        : Next() is not null ? BisectEnd.Open
        : _tallies[FirstBad].BadCount == 0 && _tallies[FirstBad].GoodCount > 0 ? BisectEnd.BadIsGood
        : Untold.Count > 0 ? BisectEnd.Skipped
        : BisectEnd.Found;

    /// <summary>The state to run the command at; null if the search is over.</summary>
    public int? Next()
    {
        if (_tallies[0].BadCount > 0)
        {
            return null;
        }

        var open = Between().Where(i => _tallies[i].SkipCount == 0).ToList();
        if (open.Count > 0)
        {
            // One that was begun is finished first, the last of them since it may spare the others; of the rest the middle one, and off it as often as one could not be told.
            return open.FindLastIndex(i => _tallies[i].GoodCount > 0) is >= 0 and var begun ? open[begun] : open[(int)(Fraction(Untold.Count + 1) * open.Count)];
        }

        return NeedsConfirmation(FirstBad, isBad: true) ? FirstBad
            : NeedsConfirmation(LastGood, isBad: false) ? LastGood
            : null;
    }

    /// <summary>Takes what a run said.</summary>
    public void Add(int index, BisectVerdict verdict)
    {
        ref var tally = ref _tallies[index];
        switch (verdict)
        {
            case BisectVerdict.Good:
                tally.GoodCount++;
                break;
            case BisectVerdict.Bad:
                tally.BadCount++;
                break;
            default:
                tally.SkipCount++;
                break;
        }

        IsFlaky |= tally is { GoodCount: > 0, BadCount: > 0 };
    }

    private IEnumerable<int> Between() => Enumerable.Range(LastGood + 1, Math.Max(0, FirstBad - LastGood - 1));

    private bool IsGood(Tally tally) => tally.BadCount == 0 && tally.GoodCount >= (IsFlaky ? repetitions : 1);

    // The state given as bad may pass by chance as often as any other; what is flaky is confirmed by having failed at all.
    private bool NeedsConfirmation(int index, bool isBad)
    {
        var tally = _tallies[index];
        var runs = tally.GoodCount + tally.BadCount + tally.SkipCount;
        return isBad
            ? (tally.BadCount == 0 ? tally.SkipCount == 0 && runs < repetitions + 1 : !IsFlaky && runs < (index == count - 1 ? 1 : 2)) // whoever named it has seen it fail
            : tally.SkipCount == 0 && runs < (IsFlaky ? repetitions : index == 0 ? 1 : GoodConfirmationCount + 1);
    }

    /// <summary>1/2, 1/4, 3/4, 1/8, 5/8, 3/8, … for 1, 2, 3, …: the number's bits behind the point, backwards.</summary>
    private static double Fraction(int number)
    {
        var (fraction, digit) = (0.0, 0.5);
        for (; number > 0; number >>= 1, digit /= 2)
        {
            fraction += (number & 1) * digit;
        }

        return fraction;
    }

    private struct Tally
    {
        public int GoodCount;
        public int BadCount;
        public int SkipCount;
    }
}
