using System.Security.Cryptography;
using Savepoint.Model;
using Savepoint.Tests.Storage.Milestones;
using Xunit;

namespace Savepoint.Tests.Storage.Repair;

/// <summary>A store with packs, archives, an index and a log that is not folded back, to be damaged again and again, and what its states were.</summary>
internal sealed class DamagedStore : IDisposable
{
    private readonly ArchivedHistory _history;
    private readonly string _kept;
    private readonly string _store;
    private readonly string _keptTree;

    private DamagedStore(ArchivedHistory history)
    {
        _history = history;
        _store = Directory.GetDirectories(history.Workspace.Options.StoreHome).Single();
        _kept = Path.Combine(history.Workspace.Scratch, "kept");
        _keptTree = Path.Combine(history.Workspace.Scratch, "kept-tree");
        Copy(_store, _kept);
        Copy(Root, _keptTree);
        Files = [.. Directory.GetFiles(_store, "*", SearchOption.AllDirectories).Where(file => new FileInfo(file).Length > 0 && Path.GetFileName(file) != "workspace.json").Order(StringComparer.Ordinal)];
    }

    public string Root => _history.Workspace.Root;

    public SnapshotOptions Options => _history.Workspace.Options;

    /// <summary>What can be damaged.</summary>
    public List<string> Files { get; }

    public int StateCount => _history.Manifests.Count;

    public static async Task<DamagedStore> MakeAsync(int seed)
    {
        var history = new ArchivedHistory(seed);
        await using (var manager = await history.InitAsync(files: 12))
        {
            await history.WorkAsync(manager, steps: 30);
            await manager.MilestoneAsync("first", manager.Head!.Value);
            await manager.CleanUpAsync();
            await history.WorkAsync(manager, steps: 10);
            await manager.MilestoneAsync("second", manager.Head!.Value);
            await history.WorkAsync(manager, steps: 8);
        }

        return new DamagedStore(history);
    }

    /// <summary>Everything as it was recorded.</summary>
    public void Reset()
    {
        Directory.Delete(_store, recursive: true);
        Copy(_kept, _store);
        foreach (var file in Directory.GetFiles(Root, "*", SearchOption.AllDirectories).Where(file => new FileInfo(file).LinkTarget is null && !File.Exists(Path.Combine(_keptTree, Path.GetRelativePath(Root, file)))))
        {
            File.Delete(file);
        }
    }

    /// <summary>What a verification says; of a store that cannot be opened, why.</summary>
    public async Task<IReadOnlyList<string>> VerifyAsync(string what)
    {
        try
        {
            await using var manager = await SnapshotManager.OpenAsync(Root, Options);
            return manager.Verify(deep: true).Problems;
        }
        catch (SavepointException e)
        {
            Assert.True(e.Code is ErrorCode.Damaged or ErrorCode.Environment or ErrorCode.NewerFormat, $"{what}: {e.Code} {e.Message}");
            return [e.Message];
        }
    }

    /// <summary>
    /// Each state is what it was, byte for byte, but for what these lines name: a content, a snapshot that changed the path, or the
    /// database's structure as such.
    /// </summary>
    /// <returns>How many states are whole.</returns>
    public async Task<long> CheckAsync(IReadOnlyList<string> named, string what)
    {
        SnapshotManager manager;
        try
        {
            manager = await SnapshotManager.OpenAsync(Root, Options);
        }
        catch (SavepointException) when (named.Count > 0)
        {
            return 0;
        }

        await using (manager)
        {
            return _history.Manifests.Count(state => IsWhole(manager, state.Key, state.Value, named, what));
        }
    }

    /// <summary>The history goes on, and what it records is sound.</summary>
    public async Task CheckRecordingAsync(int problemCount, string what)
    {
        await using var manager = await SnapshotManager.OpenAsync(Root, Options);
        _history.Workspace.Write("after-the-repair.txt", "new");
        var captured = await manager.CaptureAsync();
        Assert.True(captured.Snapshot is not null, what);
        var state = Assert.IsType<FileState.Regular>(manager.StateAt(captured.Snapshot.Number, WorkspacePath.Parse("after-the-repair.txt")));
        Assert.Equal("new"u8.ToArray(), manager.Contents.Read(state.Content));
        Assert.True(manager.Verify(deep: true).Problems.Count <= problemCount, what);
    }

    public void Dispose() => _history.Dispose();

    private static bool IsWhole(SnapshotManager manager, long number, Dictionary<string, string> manifest, IReadOnlyList<string> named, string what)
    {
        var isGeneral = named.Any(line => line.StartsWith("database", StringComparison.Ordinal) || line.StartsWith("log:", StringComparison.Ordinal) || line.Contains("were recorded and are lost", StringComparison.Ordinal));
        IReadOnlyDictionary<WorkspacePath, FileState> tree;
        try
        {
            tree = manager.TreeAt(new SnapshotNumber(number));
        }
        catch (SavepointException e)
        {
            Assert.True(named.Count > 0, $"{what}: state {number} cannot be read, and nobody said so: {e.Message}");
            return false;
        }

        var files = tree.Where(entry => entry.Value is FileState.Regular).ToDictionary(entry => entry.Key.ToString(), entry => Hash(manager, ((FileState.Regular)entry.Value).Content));
        var wrong = manifest.Keys.Union(files.Keys).Where(path => manifest.GetValueOrDefault(path) != files.GetValueOrDefault(path)).ToList();
        if (wrong.Count > 0 && !isGeneral)
        {
            Assert.True(named.Any(line => line.StartsWith("content", StringComparison.Ordinal) || line.StartsWith("snapshot", StringComparison.Ordinal) || line.StartsWith("changes", StringComparison.Ordinal) || line.StartsWith("tree", StringComparison.Ordinal)),
                $"{what}: {wrong[0]} at {number} is not what it was, and nobody said so: {string.Join("; ", named)}");
        }

        return wrong.Count == 0;
    }

    private static string Hash(SnapshotManager manager, ContentId id)
    {
        try
        {
            return Convert.ToHexStringLower(SHA256.HashData(manager.Contents.Read(id)));
        }
        catch (SavepointException)
        {
            return "lost";
        }
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.GetDirectories(from, "*", SearchOption.AllDirectories).Where(folder => new DirectoryInfo(folder).LinkTarget is null))
        {
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        }

        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(file => new FileInfo(file).LinkTarget is null))
        {
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
        }
    }
}
