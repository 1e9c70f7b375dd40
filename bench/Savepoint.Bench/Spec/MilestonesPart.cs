using Savepoint.Model;

namespace Savepoint.Bench.Spec;

/// <summary>Milestones as a user makes them, and loaded again.</summary>
internal sealed class MilestonesPart(SpecTree tree, SpecSize size, SnapshotManager manager, SpecReport report)
{
    private const int EditsBetween = 20;
    private const int Loads = 100;
    private const int MilestonesAStore = 200;
    private const int MilestonesALargeStore = 1000; // the first of each archives all of the tree
    private const int MilestonesACheck = 100; // of the large tree: reading back a state takes longer than archiving one

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
        var (inProcess, aStore, aCheck) = size.Name == "large" ? (size.Effort.MilestonesInProcess, MilestonesALargeStore, MilestonesACheck) : (size.Effort.MilestonesInProcess, MilestonesAStore, 1);
        for (var done = 0; done < inProcess; done += aStore)
        {
            await MakeInProcessAsync(Math.Min(aStore, inProcess - done), aCheck, failures);
        }

        report.SetSuccess(
            $"l3-creation-success-{size.Name}", size.Effort.Milestones + 1 + inProcess, failures,
            $"{inProcess:N0} of them in-process, {(aCheck == 1 ? "each" : $"one of {aCheck}")} read back and compared");
    }

    /// <summary>In stores of their own over the same tree, since no real one has so many milestones.</summary>
    private async Task MakeInProcessAsync(int count, int aCheck, List<string> failures)
    {
        var home = Directory.CreateDirectory(Path.Combine(tree.Home, "milestones"));
        var path = WorkspacePath.Parse("milestones.txt");
        var file = Path.Combine(tree.Root, path.ToString());
        await using (var own = (await SnapshotManager.InitAsync(tree.Root, new() { StoreHome = home.FullName })).Manager)
        {
            for (var i = 1; i <= count; i++)
            {
                var edit = await own.BeginEditAsync([path]);
                await File.AppendAllTextAsync(file, FormattableString.Invariant($"{i}\n"));
                var number = (await edit.CommitAsync()).Snapshot!.Number;
                try
                {
                    await own.MilestoneAsync($"milestone-{i}", number);
                    failures.AddRange(i % aCheck != 0 || IsWhole(own, number) ? [] : [$"in-process, the archive of snapshot {number}"]);
                }
                catch (SavepointException e)
                {
                    failures.Add($"in-process: {e.Message}");
                }
            }
        }

        File.Delete(file);
        home.Delete(recursive: true);
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
