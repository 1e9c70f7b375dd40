using Savepoint.Model;

namespace Savepoint.Bench.Spec;

/// <summary>Milestones as a user makes them, and loaded again.</summary>
internal sealed class MilestonesPart(SpecTree tree, SpecSize size, SnapshotManager manager, SpecReport report)
{
    private const int EditsBetween = 20;
    private const int Loads = 100;
    private const int MilestonesAStore = 200;

    public async Task RunAsync()
    {
        var (creation, failures, made) = (new Samples(), new List<string>(), new List<SnapshotNumber>());
        for (var i = 0; i <= size.Effort.Milestones; i++)
        {
            await EditAsync();
            var head = manager.Head!.Value;
            try
            {
                var milliseconds = Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "milestone", $"milestone-{i}");
                made.Add(head);
                if (i > 0)
                {
                    creation.Add(milliseconds); // the first may archive all that was there before it
                }
            }
            catch (InvalidOperationException e)
            {
                failures.Add(e.Message);
            }
        }

        if (creation.Count > 0)
        {
            report.Set($"l3-creation-time-{size.Name}", creation);
        }

        failures.AddRange(made.Where(number => !IsWhole(manager, number)).Select(number => $"the archive of snapshot {number}"));
        Load(made);
        var inProcess = size.Name == "small" ? size.Effort.MilestonesInProcess : 0;
        for (var done = 0; done < inProcess; done += MilestonesAStore)
        {
            await MakeInProcessAsync(Math.Min(MilestonesAStore, inProcess - done), failures);
        }

        report.SetSuccess($"l3-creation-success-{size.Name}", size.Effort.Milestones + 1 + inProcess, failures, inProcess > 0 ? $"{inProcess:N0} of them in-process" : "each of them a process");
    }

    /// <summary>In a project of its own, which a real one would not give so many milestones.</summary>
    private async Task MakeInProcessAsync(int count, List<string> failures)
    {
        using var own = new SpecTree(size);
        await using var small = (await SnapshotManager.InitAsync(own.Root, own.Options)).Manager;
        for (var i = 0; i < count; i++)
        {
            var file = own.Any();
            var edit = await small.BeginEditAsync([file.Path]);
            file.Edit(own.Text);
            var number = (await edit.CommitAsync()).Snapshot!.Number;
            try
            {
                await small.MilestoneAsync($"milestone-{i}", number);
                failures.AddRange(IsWhole(small, number) ? [] : [$"in-process, the archive of snapshot {number}"]);
            }
            catch (SavepointException e)
            {
                failures.Add($"in-process: {e.Message}");
            }
        }
    }

    /// <summary>Whether the archive, read alone, has the state that the history has.</summary>
    private static bool IsWhole(SnapshotManager of, SnapshotNumber number)
    {
        try
        {
            var (archived, recorded) = (of.LoadMilestone(number).ProjectState.Entries, of.TreeAt(number));
            return archived.Count == recorded.Count && recorded.All(entry => archived.TryGetValue(entry.Key, out var state) && state.Equals(entry.Value));
        }
        catch (SavepointException)
        {
            return false;
        }
    }

    private async Task EditAsync()
    {
        for (var i = 0; i < EditsBetween; i++)
        {
            var file = tree.Any();
            var edit = await manager.BeginEditAsync([file.Path]);
            file.Edit(tree.Text);
            await edit.CommitAsync();
        }
    }

    private void Load(List<SnapshotNumber> made)
    {
        var access = new Samples();
        for (var i = 0; i < Loads; i++)
        {
            var number = made[tree.Text.Next(made.Count)];
            access.Measure(() => _ = manager.LoadMilestone(number));
        }

        report.Set($"l3-access-time-{size.Name}", access);
    }
}
