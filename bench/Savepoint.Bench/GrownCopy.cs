using Savepoint.Model;

namespace Savepoint.Bench;

/// <summary>A copy of a grown history, with what was measured on it.</summary>
internal sealed class GrownCopy : IAsyncDisposable
{
    private readonly SourceText _text = new(seed: 7);
    private readonly string _directory;
    private readonly IReadOnlyList<WorkspacePath> _files;
    private SnapshotManager _manager;

    private GrownCopy(string directory, IReadOnlyList<WorkspacePath> files, long count, SnapshotManager manager)
    {
        (_directory, _files, Count, _manager) = (directory, files, count, manager);
        StoreBytes = ScratchTree.SizeOf(Options.StoreHome);
    }

    /// <summary>How many operations the history had when it was copied.</summary>
    public long Count { get; }

    /// <summary>What the store took on disk then.</summary>
    public long StoreBytes { get; }

    public Samples Capture { get; } = new();

    public Samples Undo { get; } = new();

    public Samples Open { get; } = new();

    public Samples Log { get; } = new();

    public Samples Status { get; } = new();

    private string Root => Path.Combine(_directory, "work");

    private string Home => Path.Combine(_directory, "home");

    private SnapshotOptions Options => new() { StoreHome = Path.Combine(Home, "stores") };

    public static async Task<GrownCopy> OpenAsync(string directory, string originalRoot, IReadOnlyList<WorkspacePath> files, long count)
    {
        var options = new SnapshotOptions { StoreHome = Path.Combine(directory, "home", "stores") };
        var manager = await SnapshotManager.AdoptAsync(Path.Combine(directory, "work"), originalRoot, options);
        await manager.CaptureAsync(); // the copy's files have other inodes: each is read once
        return new GrownCopy(directory, files, count, manager);
    }

    /// <summary>One edit, captured and undone.</summary>
    public async Task EditAsync(bool isMeasured)
    {
        var path = _files[_text.Next(_files.Count)];
        var file = Path.Combine(Root, path.ToString());
        PendingEdit? edit = null;
        var (capture, undo) = (new Samples(), new Samples());
        await capture.MeasureAsync(async () => edit = await _manager.BeginEditAsync([path], new CaptureContext { Actor = new Actor("bench", "measured", "measured") }));
        var lines = File.ReadAllLines(file).ToList();
        _text.Edit(lines);
        File.WriteAllBytes(file, SourceText.Bytes(lines));
        await capture.MeasureAsync(() => edit!.CommitAsync());
        await undo.MeasureAsync(() => _manager.UndoAsync());
        if (isMeasured)
        {
            Capture.Add(capture.Sum);
            Undo.Add(undo.Sum);
        }
    }

    /// <summary>What a process pays that begins anew: to open the store, and two commands as a user runs them.</summary>
    public async Task AskAsync()
    {
        await _manager.DisposeAsync();
        await Open.MeasureAsync(async () => _manager = await SnapshotManager.OpenAsync(Root, Options));
        Log.Add(Shell.Run(Root, Home, Shell.Savepoint, "log", "-n", "10"));
        Status.Add(Shell.Run(Root, Home, Shell.Savepoint, "status"));
    }

    public ValueTask DisposeAsync() => _manager.DisposeAsync();
}
