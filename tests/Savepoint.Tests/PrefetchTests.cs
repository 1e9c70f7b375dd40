using System.Text;
using Savepoint.Model;
using Savepoint.Tests.Storage;
using Xunit;

namespace Savepoint.Tests;

/// <summary>What is decoded ahead is what going back asks for.</summary>
public sealed class PrefetchTests
{
    [Fact]
    public async Task An_undo_a_rollback_to_the_newest_label_and_to_the_last_verified_state_find_their_contents_decoded()
    {
        using var workspace = new Workspace();
        foreach (var name in (string[])["undone", "labelled", "verified", "unlikely"])
        {
            workspace.Write(name, Text(name));
        }

        await using (var recording = await workspace.InitAsync())
        {
            await EditAsync(recording, workspace, "unlikely");
            await recording.RecordVerificationAsync(recording.Head!.Value, BuildResult.Passed);
            await EditAsync(recording, workspace, "verified");
            recording.AddLabel("here", recording.Head!.Value);
            await EditAsync(recording, workspace, "labelled");
            await EditAsync(recording, workspace, "undone");
        }

        await using var manager = await workspace.OpenAsync();
        Assert.Equal(3, manager.Prefetch());
        Sql.Execute(Path.Combine(manager.StoreDirectory, "store.db"), "UPDATE contents SET data = x'00', method = 0, base = NULL, position = 0");

        Assert.All((string[])["undone", "labelled", "verified"], name => Assert.Equal(Text(name), Read(manager, name)));
        Assert.Throws<SavepointException>(() => Read(manager, "unlikely"));
    }

    [Fact]
    public async Task The_file_in_hand_is_in_memory_from_its_capture_on_without_a_prediction()
    {
        using var workspace = new Workspace();
        await using var manager = await workspace.InitAsync();
        workspace.Write("hand", Text("one"));
        await manager.CaptureAsync();
        workspace.Write("hand", Text("two"));
        await manager.CaptureAsync();
        _ = manager.TakeContentCounts();
        Sql.Execute(Path.Combine(manager.StoreDirectory, "store.db"), "UPDATE contents SET data = x'00', method = 0, base = NULL, position = 0");

        foreach (var (number, text) in (ReadOnlySpan<(long, string)>)[(3, "two"), (2, "one")])
        {
            var state = Assert.IsType<FileState.Regular>(manager.StateAt(new SnapshotNumber(number), WorkspacePath.Parse("hand")));
            Assert.Equal(Text(text), Encoding.UTF8.GetString(manager.Contents.Read(state.Content)));
        }

        Assert.Equal((2, 0), manager.TakeContentCounts());
    }

    [Fact]
    public async Task No_more_is_decoded_than_was_asked_for()
    {
        using var workspace = new Workspace();
        workspace.Write("a", Text("a"));
        workspace.Write("b", Text("b"));
        await using var manager = await workspace.InitAsync();
        manager.AddLabel("here", manager.Head!.Value);
        await EditAsync(manager, workspace, "a");
        await EditAsync(manager, workspace, "b");

        Assert.Equal(1, manager.Prefetch(Text("b").Length + 5));
        Assert.Equal(0, manager.Prefetch(5));
    }

    private static async Task EditAsync(SnapshotManager manager, Workspace workspace, string name)
    {
        workspace.Write(name, "changed\n");
        await manager.CaptureAsync();
    }

    private static string Read(SnapshotManager manager, string name) =>
        Encoding.UTF8.GetString(manager.Contents.Read(Assert.IsType<FileState.Regular>(manager.StateAt(new SnapshotNumber(1), WorkspacePath.Parse(name))).Content));

    private static string Text(string name) => string.Concat(Enumerable.Range(0, 100).Select(line => $"{name} {line}\n"));
}
