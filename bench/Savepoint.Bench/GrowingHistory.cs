using Savepoint.Model;

namespace Savepoint.Bench;

/// <summary>
/// A history that grows as an agent's does: announced edits of one file each, by sessions of 500 operations with a turn
/// every 50, and an undo now and then. Each operation is a real one: files written, captures committed.
/// </summary>
internal sealed class GrowingHistory : IAsyncDisposable
{
    private const int OperationsPerTurn = 50;
    private const int OperationsPerSession = 500;
    private const int OperationsPerUndo = 40;

    private readonly ScratchTree _tree = new(files: 1000, fileBytes: 10_000);
    private SnapshotManager? _manager;

    /// <summary>How many operations it has: its snapshots but the baseline.</summary>
    public long Count => _manager is null ? 0 : _manager.Head!.Value.Value - 1;

    /// <summary>The bytes of all versions that edits have written.</summary>
    public long EditedBytes { get; private set; }

    public async Task GrowToAsync(long count)
    {
        _manager ??= (await SnapshotManager.InitAsync(_tree.Root, _tree.Options)).Manager;
        while (Count < count)
        {
            EditedBytes += await StepAsync(_manager, _tree, Count);
        }
    }

    /// <summary>A copy of tree and store at this length, which can be opened beside it.</summary>
    public async Task<GrownCopy> CopyAsync()
    {
        var count = Count;
        await CloseAsync(); // what is copied is at rest
        await CloseAsync();
        var copy = Directory.CreateDirectory(Path.Combine(_tree.Scratch, $"copy-{count}")).FullName;
        Shell.Run(copy, copy, "cp", "-a", _tree.Root, _tree.Home, copy);
        _manager = await SnapshotManager.OpenAsync(_tree.Root, _tree.Options);
        return await GrownCopy.OpenAsync(copy, _tree.Root, [.. _tree.Files.Select(file => file.Path)], count);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _tree.Dispose();
    }

    private static async Task<long> StepAsync(SnapshotManager manager, ScratchTree tree, long operation)
    {
        var file = tree.Text.Next(tree.Files.Count);
        var before = tree.Files[file].Lines.ToArray();
        var edit = await manager.BeginEditAsync([tree.Files[file].Path], ContextOf(operation));
        var bytes = tree.Edit(file);
        await edit.CommitAsync();
        if (operation % OperationsPerUndo == 0)
        {
            await manager.UndoAsync();
            tree.Files[file].Lines.Clear();
            tree.Files[file].Lines.AddRange(before);
        }

        return bytes;
    }

    private static CaptureContext ContextOf(long operation) => new()
    {
        Actor = new Actor("bench", $"session-{operation / OperationsPerSession}", $"turn-{operation / OperationsPerTurn}", null),
        Tool = "edit",
    };

    private ValueTask CloseAsync() => _manager?.DisposeAsync() ?? ValueTask.CompletedTask;
}
