using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Workspaces;

/// <content>The tree as a whole: its root, who swaps a directory, who shares it.</content>
public abstract partial class WorkspaceTreeTests
{
    [Fact]
    public void The_root_is_known_again_and_another_is_not()
    {
        using var other = Open(_outside.Path);
        var identity = Tree.Identify();
        Assert.Equal(identity, Tree.Identify());
        Assert.Equal(KnowsInodes, identity != other.Identify());
        Assert.True(Tree.IsAtRoot());

        Directory.Move(Folder.Path, Folder.Path + "-moved");
        Assert.False(Tree.IsAtRoot());
        Directory.CreateDirectory(Folder.Path);
        var isAtRoot = Tree.IsAtRoot();
        Directory.Delete(Folder.Path);
        Directory.Move(Folder.Path + "-moved", Folder.Path);

        Assert.Equal(KnowsInodes, !isAtRoot);
        Assert.True(Tree.IsAtRoot());
    }

    [Fact]
    public void A_missing_root_is_refused_with_its_name()
    {
        var error = Assert.Throws<SavepointException>(() => Open(Folder["missing"]));

        Assert.Equal(ErrorCode.Environment, error.Code);
        Assert.Contains("missing", error.Message, StringComparison.Ordinal);
        Assert.Throws<SavepointException>(() => Open(Folder.Write("file", "x")));
    }

    [Fact]
    public void The_root_may_be_reached_through_a_link_and_is_canonical()
    {
        Folder.Write("real/f", "x");
        Directory.CreateSymbolicLink(Folder["alias"], "real");

        using var tree = Open(Folder["alias"] + "/");

        Assert.Equal(Folder["real"], tree.Root);
        Assert.NotNull(tree.Stat(WorkspacePath.Parse("f")));
    }

    [Fact]
    public async Task A_directory_swapped_for_a_link_never_leads_outside()
    {
        _outside.Write("file", "secret");
        Folder.Write("d/file", "mine");
        Directory.CreateSymbolicLink(Folder["link"], _outside.Path);
        var path = WorkspacePath.Parse("d/file");
        using var stop = new CancellationTokenSource();
        var token = stop.Token;
        var swaps = 0;
        var attacker = Task.Run(
            () =>
            {
                while (!token.IsCancellationRequested)
                {
                    Directory.Move(Folder["d"], Folder["aside"]);
                    Directory.Move(Folder["link"], Folder["d"]);
                    Directory.Move(Folder["d"], Folder["link"]);
                    Directory.Move(Folder["aside"], Folder["d"]);
                    swaps++;
                }
            },
            TestContext.Current.CancellationToken);

        var leaks = SwapVictim(path, round => round < 4_000 || (Volatile.Read(ref swaps) <= 10 && !attacker.IsCompleted));
        await stop.CancelAsync();
        await attacker;

        Assert.True(swaps > 10, $"The attacker only came to {swaps} swaps.");
        Assert.True(leaks == 0 || !IsSafeFromSwaps, $"{leaks} leaks");
        Assert.True(!IsSafeFromSwaps || !File.Exists(_outside["new"]));
    }

    /// <summary>Whether a swap between check and use is impossible; the portable back end can only make it unlikely.</summary>
    protected virtual bool IsSafeFromSwaps => true;

    [Fact]
    public void Many_threads_share_one_tree()
    {
        for (var i = 0; i < 50; i++)
        {
            Folder.Write($"d/{i}", i.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        Parallel.For(0, 1000, i =>
        {
            var name = (i % 50).ToString(System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(name, ReadText(WorkspacePath.Parse("d/" + name)));
            Assert.Equal(50, Tree.TryList(WorkspacePath.Parse("d"))!.Count);
        });
    }

    [Fact]
    public void A_disposed_tree_answers_no_more()
    {
        Tree.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Tree.Stat(WorkspacePath.Root));
    }

    private int SwapVictim(WorkspacePath path, Predicate<int> goesOn)
    {
        var leaks = 0;
        var fresh = WorkspacePath.Parse("d/new");
        for (var round = 0; goesOn(round); round++)
        {
            leaks += ReadText(path) == "secret" ? 1 : 0;
            try
            {
                Tree.CreateNew(fresh).Dispose();
                Tree.DeleteFile(fresh);
            }
            catch (SavepointException)
            {
                // Refused, or the directory was away: both are right.
            }
        }

        return leaks;
    }
}
