using Savepoint.Model;
using Savepoint.Storage;
using Savepoint.Storage.Layers;

namespace Savepoint.Tests.Storage.Layers;

/// <summary>A workspace with a history of edits, its store opened a second time as another process would, and its operations.</summary>
internal sealed class LayerHistory : IAsyncDisposable
{
    private LayerHistory(SnapshotManager manager, Workspace workspace)
    {
        (Manager, Workspace) = (manager, workspace);
        Store = SnapshotStore.Open(manager.StoreDirectory, syncEachCommit: false);
        Disk = new StoredOperations(Store, Store.Contents);
    }

    public SnapshotManager Manager { get; }

    public SnapshotStore Store { get; }

    public StoredOperations Disk { get; }

    public Workspace Workspace { get; }

    /// <summary>A baseline and so many edits, one after the other of three files, each of a session.</summary>
    public static async Task<LayerHistory> OfEditsAsync(int count, int lineCount = 20)
    {
        var workspace = new Workspace();
        var history = new LayerHistory(await workspace.InitAsync(), workspace);
        for (var i = 0; i < count; i++)
        {
            await history.EditAsync($"file{i % 3}", string.Concat(Enumerable.Range(0, lineCount).Select(line => line == i % lineCount ? $"edit {i}\n" : $"line {line}\n")));
        }

        return history;
    }

    /// <summary>An announced edit, as one more operation; its number.</summary>
    public async Task<SnapshotNumber> EditAsync(string path, string text, string session = "s1")
    {
        var edit = await Manager.BeginEditAsync([WorkspacePath.Parse(path)], new CaptureContext { Actor = new Actor("agent", session, "t1"), Tool = "Edit", Message = "an edit" });
        Workspace.Write(path, text);
        return (await edit.CommitAsync()).Snapshot!.Number;
    }

    /// <summary>The operations of the history, the oldest first; the baseline is none.</summary>
    public List<OperationSnapshot> Operations() =>
        [.. Enumerable.Range(2, (int)Store.NewestNumber() - 1).Select(number => Disk.Find(new SnapshotNumber(number))!)];

    public async ValueTask DisposeAsync()
    {
        Store.Dispose();
        await Manager.DisposeAsync();
        Workspace.Dispose();
    }
}
