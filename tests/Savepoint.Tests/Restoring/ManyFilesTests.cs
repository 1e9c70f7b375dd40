using System.Globalization;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Restoring;

/// <summary>Restores of more files than one thread takes.</summary>
public sealed class ManyFilesTests : IDisposable
{
    private const int Count = 200;

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task All_of_them_are_brought_back_with_their_folders_and_modes()
    {
        var paths = Write(i => $"{i}, first\n");
        await using var manager = await _workspace.InitAsync();
        Write(i => $"{i}, second\n");
        Directory.Delete(_workspace.At("d3"), recursive: true);
        _workspace.Write("d4/new", "new\n");
        await manager.CaptureAsync();

        var undone = await manager.UndoAsync();

        Assert.Equal((RestoreEnding.Restored, true), (undone.Ending, undone.IsVerified));
        Assert.All(paths, (path, i) => Assert.Equal($"{i}, first\n", _workspace.Read(path)));
        Assert.False(Path.Exists(_workspace.At("d4/new")));
        Assert.Null((await manager.CaptureAsync()).Snapshot);
        Assert.Equal(RestoreEnding.Restored, (await manager.RedoAsync()).Ending);
        Assert.Null((await manager.CaptureAsync()).Snapshot);
    }

    [Fact]
    public async Task One_that_cannot_be_written_undoes_the_whole_and_is_named()
    {
        var paths = Write(i => $"{i}, first\n");
        await using var manager = await _workspace.InitAsync();
        Write(i => $"{i}, second\n");
        await manager.CaptureAsync();
        File.Delete(_workspace.At(paths[70]));
        Fidelity.Shell.Run(_workspace.Root, "mkfifo \"$1\"", paths[70]);

        var failed = await manager.UndoAsync();

        Assert.Equal(RestoreEnding.Failed, failed.Ending);
        Assert.Equal(paths[70], Assert.Single(failed.Files, file => file.Result == RestoreFileResult.Failed).Path.ToString());
        Assert.All(paths.Where(path => path != paths[70]), path => Assert.EndsWith("second\n", _workspace.Read(path), StringComparison.Ordinal));
        Assert.DoesNotContain(Directory.EnumerateFiles(_workspace.Root, "*", SearchOption.AllDirectories), file => Path.GetFileName(file).StartsWith(".~sp-", StringComparison.Ordinal));
    }

    private List<string> Write(Func<int, string> text)
    {
        List<string> paths = [.. Enumerable.Range(0, Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"d{i % 8}/f{i}"))];
        for (var i = 0; i < Count; i++)
        {
            _workspace.Write(paths[i], text(i));
        }

        return paths;
    }
}
