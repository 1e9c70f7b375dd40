using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Recording;

/// <summary>What a history should be: each snapshot's tree as it was read from the disk, and the undo and redo stacks.</summary>
internal sealed class HistoryModel(SnapshotManager manager, DiskTree disk)
{
    private readonly Dictionary<SnapshotNumber, SortedDictionary<string, string>> _trees = new() { [manager.Head!.Value] = disk.Read() };
    private readonly List<SnapshotNumber> _undoable = [manager.Head!.Value]; // the last is where we stand
    private readonly Stack<SnapshotNumber> _redoable = new();

    public async Task CaptureAsync(WorkspacePath[]? paths)
    {
        var result = await manager.CaptureAsync(paths);
        Stands(result.Snapshot?.Number, paths is null ? "the whole tree" : string.Join(", ", paths));
    }

    public async Task AnnouncedEditAsync(string path)
    {
        var edit = await manager.BeginEditAsync([WorkspacePath.Parse(path)]);
        Assert.Null(edit.Drift);
        disk.WriteFile(path);
        var result = await edit.CommitAsync();
        Stands(result.Snapshot?.Number, path);
    }

    public async Task UndoAsync(int count)
    {
        var possible = Math.Min(count, _undoable.Count - 1);
        var result = await manager.UndoAsync(count);
        Assert.Equal(possible == 0 ? RestoreEnding.NothingToDo : RestoreEnding.Restored, result.Ending);
        Assert.Null(result.Drift);
        for (var i = 0; i < possible; i++)
        {
            _redoable.Push(_undoable[^1]);
            _undoable.RemoveAt(_undoable.Count - 1);
        }

        ExpectPosition(result);
    }

    public async Task RedoAsync(int count)
    {
        var possible = Math.Min(count, _redoable.Count);
        var result = await manager.RedoAsync(count);
        Assert.Equal(possible == 0 ? RestoreEnding.NothingToDo : RestoreEnding.Restored, result.Ending);
        for (var i = 0; i < possible; i++)
        {
            _undoable.Add(_redoable.Pop());
        }

        ExpectPosition(result);
    }

    public async Task RollBackAsync(Random random, int edits)
    {
        for (var i = 0; i < edits; i++)
        {
            disk.Edit();
        }

        var before = disk.Read();
        var target = _trees.Keys.ElementAt(random.Next(_trees.Count));
        var hasDrift = !Equal(before, _trees[_undoable[^1]]);

        var result = await manager.RollbackAsync(target);

        if (Equal(before, _trees[target]))
        {
            Assert.Equal((RestoreEnding.NothingToDo, null), (result.Ending, result.Snapshot));
        }
        else
        {
            AssertRestored(result);
        }

        Assert.Equal(hasDrift, result.Drift is not null);
        Push(result.Drift, before);
        Push(result.Snapshot, _trees[target]);
        AssertSame(_trees[target], disk.Read(), $"after a rollback to {target}");
    }

    /// <summary>Undo brings the operation's paths back and leaves the rest; redo brings all back as it was, the drift too.</summary>
    public async Task UndoOverDriftAsync()
    {
        disk.Edit();
        var before = disk.Read();
        var result = await manager.UndoAsync();
        if (result.Ending == RestoreEnding.NothingToDo)
        {
            Assert.Single(_undoable);
            await CaptureAsync(null);
            return;
        }

        AssertRestored(result);
        var redone = await manager.RedoAsync();
        AssertRestored(redone);
        AssertSame(before, disk.Read(), "after undo and redo");

        // What the undo found in its way was recorded, and is a position of its own now; the rest is found by a capture.
        if (result.Drift is { } drift)
        {
            Push(drift, DiskTree.Recorded(manager, drift));
        }

        await CaptureAsync(null);
    }

    /// <summary>A few states of the past, path by path and as whole trees.</summary>
    public void CheckSome(Random random)
    {
        var (number, tree) = _trees.ElementAt(random.Next(_trees.Count));
        AssertSame(tree, DiskTree.Recorded(manager, number), $"as recorded at {number}");
        for (var i = 0; i < 5; i++)
        {
            var path = disk.AnyPath();
            Assert.Equal(tree.GetValueOrDefault(path, "nothing"), DiskTree.Describe(manager, manager.StateAt(number, WorkspacePath.Parse(path))));
        }
    }

    public void CheckAll()
    {
        foreach (var (number, tree) in _trees)
        {
            AssertSame(tree, DiskTree.Recorded(manager, number), $"as recorded at {number}");
        }
    }

    private static void AssertSame(SortedDictionary<string, string> expected, SortedDictionary<string, string> actual, string when)
    {
        static string Short(string? text) => text is null ? "nothing" : text.ReplaceLineEndings(" ")[..Math.Min(text.Length, 60)];
        var differing = expected.Keys.Union(actual.Keys).Where(path => expected.GetValueOrDefault(path) != actual.GetValueOrDefault(path));
        Assert.True(differing.All(_ => false), string.Join('\n', differing.Select(path => $"{path} {when}: {Short(actual.GetValueOrDefault(path))}, not {Short(expected.GetValueOrDefault(path))}")));
    }

    private static void AssertRestored(RestoreResult result) =>
        Assert.True(result.Ending == RestoreEnding.Restored, $"{result.Ending} on the way to {result.Target}:\n{string.Join('\n', result.Files.Select(file => $"{file.Path} {file.Action} {file.Result} {file.Reason}"))}");

    private static bool Equal(SortedDictionary<string, string> x, SortedDictionary<string, string> y) => x.SequenceEqual(y);

    private void Stands(SnapshotNumber? captured, string what)
    {
        var now = disk.Read();
        AssertSame(now, captured is { } number ? DiskTree.Recorded(manager, number) : _trees[_undoable[^1]], $"in the capture {captured} of {what}");
        Push(captured, now);
    }

    private void Push(SnapshotNumber? number, SortedDictionary<string, string> tree)
    {
        if (number is { } value)
        {
            Assert.True(_trees.TryAdd(value, tree), $"{value} was given twice");
            _undoable.Add(value);
            _redoable.Clear();
        }
    }

    private void ExpectPosition(RestoreResult result)
    {
        var tree = _trees[_undoable[^1]];
        AssertSame(tree, disk.Read(), $"after {result.Ending} to {result.Target}");
        if (result.Snapshot is { } number)
        {
            _trees[number] = tree;
            Assert.Equal(_undoable[^1], result.Target);
        }
    }
}
