using Savepoint.Model;

namespace Savepoint.Bench.Spec;

/// <summary>Milestones as a user makes them, and loaded again.</summary>
internal sealed class MilestonesPart(SpecTree tree, SpecSize size, SnapshotManager manager, SpecReport report)
{
    private const int EditsBetween = 20;
    private const int Loads = 100;

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

        if (size.Name == "medium")
        {
            report.SetSuccess("l3-creation-success", size.Effort.Milestones + 1, failures);
            Load(made);
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

        report.Set("l3-access-time", access);
    }
}
