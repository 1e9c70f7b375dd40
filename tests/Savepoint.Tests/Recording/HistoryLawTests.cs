using CsCheck;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Recording;

/// <summary>Random histories against a model that keeps every state as a plain dictionary, and undo as two stacks.</summary>
public sealed class HistoryLawTests
{
    private const int StepCount = 25;

    private static readonly int HistoryCount = int.TryParse(Environment.GetEnvironmentVariable("SAVEPOINT_TEST_HISTORIES"), out var count) ? count : 40;

    [Fact]
    public Task Any_history_is_what_a_plain_dictionary_says() =>
        Gen.Int.SampleAsync(CheckAsync, iter: HistoryCount, threads: 2);

    private static async Task CheckAsync(int seed)
    {
        using var workspace = new Workspace();
        var random = new Random(seed);
        var disk = new DiskTree(workspace.Root, random);
        await using var manager = await workspace.InitAsync();
        var model = new HistoryModel(manager, disk);
        for (var step = 0; step < StepCount; step++)
        {
            switch (random.Next(10))
            {
                case 0:
                    await model.UndoAsync(random.Next(1, 4));
                    break;
                case 1:
                    await model.RedoAsync(random.Next(1, 4));
                    break;
                case 2:
                    await model.RollBackAsync(random, edits: random.Next(3));
                    break;
                case 3:
                    await model.UndoOverDriftAsync();
                    break;
                case 4:
                    await model.AnnouncedEditAsync(disk.AnyPath());
                    break;
                case 5 or 6:
                    var touched = disk.Edit();
                    await model.CaptureAsync([.. touched.Select(WorkspacePath.Parse)]);
                    break;
                default:
                    disk.Edit();
                    disk.Edit();
                    await model.CaptureAsync(null);
                    break;
            }

            model.CheckSome(random);
        }

        model.CheckAll();
        Assert.Empty(manager.Verify().Problems);
    }
}
