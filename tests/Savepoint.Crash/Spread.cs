namespace Savepoint.Crash;

/// <summary>Which of many points are tried, and by whom.</summary>
internal static class Spread
{
    /// <summary>Up to <paramref name="count"/> of the numbers from 1 to <paramref name="last"/>, evenly spread.</summary>
    public static IEnumerable<long> Over(long last, int count)
    {
        if (count >= last)
        {
            return Range(1, last);
        }

        // The last always, since it is the commit or just after; the first seldom tells anything.
        return Enumerable.Range(1, count).Select(i => Math.Max(1, last * i / count));
    }

    /// <summary>Shares the points among workers, each with a stage of its own.</summary>
    public static void Share<T>(string scenario, IReadOnlyList<T> points, Action<Stage, T> tryOne, Stage first)
    {
        var next = -1;
        Parallel.For(0, Math.Min(Size.Workers, Math.Max(1, points.Count)), new ParallelOptions { MaxDegreeOfParallelism = Size.Workers }, worker =>
        {
            var stage = worker == 0 ? first : Stage.Make(scenario);
            try
            {
                for (int i; (i = Interlocked.Increment(ref next)) < points.Count;)
                {
                    tryOne(stage, points[i]);
                }
            }
            finally
            {
                if (worker != 0)
                {
                    stage.Dispose();
                }
            }
        });
    }

    private static IEnumerable<long> Range(long first, long last)
    {
        for (var i = first; i <= last; i++)
        {
            yield return i;
        }
    }
}
