// How an agent written in .NET records its own edits and takes them back. Copy what you need.
//
//     dotnet run --project samples/EditingAgent [DIRECTORY]
//
// Without a directory it works in a scratch one, which it removes.

using Savepoint;
using Savepoint.Model;

var scratch = Directory.CreateTempSubdirectory("editing-agent-");
try
{
    var workspace = args is [var given] ? Path.GetFullPath(given) : scratch.CreateSubdirectory("project").FullName;
    var stores = Path.Combine(scratch.FullName, "stores"); // a real agent: one folder outside all workspaces, always the same

    // Opens the workspace, or starts tracking it: the whole tree as it is becomes the baseline.
    var (manager, baseline) = await SnapshotManager.InitAsync(workspace, new SnapshotOptions { StoreHome = stores });
    await using var tracked = manager;
    Console.WriteLine($"tracking {manager.Root}, baseline {baseline.Snapshot?.Number.ToString() ?? "recorded before"}");

    await EditAsync("greeting.txt", "Hello\n", turn: "1");
    var beforeSecond = manager.Head!.Value;
    await EditAsync("greeting.txt", "Hello, world\n", turn: "2");

    // One step back, and forward again. What a person changed elsewhere stays.
    await manager.UndoAsync();
    Console.WriteLine($"after undo: {Read("greeting.txt")}");
    await manager.RedoAsync();
    Console.WriteLine($"after redo: {Read("greeting.txt")}");

    // The whole tree as it was at a snapshot. What nobody recorded is recorded first.
    File.WriteAllText(Path.Combine(workspace, "stray.txt"), "made by a shell command\n");
    var rollback = await manager.RollbackAsync(beforeSecond);
    Console.WriteLine($"rollback to {rollback.Target}: {rollback.Ending}, verified {rollback.IsVerified}, what was unrecorded is in {rollback.Drift}");
    Console.WriteLine($"after rollback: {Read("greeting.txt")}, stray.txt {(File.Exists(Path.Combine(workspace, "stray.txt")) ? "is there" : "is gone")}");

    await foreach (var snapshot in manager.HistoryAsync())
    {
        var paths = string.Join(", ", snapshot.Changes.Select(change => $"{change.Kind} {change.Path}"));
        Console.WriteLine($"{snapshot.Number,3} {snapshot.Kind,-9} turn {snapshot.Actor.Turn ?? "-"}  {paths}");
    }

    // Before an edit: announce the paths. After it: commit. The snapshot holds this edit alone, and who made it.
    async Task EditAsync(string path, string text, string turn)
    {
        var context = new CaptureContext { Actor = new Actor(Agent: "editing-agent", Session: "demo", Turn: turn), Tool = "write_file" };
        var edit = await manager.BeginEditAsync([WorkspacePath.Parse(path)], context);
        await File.WriteAllTextAsync(Path.Combine(workspace, path), text);
        var capture = await edit.CommitAsync();
        Console.WriteLine($"edit of {path} is snapshot {capture.Snapshot?.Number}");
    }

    string Read(string path) => File.ReadAllText(Path.Combine(workspace, path)).TrimEnd();
}
finally
{
    scratch.Delete(recursive: true);
}
