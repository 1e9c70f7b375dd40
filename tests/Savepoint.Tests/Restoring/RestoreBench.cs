using Savepoint.Model;
using Savepoint.Recording;
using Savepoint.Restoring;
using Savepoint.Storage;
using Savepoint.Tests.Fidelity;
using Savepoint.Tests.Workspaces;
using Savepoint.Workspaces;

namespace Savepoint.Tests.Restoring;

/// <summary>
/// A workspace with two recorded states that differ in every way one path can, and a restore from the second to the
/// first that can be interrupted anywhere.
/// </summary>
internal sealed class RestoreBench : IDisposable
{
    private const string First = """
        printf one > modified ; printf same > mode-only ; chmod 0600 mode-only ; printf gone > deleted
        printf file > file-to-folder ; mkdir folder-to-file ; printf in > folder-to-file/inner
        ln -s first link ; ln -s target link-to-file ; printf file > file-to-link
        mkdir -p deep/er/est locked ; printf d > deep/er/est/file ; printf l > locked/file ; chmod 0555 locked
        mkdir moved-from ; printf moving > moved-from/file
        """;

    private const string Second = """
        printf two > modified ; chmod 0644 mode-only ; rm deleted ; printf added > added
        rm file-to-folder ; mkdir file-to-folder ; printf x > file-to-folder/x ; rm -r folder-to-file ; printf now > folder-to-file
        ln -sfn second link ; rm link-to-file ; printf now > link-to-file ; rm file-to-link ; ln -s now file-to-link
        rm -r deep ; chmod 0755 locked ; printf more >> locked/file ; printf new > locked/new ; chmod 0555 locked
        mkdir moved-to ; mv moved-from/file moved-to/file ; rmdir moved-from ; mkdir -p fresh/sealed ; printf f > fresh/sealed/f ; chmod 0500 fresh/sealed
        """;

    private readonly TemporaryFolder _folder = new();

    private RestoreBench()
    {
        Root = Directory.CreateDirectory(_folder["work"]).FullName;
        Options = new SnapshotOptions { StoreHome = _folder["stores"] };
    }

    public string Root { get; }

    public SnapshotOptions Options { get; }

    /// <summary>The tree at snapshot 1.</summary>
    public required string FirstTree { get; init; }

    /// <summary>The tree at snapshot 2, where it stands.</summary>
    public required string SecondTree { get; init; }

    private string StoreDirectory { get; init; } = "";

    public static async Task<RestoreBench> CreateAsync()
    {
        var bare = new RestoreBench { FirstTree = "", SecondTree = "" };
        Shell.Run(bare.Root, First);
        await using var manager = (await SnapshotManager.InitAsync(bare.Root, bare.Options)).Manager;
        var first = Manifest.OfTree(bare.Root);
        Shell.Run(bare.Root, Second);
        await manager.CaptureAsync();
        return new RestoreBench(bare) { FirstTree = first, SecondTree = Manifest.OfTree(bare.Root), StoreDirectory = manager.StoreDirectory };
    }

    private RestoreBench(RestoreBench bare) => (_folder, Root, Options) = (bare._folder, bare.Root, bare.Options);

    /// <summary>Goes from the head back to snapshot 1 as the manager does, up to the commit.</summary>
    /// <param name="beforeWrite">Called before each write to the tree, with its number from 0.</param>
    /// <param name="synced">Takes what was synced, in order. Null: nothing is synced.</param>
    public RestoreOutcome Run(Action<int> beforeWrite, List<WorkspacePath>? synced = null)
    {
        using var store = SnapshotStore.Open(StoreDirectory, syncEachCommit: false);
        using var tree = new InterruptedTree(WorkspaceTree.Open(Root), beforeWrite);
        var head = store.Head("main")!.Value;
        var target = new SnapshotNumber(1);
        var changes = store.Between(head, target);
        var plan = RestorePlan.Create(changes, store.StatesAt(head, [.. changes.Select(change => change.Path.Parent).Distinct()]));
        var draft = new Snapshot { Branch = "main", Kind = SnapshotKind.Rollback, Time = DateTimeOffset.UnixEpoch, Target = target, Changes = [] };
        var pending = store.Journal.Begin(draft, plan.Steps);
        var limits = new RecordingLimits(long.MaxValue, ContentStore.MaxWholeBytes);
        FileState? ReadNow(WorkspacePath path) => new StateReader(tree, HashingSink.Instance, limits, new CoverageBuilder()).Read(path, FileState.None);
        var outcome = new Restorer(tree, store.Contents, ReadNow, syncFiles: synced is not null).Run(plan, pending.Id);
        synced?.AddRange(tree.Synced);
        if (outcome.IsTakenBack)
        {
            store.Journal.Abandon(pending);
        }

        return outcome;
    }

    public void Dispose() => _folder.Dispose();
}
