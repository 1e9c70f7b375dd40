namespace Savepoint.Diffs;

/// <summary>
/// Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), the linear-space variant of section 4b: search from
/// both corners of the edit graph until the two furthest-reaching paths meet, split there, solve both halves. A search
/// that costs more than <see cref="MaxCost"/> edits is given up: the box is split at lines that are unique on both sides
/// (<see cref="UniqueLines"/>), or where there are none at the furthest point reached. So the work is at most about
/// (N + M) × MaxCost steps, whatever the input, and after a while a quarter of that.
/// </summary>
internal sealed class MyersDiff
{
    /// <summary>
    /// How many edits one search may go from each corner. Differences of up to twice this many lines are minimal;
    /// 100,000 lines of noise stay at about 2 × 10^7 steps.
    /// </summary>
    public const int MaxCost = 256;

    /// <summary>After so many steps, some 50 ms, the input is taken for hopeless and a search may cost <see cref="HurriedCost"/> only.</summary>
    public const long PatientStepCount = 1 << 23;

    /// <summary>The cost of a search in a hopeless input.</summary>
    public const int HurriedCost = 64;

    private readonly int[] _a;
    private readonly int[] _b;
    private readonly bool[] _aChanged;
    private readonly bool[] _bChanged;
    private readonly int _distinctCount;

    // Furthest x on each diagonal, forward around diagonal 0 and backward around the far corner's.
    private readonly int[] _forward;
    private readonly int[] _backward;
    private UniqueLines? _uniqueLines;

    private MyersDiff(KeptLines a, KeptLines b, int distinctCount)
    {
        (_a, _b, _distinctCount) = (a.Numbers, b.Numbers, distinctCount);
        (_aChanged, _bChanged) = (new bool[a.Count], new bool[b.Count]);
        var reach = Math.Min(MaxCost, a.Count + b.Count) + 2;
        _forward = new int[(2 * reach) + 1];
        _backward = new int[(2 * reach) + 1];
    }

    /// <summary>Elementary comparisons made.</summary>
    public long StepCount { get; private set; }

    /// <summary>Which elements of the two sequences, of numbers below <paramref name="distinctCount"/>, have no partner in the other.</summary>
    public static (bool[] AChanged, bool[] BChanged) Compare(KeptLines a, KeptLines b, int distinctCount, out long stepCount)
    {
        var diff = new MyersDiff(a, b, distinctCount);
        diff.Compare(new Box(0, a.Count, 0, b.Count), a.Count + b.Count);
        stepCount = diff.StepCount;
        return (diff._aChanged, diff._bChanged);
    }

    /// <param name="box">The part to compare.</param>
    /// <param name="anchorLimit">
    /// Unique lines are looked for in boxes of at most this size. It halves with each look, so that all looks together
    /// cost N log N.
    /// </param>
    private void Compare(Box box, int anchorLimit)
    {
        while (true)
        {
            box = TrimEnds(box);
            if (box.Width == 0 || box.Height == 0)
            {
                _aChanged.AsSpan(box.ALow, box.Width).Fill(true);
                _bChanged.AsSpan(box.BLow, box.Height).Fill(true);
                return;
            }

            if (!TrySplit(box, out var x, out var y) && box.Size <= anchorLimit)
            {
                anchorLimit = box.Size / 2;
                if (TryCompareBetweenAnchors(box, anchorLimit))
                {
                    return;
                }
            }

            // Recursing into the smaller half alone keeps the stack at log N frames.
            var first = new Box(box.ALow, x, box.BLow, y);
            var second = new Box(x, box.AHigh, y, box.BHigh);
            var (small, large) = first.Size < second.Size ? (first, second) : (second, first);
            Compare(small, anchorLimit);
            box = large;
        }
    }

    private bool TryCompareBetweenAnchors(Box box, int anchorLimit)
    {
        _uniqueLines ??= new UniqueLines(_distinctCount);
        var anchors = _uniqueLines.CommonOrder(_a.AsSpan(box.ALow, box.Width), _b.AsSpan(box.BLow, box.Height));
        StepCount += box.Size;
        if (anchors.Count == 0)
        {
            return false;
        }

        var (a, b) = (box.ALow, box.BLow);
        foreach (var (aIndex, bIndex) in anchors)
        {
            Compare(new Box(a, box.ALow + aIndex, b, box.BLow + bIndex), anchorLimit);
            (a, b) = (box.ALow + aIndex + 1, box.BLow + bIndex + 1);
        }

        Compare(new Box(a, box.AHigh, b, box.BHigh), anchorLimit);
        return true;
    }

    private Box TrimEnds(Box box)
    {
        var prefix = _a.AsSpan(box.ALow, box.Width).CommonPrefixLength(_b.AsSpan(box.BLow, box.Height));
        var (aLow, aHigh, bLow, bHigh) = (box.ALow + prefix, box.AHigh, box.BLow + prefix, box.BHigh);
        while (aLow < aHigh && bLow < bHigh && _a[aHigh - 1] == _b[bHigh - 1])
        {
            aHigh--;
            bHigh--;
        }

        return new Box(aLow, aHigh, bLow, bHigh);
    }

    /// <summary>
    /// A point to split <paramref name="box"/> at, never one of its two corners: on a shortest path (true), or if that
    /// was too costly to find, the best reached (false). The box's ends are trimmed, so it needs at least two edits.
    /// </summary>
    private bool TrySplit(Box box, out int splitA, out int splitB)
    {
        var a = _a.AsSpan(box.ALow, box.Width);
        var b = _b.AsSpan(box.BLow, box.Height);
        var delta = a.Length - b.Length;
        var middle = _forward.Length / 2;
        var forward = new Front(_forward, middle, 0, -b.Length, a.Length, 0, -1);
        var backward = new Front(_backward, middle - delta, delta, -b.Length, a.Length, a.Length, int.MaxValue);
        var maxCost = StepCount < PatientStepCount ? MaxCost : HurriedCost;
        for (var cost = 1; cost <= maxCost; cost++)
        {
            forward.Widen();
            for (var k = forward.High; k >= forward.Low; k -= 2)
            {
                var x = Math.Max(forward[k - 1] + 1, forward[k + 1]);
                var start = x;
                for (; x < a.Length && x - k < b.Length && a[x] == b[x - k]; x++)
                {
                }

                StepCount += x - start + 1;
                forward[k] = x;
                if ((delta & 1) != 0 && backward.Holds(k) && backward[k] <= x)
                {
                    (splitA, splitB) = (box.ALow + x, box.BLow + x - k);
                    return true;
                }
            }

            backward.Widen();
            for (var k = backward.High; k >= backward.Low; k -= 2)
            {
                var x = Math.Min(backward[k - 1], backward[k + 1] - 1);
                var start = x;
                for (; x > 0 && x > k && a[x - 1] == b[x - k - 1]; x--)
                {
                }

                StepCount += start - x + 1;
                backward[k] = x;
                if ((delta & 1) == 0 && forward.Holds(k) && x <= forward[k])
                {
                    (splitA, splitB) = (box.ALow + x, box.BLow + x - k);
                    return true;
                }
            }
        }

        var (bestX, bestY) = FurthestPoint(forward, backward, a.Length, b.Length);
        (splitA, splitB) = (box.ALow + bestX, box.BLow + bestY);
        return false;
    }

    /// <summary>The point furthest from its corner, of both fronts. A path may have run off the graph's edge: it is cut back.</summary>
    private static (int X, int Y) FurthestPoint(in Front forward, in Front backward, int width, int height)
    {
        var (bestX, bestY, bestGain) = (0, 0, -1);
        for (var k = forward.High; k >= forward.Low; k -= 2)
        {
            var x = Math.Min(Math.Min(forward[k], width), height + k);
            if (x + x - k > bestGain)
            {
                (bestX, bestY, bestGain) = (x, x - k, x + x - k);
            }
        }

        for (var k = backward.High; k >= backward.Low; k -= 2)
        {
            var x = Math.Max(Math.Max(backward[k], 0), k);
            var gain = width + height - (x + x - k);
            if (gain > bestGain)
            {
                (bestX, bestY, bestGain) = (x, x - k, gain);
            }
        }

        return (bestX, bestY);
    }

    private readonly record struct Box(int ALow, int AHigh, int BLow, int BHigh)
    {
        public int Width => AHigh - ALow;

        public int Height => BHigh - BLow;

        public int Size => Width + Height;
    }

    /// <summary>The furthest x on each diagonal that one search has reached, diagonals outside the edit graph left out.</summary>
    private ref struct Front
    {
        private readonly Span<int> _x;
        private readonly int _origin;
        private readonly int _lowest;
        private readonly int _highest;
        private readonly int _unreached;

        public Front(int[] x, int origin, int start, int lowest, int highest, int startX, int unreached)
        {
            _x = x;
            (_origin, _lowest, _highest, _unreached) = (origin, lowest, highest, unreached);
            Low = High = start;
            this[start] = startX;
        }

        public int Low { get; private set; }

        public int High { get; private set; }

        public readonly int this[int k]
        {
            get => _x[_origin + k];
            set => _x[_origin + k] = value;
        }

        public readonly bool Holds(int k) => Low <= k && k <= High;

        /// <summary>One diagonal more on each side; at the graph's edge one less, since every step changes the parity.</summary>
        public void Widen()
        {
            if (Low > _lowest)
            {
                this[--Low - 1] = _unreached;
            }
            else
            {
                Low++;
            }

            if (High < _highest)
            {
                this[++High + 1] = _unreached;
            }
            else
            {
                High--;
            }
        }
    }
}
