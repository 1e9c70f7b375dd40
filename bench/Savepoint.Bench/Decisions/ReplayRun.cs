using Savepoint.Model;
using Savepoint.Policies;

namespace Savepoint.Bench.Decisions;

/// <summary>How one step ended.</summary>
/// <param name="Step">The step.</param>
/// <param name="Decision">What was decided about it.</param>
/// <param name="IsExact">Whether the tree after an automatic rollback was the recorded good state; null if there was none.</param>
/// <param name="NamesEdit">Whether the analysis suspects the step's own snapshot first; null if there is no analysis.</param>
internal sealed record ReplayOutcome(ReplayStep Step, Decision Decision, bool? IsExact, bool? NamesEdit)
{
    /// <summary>Whether something was said or done: a rollback, or the suggestion of one.</summary>
    public bool IsRemarked => PolicyAction.IsRollback(Decision.Action) || Decision.Action == PolicyAction.SuggestRollbackOrRefactor || Decision.Rule is PolicyRule.CompileError or PolicyRule.TestFailure or PolicyRule.PerformanceDrop;
}

/// <summary>Plays generated steps on a real workspace: each is written, recorded, checked by real commands, and decided.</summary>
internal sealed class ReplayRun(IReplayProject project, string scratch)
{
    private readonly Dictionary<long, IReadOnlyDictionary<string, string>> _recorded = [];
    private readonly PolicyOptions _policies = new();
    private readonly string _root = Path.Combine(scratch, "work");
    private IReadOnlyDictionary<string, string> _onDisk = new Dictionary<string, string>();

    /// <summary>Runs the steps; gives each outcome as it comes.</summary>
    public async IAsyncEnumerable<ReplayOutcome> RunAsync(int faults, int harmless)
    {
        Directory.CreateDirectory(_root);
        Write(project.Good);
        var options = new SnapshotOptions { StoreHome = Path.Combine(scratch, "stores"), Policies = _policies };
        var (manager, _) = await SnapshotManager.InitAsync(_root, options);
        await using var held = manager;
        Note(manager);
        await manager.DecideAsync(await manager.CheckAsync(project.Commands));
        foreach (var kind in project.Plan(faults, harmless))
        {
            var outcome = await PlayAsync(manager, project.Next(kind));
            if (kind is ReplayKind.Harmless or ReplayKind.Version && !PolicyAction.IsRollback(outcome.Decision.Action))
            {
                project.Keep();
            }
            else if (!PolicyAction.IsRollback(outcome.Decision.Action) || outcome.Decision.Outcome != DecisionOutcome.Done)
            {
                Write(project.Good); // nobody took it back: the generator does
                await manager.CaptureAsync();
                Note(manager);
            }

            yield return outcome;
        }
    }

    private async Task<ReplayOutcome> PlayAsync(SnapshotManager manager, ReplayStep step)
    {
        Write(step.Files);
        var captured = await manager.CaptureAsync(context: new CaptureContext { Actor = new Actor("replay"), Message = step.Name });
        Note(manager);
        var check = await manager.MeasureAgainAsync(await manager.CheckAsync(project.Commands), _policies);
        var decision = await manager.DecideAsync(check);
        bool? isExact = null;
        if (PolicyAction.IsRollback(decision.Action) && decision.Outcome == DecisionOutcome.Done)
        {
            var good = _recorded[decision.Target!.Value.Value];
            isExact = IsOnDisk(good);
            _onDisk = good;
            Note(manager);
        }

        return new ReplayOutcome(step, decision, isExact, decision.Analysis is { } analysis ? analysis.Suspects.Count > 0 && analysis.Suspects[0].Snapshot == captured.Snapshot?.Number : null);
    }

    private void Note(SnapshotManager manager) => _recorded[manager.Head!.Value.Value] = _onDisk;

    private void Write(IReadOnlyDictionary<string, string> files)
    {
        foreach (var path in _onDisk.Keys.Where(path => !files.ContainsKey(path)))
        {
            File.Delete(Path.Combine(_root, path));
        }

        foreach (var (path, text) in files.Where(file => _onDisk.GetValueOrDefault(file.Key) != file.Value))
        {
            var file = Path.Combine(_root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }

        _onDisk = files;
    }

    /// <summary>Whether the tree holds these files, byte for byte, and no other.</summary>
    private bool IsOnDisk(IReadOnlyDictionary<string, string> files)
    {
        var found = Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories).ToDictionary(file => Path.GetRelativePath(_root, file), File.ReadAllText);
        return found.Count == files.Count && files.All(file => found.GetValueOrDefault(file.Key) == file.Value);
    }
}
