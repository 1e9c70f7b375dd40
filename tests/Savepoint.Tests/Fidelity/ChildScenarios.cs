using System.Globalization;
using Savepoint.Model;

namespace Savepoint.Tests.Fidelity;

/// <summary>What a child process can be asked to do.</summary>
internal static class ChildScenarios
{
    public static Task RunAsync(string scenario, string[] arguments) => (scenario, arguments) switch
    {
        ("fidelity", [var wreck]) => FidelityAsync(wreck),
        ("unreadable", []) => UnreadableAsync(),
        ("init", [var root, var stores]) => InitAsync(root, stores),
        ("capture", [var root, var stores]) => CaptureAsync(root, stores),
        ("capture and report", [var root, var stores]) => CaptureAndReportAsync(root, stores),
        ("capture and wait", [var root, var stores, var file, var text]) => CaptureAndWaitAsync(root, stores, file, text),
        ("edit", [var root, var stores, var file, var count]) => EditAsync(root, stores, file, int.Parse(count, CultureInfo.InvariantCulture)),
        ("begin a command and wait", [var root, var stores, var file]) => BeginCommandAndWaitAsync(root, stores, file),
        ("watch", [var root, var stores]) => WatchAsync(root, stores),
        ("compact", [var root, var stores]) => CompactAsync(root, stores),
        ("forget", [var root, var stores, var path]) => ForgetAsync(root, stores, path),
        ("soak", [var hours, var operations, var quota]) => Soak.SoakRun.RunAsync(int.Parse(hours, CultureInfo.InvariantCulture), int.Parse(operations, CultureInfo.InvariantCulture), long.Parse(quota, CultureInfo.InvariantCulture), ChildProcess.Say),
        ("apply a diff", [var root, var stores, var diff]) => ApplyDiffAsync(root, stores, diff),
        ("roll back", [var root, var stores, var number]) => RollBackAsync(root, stores, long.Parse(number, CultureInfo.InvariantCulture)),
        ("revert", [var root, var stores, var number]) => RevertAsync(root, stores, long.Parse(number, CultureInfo.InvariantCulture)),
        _ => throw new ArgumentException($"There is no scenario '{scenario}' with {arguments.Length} arguments.", nameof(scenario)),
    };

    private static Task FidelityAsync(string wreck)
    {
        OrdinaryUser.Become();
        return FidelityCheck.RunAsync(wreck, eachEntry: true);
    }

    /// <summary>Closes a recorded file to everybody, rolls back, and says what became of it.</summary>
    private static async Task UnreadableAsync()
    {
        OrdinaryUser.Become();
        using var workspace = new Workspace();
        workspace.Write("closed", "bytes");
        workspace.Write("open", "1");
        await using var manager = await workspace.InitAsync();
        workspace.Write("open", "2");
        Shell.Run(workspace.Root, "chmod 0 closed");
        var result = await manager.RollbackAsync(new SnapshotNumber(1));
        ChildProcess.Say($"{result.Ending} verified={result.IsVerified} open={workspace.Read("open")}");
        ChildProcess.Say(string.Join(' ', result.Files.Select(file => $"{file.Path}:{file.Result}")));
    }

    private static async Task InitAsync(string root, string stores)
    {
        await using var manager = (await SnapshotManager.InitAsync(root, Options(stores))).Manager;
    }

    private static async Task ApplyDiffAsync(string root, string stores, string diff)
    {
        await using var manager = await OpenAsync(root, stores);
        var content = await File.ReadAllTextAsync(diff);
        ChildProcess.Say("begins");
        var result = await new EditingTools(manager).ApplyUnifiedDiffAsync(content, context: new CaptureContext { Actor = new Actor("child", Turn: "killed") });
        ChildProcess.Say($"{result.Success} {result.Message}");
    }

    private static async Task CompactAsync(string root, string stores)
    {
        await using var manager = await OpenAsync(root, stores);
        ChildProcess.Say("begins");
        await manager.CompactAsync(Savepoint.Compaction.CompactionLevel.Aggressive);
    }

    private static async Task ForgetAsync(string root, string stores, string path)
    {
        await using var manager = await OpenAsync(root, stores);
        ChildProcess.Say("begins");
        await manager.ForgetAsync([WorkspacePath.Parse(path)]);
    }

    private static async Task CaptureAsync(string root, string stores)
    {
        await using var manager = await OpenAsync(root, stores);
        await manager.CaptureAsync();
    }

    private static async Task CaptureAndReportAsync(string root, string stores)
    {
        await using var manager = await OpenAsync(root, stores);
        try
        {
            await manager.CaptureAsync();
            ChildProcess.Say("captured");
        }
        catch (SavepointException e)
        {
            ChildProcess.Say(e.Code.ToString());
        }
    }

    private static async Task CaptureAndWaitAsync(string root, string stores, string file, string text)
    {
        var manager = await OpenAsync(root, stores);
        await File.WriteAllTextAsync(Path.Combine(root, file), text);
        var result = await manager.CaptureAsync();
        ChildProcess.Say(result.Snapshot!.Number.ToString());
        Console.In.ReadLine(); // until killed
    }

    private static async Task EditAsync(string root, string stores, string file, int count)
    {
        await using var manager = await OpenAsync(root, stores);
        for (var i = 0; i < count; i++)
        {
            var edit = await manager.BeginEditAsync([WorkspacePath.Parse(file)]);
            await File.WriteAllTextAsync(Path.Combine(root, file), $"edit {i}");
            await edit.CommitAsync();
        }
    }

    private static async Task BeginCommandAndWaitAsync(string root, string stores, string file)
    {
        var manager = await OpenAsync(root, stores);
        await manager.BeginCommandAsync(new CaptureContext { Actor = new Actor("dead agent") });
        await File.WriteAllTextAsync(Path.Combine(root, file), "half");
        ChildProcess.Say("begun");
        Console.In.ReadLine(); // until killed
    }

    private static async Task WatchAsync(string root, string stores)
    {
        await using var manager = await OpenAsync(root, stores);
        await foreach (var snapshot in manager.WatchAsync(new WatchOptions { Status = new Sayer() }))
        {
            ChildProcess.Say(snapshot.Number.ToString());
        }
    }

    private sealed class Sayer : IProgress<WatcherStatus>
    {
        public void Report(WatcherStatus value) => ChildProcess.Say("watching");
    }

    private static async Task RollBackAsync(string root, string stores, long number)
    {
        await using var manager = await OpenAsync(root, stores);
        ChildProcess.Say("begins");
        var result = await manager.RollbackAsync(new SnapshotNumber(number));
        ChildProcess.Say(result.Ending.ToString());
    }

    private static async Task RevertAsync(string root, string stores, long number)
    {
        await using var manager = await OpenAsync(root, stores);
        ChildProcess.Say("begins");
        await manager.RevertAsync(new SnapshotNumber(number));
    }

    private static Task<SnapshotManager> OpenAsync(string root, string stores) => SnapshotManager.OpenAsync(root, Options(stores));

    private static SnapshotOptions Options(string stores) => new() { StoreHome = stores };
}
