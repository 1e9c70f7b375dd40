using Savepoint.Model;
using Savepoint.Storage;
using Savepoint.Tests.Structure;
using Xunit;

namespace Savepoint.Tests.Storage;

/// <summary>What belongs to a store, and what the page on its format says of it.</summary>
public sealed class StoreFilesTests
{
    private static readonly string Page = Repository.Read("docs/file-format.md");

    [Fact]
    public async Task A_store_kept_elsewhere_is_deleted_with_all_that_is_its_own_and_nothing_else()
    {
        using var workspace = new Workspace();
        var elsewhere = Directory.CreateDirectory(Path.Combine(workspace.Scratch, "elsewhere")).FullName;
        workspace.Write("file", "one");
        var (manager, _) = await SnapshotManager.InitAsync(workspace.Root, workspace.Options, elsewhere);
        await manager.MilestoneAsync("first", manager.Head!.Value);
        await manager.DisposeAsync();
        File.WriteAllText(Path.Combine(elsewhere, "notes.txt"), "somebody's");
        foreach (var file in (string[])["check", "watch", "store.db.rebuilt", "damaged-20260101T000000Z/store.db", "damaged-20260101T000000Z/1.l3", "damaged-20260101T000000Z-2/store.db-wal", "repair/new.db", "repair/new.db-wal", "repair/store.db"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(elsewhere, file))!);
            File.WriteAllText(Path.Combine(elsewhere, file), "history");
        }

        await SnapshotManager.UntrackAsync(workspace.Root, workspace.Options, deleteHistory: true);

        Assert.Equal(["notes.txt"], Directory.EnumerateFileSystemEntries(elsewhere, "*", SearchOption.AllDirectories).Select(entry => Path.GetRelativePath(elsewhere, entry)));
    }

    [Theory]
    [InlineData(StoreFiles.Database)]
    [InlineData(StoreFiles.Log)]
    [InlineData(StoreFiles.Rebuilt)]
    [InlineData(StoreFiles.Repair + "/")]
    [InlineData(StoreFiles.Lock)]
    [InlineData(StoreFiles.Watch)]
    [InlineData(StoreFiles.Check)]
    [InlineData(StoreFiles.MainIndex)]
    [InlineData(StoreFiles.Record)]
    [InlineData(StoreFiles.Untracked)]
    public void The_page_names_each_file(string name) =>
        Assert.Contains(Tree().Split('\n'), line => line.TrimStart().Split([' ', ','], StringSplitOptions.RemoveEmptyEntries) is var words && words.Take(2).Contains(name));

    [Fact]
    public void The_page_has_the_format_that_is_written()
    {
        Assert.Contains($"`PRAGMA user_version` the format: **{Schema.Version}**", Page, StringComparison.Ordinal);
        Assert.Contains($"\n| {Schema.Version} | ", Page, StringComparison.Ordinal);
        Assert.DoesNotContain($"\n| {Schema.Version + 1} | ", Page[..Page.IndexOf("## Tables", StringComparison.Ordinal)], StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_has_every_event_that_is_stored()
    {
        var events = typeof(Savepoint.Events.EventName).GetFields().Select(field => (string)field.GetRawConstantValue()!).Except([Savepoint.Events.EventName.Created, Savepoint.Events.EventName.Rollback]).ToList();

        Assert.NotEmpty(events);
        var from = Page.IndexOf("`details` has: ", StringComparison.Ordinal);
        var details = Page[from..Page.IndexOf("A name that a reader does not know", from, StringComparison.Ordinal)];
        Assert.All(events, name => Assert.Contains($"`{name}` `", details, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nfs4")]
    [InlineData("cifs")]
    public void A_store_on_another_machine_is_refused(string format) =>
        Assert.Equal(ErrorCode.RefusedWorkspace, Assert.Throws<SavepointException>(() => NetworkFileSystem.Refuse("/mnt/share", format)).Code);

    [Fact]
    public void A_local_disk_and_one_of_unknown_kind_are_not()
    {
        NetworkFileSystem.Refuse("/home", "ext4");
        NetworkFileSystem.Refuse("/home", format: null);
        NetworkFileSystem.Refuse(Path.Combine(Path.GetTempPath(), "not", "there", "yet"));
    }

    private static string Tree()
    {
        var from = Page.IndexOf("## Folders and files", StringComparison.Ordinal);
        return Page[from..Page.IndexOf("`workspace.json`: ", from, StringComparison.Ordinal)];
    }
}
