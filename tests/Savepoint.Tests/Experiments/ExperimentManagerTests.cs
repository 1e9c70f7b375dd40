using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Experiments;

/// <summary>Approaches tried, measured, ranked and merged, with real commands in real copies.</summary>
public sealed class ExperimentManagerTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public ExperimentManagerTests()
    {
        _workspace.Write("value.txt", "5\n");
        _workspace.Write("other.txt", "one\ntwo\nthree\nfour\nfive\n");
        _workspace.Write(".gitignore", "out/\n");
        _workspace.Write("out/dependency", "is ignored, and there all the same\n");
    }

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData(Isolation.Copy)]
    [InlineData(null)]
    public async Task The_best_that_passes_the_gates_wins_and_the_workspace_is_not_touched(Isolation? isolation)
    {
        await using var workspace = await _workspace.InitAsync();
        var manager = new ExperimentManager(workspace);

        var result = await manager.TryApproachesAsync(
            [
                Approach.Run("unbuildable", "echo broken > value.txt"),
                Approach.Run("failing", "echo 1 > value.txt; touch fails"),
                Approach.Run("worse", "echo 4 > value.txt"),
                Approach.Run("better", "echo 2 > value.txt; cp out/dependency out/built"),
                Approach.Run("dead", "kill -9 $$"),
            ],
            Values with { Commands = new CheckCommands("grep -q '^[0-9]' value.txt && touch not-ignored", "test ! -e fails", null) },
            new ExperimentOptions { Isolation = isolation });

        var experiment = result.Experiment;
        Assert.Equal(["better", "worse", "failing", "unbuildable", "dead"], experiment.Approaches.Select(approach => approach.Name));
        Assert.Equal([1, 2, 3, 3, 3], experiment.Approaches.Select(approach => approach.Rank));
        Assert.Equal("better", experiment.Winner);
        Assert.Equal([CheckOutcome.Passed, CheckOutcome.Passed, CheckOutcome.Passed, CheckOutcome.Failed, CheckOutcome.NotRun], experiment.Approaches.Select(approach => approach.Build));
        Assert.Equal([CheckOutcome.Passed, CheckOutcome.Passed, CheckOutcome.Failed, CheckOutcome.NotRun, CheckOutcome.NotRun], experiment.Approaches.Select(approach => approach.Test));
        Assert.Equal(137, experiment.Approaches[4].ExitCode);
        Assert.Contains("value: 2, the best; 0.40 × the base", experiment.Approaches[0].Reasons);
        Assert.Equal(("5\n", workspace.Head), (_workspace.Read("value.txt"), (SnapshotNumber?)experiment.Base));
        Assert.Null(result.Merge);
        Assert.False(File.Exists(_workspace.At("not-ignored")));
        AssertNothingLeft(workspace);
    }

    [Fact]
    public async Task What_each_did_is_one_snapshot_that_stays_without_what_the_build_wrote()
    {
        await using var workspace = await _workspace.InitAsync();

        var result = await new ExperimentManager(workspace).TryApproachesAsync(
            [Approach.Run("one", "echo 2 > value.txt; mkdir -p out; echo x > out/cache")],
            new Evaluation { Commands = new CheckCommands("touch built-beside", null, null) },
            new ExperimentOptions { Context = new CaptureContext { Actor = new Actor("agent", "session", "turn") } });

        var approach = Assert.Single(result.Experiment.Approaches);
        var snapshot = workspace.GetSnapshot(approach.Snapshot!.Value);
        Assert.Equal(["value.txt"], snapshot.Changes.Select(change => change.Path.ToString()));
        Assert.Equal(("try-1/one", 0, "agent"), (snapshot.Branch, snapshot.ExitCode, snapshot.Actor.Agent));
        Assert.Equal(result.Experiment.Base, snapshot.Parent);
        Assert.Equal(2, approach.Metric(Measurement.ChangedLines)!.Median);
    }

    [Theory]
    [InlineData(Isolation.Copy)]
    [InlineData(null)]
    public async Task Work_that_cannot_all_be_recorded_fails_and_says_so(Isolation? isolation)
    {
        _workspace.Write("large-before", new byte[2000]);
        _workspace.Options = _workspace.Options with { MaxFileBytes = 1000 };
        await using var workspace = await _workspace.InitAsync();

        var result = await new ExperimentManager(workspace).TryApproachesAsync(
            [Approach.Run("large", "head -c 2000 /dev/zero > large; echo 1 > value.txt"), Approach.Run("small", "echo 2 > value.txt")],
            options: new ExperimentOptions { Isolation = isolation });

        Assert.Equal("small", result.Experiment.Winner);
        var kept = new ExperimentManager(workspace).Find(result.Experiment.Id)!.Approaches[1];
        Assert.Equal(Workspace.Paths("large"), kept.Unrecorded);
        Assert.Contains("what it did could not all be recorded: large is unreadable or larger than maxFileBytes", string.Join('\n', kept.Reasons), StringComparison.Ordinal);
        AssertNothingLeft(workspace);
    }

    [Fact]
    public async Task No_deadline_cuts_the_record_of_an_approach_short()
    {
        _workspace.Options = _workspace.Options with { ScanDeadline = TimeSpan.FromTicks(1) };
        await using var workspace = await _workspace.InitAsync();

        var result = await new ExperimentManager(workspace).TryApproachesAsync([Approach.Run("one", "echo 2 > value.txt; echo 3 > other.txt")], options: new ExperimentOptions { Isolation = Isolation.Copy });

        Assert.Equal(["other.txt", "value.txt"], workspace.GetSnapshot(result.Experiment.Approaches[0].Snapshot!.Value).Changes.Select(change => change.Path.ToString()));
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("a\tb", "it has a control character")]
    [InlineData("long", "it is longer than 200 characters")]
    public async Task A_name_that_no_branch_can_have_is_refused_with_the_reason(string name, string reason)
    {
        await using var workspace = await _workspace.InitAsync();
        name = name == "long" ? new string('x', 190) : name;

        var refusal = await Assert.ThrowsAsync<SavepointException>(() => new ExperimentManager(workspace).TryApproachesAsync([Approach.Run(name, "true")]));

        Assert.EndsWith($": {reason}.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_that_cannot_be_deleted_leaves_no_other()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            await Code_of_the_caller_is_an_approach_and_its_failure_a_result(); // only the superuser mounts
            return;
        }

        await using var workspace = await _workspace.InitAsync();
        var manager = new ExperimentManager(workspace);
        static Task Mount(ApproachContext context, CancellationToken _)
        {
            var mounted = Directory.CreateDirectory(Path.Combine(context.Directory, "mounted")).FullName;
            Fidelity.Shell.Run(mounted, "mount -t tmpfs none .");
            return Task.CompletedTask;
        }

        try
        {
            await Assert.ThrowsAnyAsync<Exception>(() => manager.TryApproachesAsync([Approach.Do("mounts", Mount), Approach.Do("plain", (_, _) => Task.CompletedTask)]));
            Assert.Equal(["main"], workspace.Branches().Select(branch => branch.Name));
        }
        finally
        {
            Fidelity.Shell.Run(_workspace.Scratch, $"umount -l $(findmnt -rno TARGET | grep '^{_workspace.Scratch}')");
        }
    }

    [Fact]
    public async Task Complexity_is_that_of_the_functions_which_any_approach_changed()
    {
        const string Untouched = "int twice(int x) { if (x) return x * 2; return 0; }\n";
        _workspace.Write("a.c", $"int sign(int x) {{ return x > 0; }}\n{Untouched}");
        _workspace.Write("b.c", "int abs_(int x) { return x < 0 ? -x : x; }\n");
        await using var workspace = await _workspace.InitAsync();

        var result = await new ExperimentManager(workspace).TryApproachesAsync(
            [
                Approach.Run("knotty", "echo 'int sign(int x) { if (x > 0) { return 1; } else if (x < 0) { return -1; } return 0; }' > a.c; echo 'int twice(int x) { if (x) return x * 2; return 0; }' >> a.c"),
                Approach.Run("plain", "echo 'int abs_(int x) { return abs(x); }' > b.c"),
                Approach.Run("failed", "echo 'int f(int x) { if (x) { if (x > 1) { return 1; } } return 0; }' > c.c; exit 1"),
            ],
            new Evaluation { Weights = new Dictionary<string, double> { [Measurement.Complexity] = 1 } });

        // sign: 1 at the base, 3 in knotty; abs_: 2, 1 in plain.
        Assert.Equal([("plain", 2.0), ("knotty", 5.0)], result.Experiment.Approaches.Take(2).Select(one => (one.Name, one.Metric(Measurement.Complexity)!.Median)));
        Assert.Null(result.Experiment.Approaches[2].Metric(Measurement.Complexity));
        Assert.Contains("complexity of the functions that were changed: 5, 2.50 × the best", result.Experiment.Approaches[1].Reasons);
    }

    [Fact]
    public async Task Code_of_the_caller_is_an_approach_and_its_failure_a_result()
    {
        await using var workspace = await _workspace.InitAsync();

        var result = await new ExperimentManager(workspace).TryApproachesAsync(
        [
            Approach.Do("writes", (context, _) => File.WriteAllTextAsync(Path.Combine(context.Directory, "value.txt"), "1\n", CancellationToken.None)),
            Approach.Do("throws", (_, _) => throw new InvalidDataException("no such luck")),
        ]);

        Assert.Equal(["writes", "throws"], result.Experiment.Approaches.Select(approach => approach.Name));
        Assert.Equal("InvalidDataException: no such luck\n", result.Experiment.Approaches[1].Output);
        Assert.Equal(Isolation.Copy, result.Experiment.Isolation);
        Assert.Equal("5\n", _workspace.Read("value.txt"));
    }

    [Fact]
    public async Task The_best_is_merged_into_what_was_done_meanwhile()
    {
        await using var workspace = await _workspace.InitAsync();

        var result = await new ExperimentManager(workspace).TryApproachesAsync(
            [
                Approach.Do("better", (context, _) =>
                {
                    _workspace.Write("other.txt", "one\ntwo\nthree\nfour\nFIVE, meanwhile\n");
                    return File.WriteAllTextAsync(Path.Combine(context.Directory, "other.txt"), "ONE, tried\ntwo\nthree\nfour\nfive\n", CancellationToken.None);
                }),
            ],
            options: new ExperimentOptions { MergesBest = true });

        Assert.Equal(RestoreEnding.Restored, result.Merge!.Restore.Ending);
        Assert.Equal("ONE, tried\ntwo\nthree\nfour\nFIVE, meanwhile\n", _workspace.Read("other.txt"));
        Assert.Equal(workspace.Head, result.Experiment.Merged);
        await workspace.UndoAsync();
        Assert.Equal("one\ntwo\nthree\nfour\nFIVE, meanwhile\n", _workspace.Read("other.txt"));
    }

    [Fact]
    public async Task A_merge_that_conflicts_writes_nothing()
    {
        await using var workspace = await _workspace.InitAsync();

        var result = await new ExperimentManager(workspace).TryApproachesAsync(
            [
                Approach.Do("better", (context, _) =>
                {
                    _workspace.Write("value.txt", "meanwhile\n");
                    return File.WriteAllTextAsync(Path.Combine(context.Directory, "value.txt"), "tried\n", CancellationToken.None);
                }),
            ],
            options: new ExperimentOptions { MergesBest = true });

        Assert.Equal(RestoreEnding.Conflicted, result.Merge!.Restore.Ending);
        Assert.Null(result.Experiment.Merged);
        Assert.Equal("meanwhile\n", _workspace.Read("value.txt"));
    }

    [Fact]
    public async Task What_is_kept_is_the_approach_and_not_what_its_checks_wrote()
    {
        await using var workspace = await _workspace.InitAsync();

        var result = await new ExperimentManager(workspace).TryApproachesAsync(
            [Approach.Run("one", "echo 2 > value.txt")],
            new Evaluation { Commands = new CheckCommands("touch built-beside out/built; echo 3 > value.txt", null, null) },
            new ExperimentOptions { KeepsCopies = true });

        var directory = Assert.Single(result.Experiment.Approaches).Directory!;
        Assert.Equal("2\n", await File.ReadAllTextAsync(Path.Combine(directory, "value.txt"), CancellationToken.None));
        Assert.False(File.Exists(Path.Combine(directory, "built-beside")));
        Assert.True(File.Exists(Path.Combine(directory, "out/built")));
        Assert.Contains(workspace.Branches(), branch => branch.Name == "try-1/one");
        await using var copy = await SnapshotManager.OpenAsync(directory, _workspace.Options);
        Assert.Null((await copy.CaptureAsync(cancellationToken: CancellationToken.None)).Snapshot);
    }

    [Fact]
    public async Task Tests_that_fail_at_the_base_too_keep_nobody_out()
    {
        _workspace.Write("test.sh", "echo 1..2; test -e fixed && echo ok 1 - old || echo not ok 1 - old; test -e broken && echo not ok 2 - new || echo ok 2 - new\ntest -e fixed -a ! -e broken");
        await using var workspace = await _workspace.InitAsync();

        var result = await new ExperimentManager(workspace).TryApproachesAsync(
            [Approach.Run("breaks", "touch broken"), Approach.Run("leaves", "echo 1 > value.txt"), Approach.Run("breaks-and-fixes", "touch broken fixed")],
            new Evaluation { Commands = new CheckCommands(null, "sh test.sh", null) });

        Assert.Equal("leaves", result.Experiment.Winner);
        Assert.Equal(["new"], result.Experiment.Approaches.Single(approach => approach.Name == "breaks-and-fixes").NewlyFailing);
        Assert.Equal("1 of 2 tests failed, as at the base", result.Experiment.Approaches[0].TestReason);
    }

    [Fact]
    public async Task Benchmarks_run_in_rounds_one_at_a_time_the_base_among_them()
    {
        var log = Path.Combine(_workspace.Scratch, "log");
        await using var workspace = await _workspace.InitAsync();

        var result = await new ExperimentManager(workspace).TryApproachesAsync(
            [Approach.Run("a", "echo a > value.txt"), Approach.Run("b", "echo b > value.txt")],
            new Evaluation { Commands = new CheckCommands(null, null, $"cat value.txt >> {log}; echo latency $(wc -l < {log}) ms"), MinRoundCount = 3, MaxRoundCount = 3 });

        Assert.Equal("ab5 b5a 5ab", string.Join(' ', (await File.ReadAllLinesAsync(log, CancellationToken.None)).Chunk(3).Select(round => string.Concat(round))));
        var metric = result.Experiment.Approaches.Single(approach => approach.Name == "a").Metric("latency")!;
        Assert.Equal([1.0, 6.0, 8.0], metric.Samples);
        Assert.Equal(("ms", 3), (metric.Unit, result.Experiment.Baseline!.Metric("latency")!.Samples.Count));
    }

    [Fact]
    public async Task What_takes_longer_than_it_may_is_out_with_all_it_started()
    {
        await using var workspace = await _workspace.InitAsync();

        var result = await new ExperimentManager(workspace).TryApproachesAsync(
            [Approach.Run("slow", "sleep 1000 & sleep 1000"), Approach.Run("quick", "true")],
            options: new ExperimentOptions { TimeLimit = TimeSpan.FromSeconds(1) });

        Assert.Equal("quick", result.Experiment.Winner);
        Assert.True(result.Experiment.Approaches[1].IsTimedOut);
        AssertNothingLeft(workspace);
    }

    [Fact]
    public async Task A_cancelled_experiment_leaves_nothing()
    {
        await using var workspace = await _workspace.InitAsync();
        using var cancel = new CancellationTokenSource();
        var (begun, pid) = (Path.Combine(_workspace.Scratch, "begun"), Path.Combine(_workspace.Scratch, "pid"));
        var trying = new ExperimentManager(workspace).TryApproachesAsync(
            [Approach.Run("endless", $"echo $$ > {pid}; mv {pid} {begun}; echo 7 > value.txt; sleep 1000")], cancellationToken: cancel.Token);
        while (!File.Exists(begun) && !trying.IsCompleted)
        {
            await Task.Yield();
        }

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => trying);
        Assert.Equal(ExperimentState.Cancelled, new ExperimentManager(workspace).Find(1)!.State);
        Assert.False(Directory.Exists($"/proc/{(await File.ReadAllTextAsync(begun, CancellationToken.None)).Trim()}"));
        AssertNothingLeft(workspace);
    }

    [Fact]
    public async Task An_experiment_reads_back_as_it_was()
    {
        await using var workspace = await _workspace.InitAsync();
        var manager = new ExperimentManager(workspace);
        var result = await manager.TryApproachesAsync(
            [Approach.Run("a", "echo 1 > value.txt; echo said"), Approach.Run("b", "exit 3")], Values with { Commands = new CheckCommands("true", "true", "true"), MinRoundCount = 1, MaxRoundCount = 1 });

        var read = manager.Find(result.Experiment.Id)!;

        Assert.Equivalent(result.Experiment with { Elapsed = read.Elapsed, Approaches = [], Baseline = null }, read with { Approaches = [], Baseline = null });
        Assert.Equal(result.Experiment.Approaches.Select(approach => approach.Reasons), read.Approaches.Select(approach => approach.Reasons));
        Assert.Equal(result.Experiment.Approaches[0].Metrics.Select(metric => metric.Name + metric), read.Approaches[0].Metrics.Select(metric => metric.Name + metric));
        Assert.Equal(("said\n", 3), (read.Approaches[0].Output, read.Approaches[1].ExitCode));
        Assert.NotNull(read.Baseline);
        Assert.Equal([1L], manager.Experiments().Select(one => one.Id));
    }

    [Fact]
    public async Task Names_that_are_taken_or_none_are_refused()
    {
        await using var workspace = await _workspace.InitAsync();
        var manager = new ExperimentManager(workspace);

        Assert.Equal(ErrorCode.InvalidName, (await Assert.ThrowsAsync<SavepointException>(() => manager.TryApproachesAsync([Approach.Run("a\tb", "true")]))).Code);
        Assert.Equal(ErrorCode.InvalidName, (await Assert.ThrowsAsync<SavepointException>(() => manager.TryApproachesAsync([Approach.Run("a", "true"), Approach.Run("a", "false")]))).Code);
        await Assert.ThrowsAsync<ArgumentException>(() => manager.TryApproachesAsync([]));
        await Assert.ThrowsAsync<ArgumentException>(() => manager.TryApproachesAsync([Approach.Run("a", "true")], new Evaluation { Metrics = [new Metric("m", "echo 1"), new Metric("m", "echo 2")] }));
        Assert.Empty(manager.Experiments());
    }

    private static Evaluation Values => new() { Metrics = [new Metric("value", "cat value.txt")] };

    private void AssertNothingLeft(SnapshotManager workspace)
    {
        Assert.Equal(["main"], workspace.Branches().Select(branch => branch.Name));
        Assert.DoesNotContain(Directory.EnumerateFiles(_workspace.Options.StoreHome, "value.txt", SearchOption.AllDirectories), file => !file.Contains("/bases/", StringComparison.Ordinal));
    }
}
