using Savepoint.Model;
using Savepoint.Workspaces.Watching;
using Xunit;

namespace Savepoint.Tests.Workspaces.Watching;

public sealed class ChangeBatchTests
{
    private readonly ChangeBatch _batch = new(Ms(100));

    [Fact]
    public void Nothing_is_due_where_nothing_happened()
    {
        Assert.Null(_batch.DueAt);
        Assert.Null(_batch.Take(Ms(1_000_000)));
    }

    [Fact]
    public void A_change_is_due_once_it_has_been_quiet_for_the_debounce_time()
    {
        _batch.Add(Path("a"), Ms(1000));
        _batch.Add(Path("a"), Ms(1040));

        Assert.Equal(Ms(1140), _batch.DueAt);
        Assert.Null(_batch.Take(Ms(1139)));
        Assert.Equal(["a"], Taken(1140));
        Assert.Null(_batch.DueAt);
    }

    [Fact]
    public void What_happens_in_quick_succession_is_one_set()
    {
        for (var i = 0; i < 3; i++)
        {
            _batch.Add(Path($"f{i}"), Ms(i * 20));
        }

        Assert.Equal(["f0", "f1", "f2"], Taken(140));
    }

    [Fact]
    public void A_file_whose_writer_is_done_does_not_wait_for_one_that_goes_on()
    {
        var taken = Simulate(until: 1000, at =>
        {
            if (at % 50 == 0)
            {
                _batch.Add(Path("log"), Ms(at));
            }

            if (at == 500)
            {
                _batch.Add(Path("done"), Ms(at));
            }
        });

        var (when, paths) = Assert.Single(taken, set => set.Paths.Contains("done"));
        Assert.InRange(when, 600, 750);
        Assert.Equal(["done"], paths);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(99)]
    public void Under_any_steady_load_each_change_is_taken_in_time(int every)
    {
        var written = new Dictionary<string, int>();
        var taken = Simulate(until: 4000, at =>
        {
            if (at % every == 0 && at < 3000)
            {
                _batch.Add(Path($"f{at}"), Ms(at));
                written[$"f{at}"] = at;
            }
        });

        var waited = taken.SelectMany(set => set.Paths.Select(path => set.At - written[path])).ToList();
        Assert.Equal(written.Count, waited.Count);
        Assert.InRange(waited.Max(), 100, 250);
    }

    [Fact]
    public void A_burst_of_many_paths_is_few_sets()
    {
        var taken = Simulate(until: 6000, at =>
        {
            if (at < 5000)
            {
                _batch.Add(Path($"f{at}"), Ms(at));
            }
        });

        Assert.InRange(taken.Count, 1, 6);
        Assert.Equal(5000, taken.Sum(set => set.Paths.Count));
    }

    [Fact]
    public void A_writer_that_pauses_longer_gives_a_set_before_and_one_after()
    {
        var taken = Simulate(until: 1000, at =>
        {
            if (at is 0 or 30 or 300 or 330)
            {
                _batch.Add(Path("slow"), Ms(at));
            }
        });

        Assert.Equal([130, 430], taken.Select(set => set.At));
    }

    [Fact]
    public void A_writer_that_never_pauses_is_looked_at_half_way()
    {
        var taken = Simulate(until: 15_000, at =>
        {
            if (at % 50 == 0)
            {
                _batch.Add(Path("endless"), Ms(at));
            }
        });

        Assert.InRange(Assert.Single(taken).At, 10_000, 10_500);
    }

    [Fact]
    public void More_paths_than_are_worth_a_look_each_are_a_scan()
    {
        for (var i = 0; i <= ChangeBatch.MaxPathCount; i++)
        {
            _batch.Add(Path($"f{i}"), Ms(0));
        }

        var taken = _batch.Take(Ms(100))!;
        Assert.True(taken.IsWhole);
        Assert.Empty(taken.Paths);
        Assert.True(_batch.IsEmpty);
    }

    [Fact]
    public void After_a_long_look_it_rests()
    {
        _batch.Rest(Ms(1000), spent: Ms(400));
        _batch.Add(Path("a"), Ms(1001));

        Assert.Equal(Ms(1800), _batch.DueAt);
        Assert.Null(_batch.Take(Ms(1799)));
        Assert.Equal(["a"], Taken(1800));
    }

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static WorkspacePath Path(string text) => WorkspacePath.Parse(text);

    private IEnumerable<string> Taken(int at) => _batch.Take(Ms(at))!.Paths.Select(path => path.ToString()).Order();

    /// <summary>Lets time pass by the millisecond, and takes what is due when it is.</summary>
    private List<(int At, List<string> Paths)> Simulate(int until, Action<int> happens)
    {
        var taken = new List<(int, List<string>)>();
        for (var at = 0; at < until; at++)
        {
            happens(at);
            if (_batch.DueAt <= Ms(at) && _batch.Take(Ms(at)) is { } set)
            {
                taken.Add((at, [.. set.Paths.Select(path => path.ToString())]));
            }
        }

        return taken;
    }
}
