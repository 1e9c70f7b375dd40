using Microsoft.Extensions.AI;
using Savepoint.Extensions.AI;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.ExtensionsAI;

public sealed class WithSnapshotsTests : IAsyncLifetime
{
    private static readonly Actor Someone = new("agent", "session", "turn", "call");

    private readonly Workspace _workspace = new();
    private SnapshotManager _manager = null!;

    public async ValueTask InitializeAsync()
    {
        _workspace.Write("a.txt", "one\n");
        _manager = await _workspace.InitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _manager.DisposeAsync();
        _workspace.Dispose();
    }

    [Fact]
    public async Task All_that_a_call_changed_is_one_snapshot_of_its_actor()
    {
        _workspace.Write("before.txt", "unrecorded\n");
        var tool = Tool("run_generator", () =>
        {
            _workspace.Write("made/1.txt", "1");
            File.Delete(_workspace.At("a.txt"));
        });

        Assert.Equal("done", (await CallAsync(tool))!.ToString());

        var snapshot = Newest();
        Assert.Equal((Someone, "run_generator", SnapshotKind.Operation, (int?)null), (snapshot.Actor, snapshot.Tool, snapshot.Kind, snapshot.ExitCode));
        Assert.Equal(["a.txt", "made", "made/1.txt"], Paths(snapshot));
        Assert.Equal(["before.txt"], Paths(_manager.GetSnapshot(snapshot.Parent!.Value)));
        await _manager.UndoAsync();
        Assert.Equal("one\n", _workspace.Read("a.txt"));
        Assert.False(Directory.Exists(_workspace.At("made")));
    }

    [Fact]
    public async Task A_call_that_changes_nothing_leaves_no_snapshot()
    {
        await CallAsync(Tool("run_nothing", () => { }));

        Assert.Equal(1, _manager.Head!.Value.Value);
    }

    [Fact]
    public async Task What_a_call_changed_before_it_failed_is_recorded_and_the_failure_is_its_own()
    {
        var tool = Tool("run_badly", () =>
        {
            _workspace.Write("a.txt", "half\n");
            throw new InvalidOperationException("its own");
        });

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => CallAsync(tool));

        Assert.Contains("its own", failure.ToString());
        Assert.Equal((Someone, "run_badly"), (Newest().Actor, Newest().Tool));
        await _manager.UndoAsync();
        Assert.Equal("one\n", _workspace.Read("a.txt"));
    }

    [Fact]
    public async Task What_a_call_changed_before_it_was_cancelled_is_recorded()
    {
        using var stop = new CancellationTokenSource();
        var tool = Tool("run_long", () =>
        {
            _workspace.Write("a.txt", "half\n");
            stop.Cancel();
            stop.Token.ThrowIfCancellationRequested();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await tool.InvokeAsync(new AIFunctionArguments(), stop.Token));

        Assert.Equal(["a.txt"], Paths(Newest()));
        Assert.Equal("run_long", Newest().Tool);
    }

    [Fact]
    public async Task A_tool_that_edits_what_its_argument_names_is_looked_at_there_alone()
    {
        _workspace.Write("elsewhere.txt", "by hand\n");
        var tool = AIFunctionFactory.Create((string filePath) => _workspace.Write(filePath, "two\n"), "write_file").WithSnapshots(_manager, Recording());

        await CallAsync(tool, new() { ["filePath"] = "a.txt" });

        Assert.Equal(["a.txt"], Paths(Newest()));
        Assert.Equal(new SnapshotNumber(2), Newest().Number); // elsewhere.txt is still unrecorded
    }

    [Theory]
    [InlineData("../out.txt")]
    [InlineData("folder")]
    [InlineData("link")]
    public async Task Where_the_named_path_does_not_tell_the_whole_tree_is_looked_at(string path)
    {
        Directory.CreateDirectory(_workspace.At("folder"));
        File.CreateSymbolicLink(_workspace.At("link"), "a.txt");
        var tool = AIFunctionFactory.Create((string path) => _workspace.Write("folder/new.txt", path), "write_file").WithSnapshots(_manager, Recording());

        await CallAsync(tool, new() { ["path"] = path });

        Assert.Equal(["folder/new.txt"], Paths(Newest()));
    }

    [Fact]
    public async Task A_selector_says_better_what_is_written()
    {
        var named = Recording() with { Paths = _ => ["b.txt"] };
        var none = Recording() with { Paths = _ => [] };

        await CallAsync(Tool("run", () => _workspace.Write("b.txt", "b\n"), named));
        Assert.Equal(["b.txt"], Paths(Newest()));
        await CallAsync(Tool("run", () => _workspace.Write("c.txt", "c\n"), none));
        Assert.Equal(["b.txt"], Paths(Newest()));
    }

    [Fact]
    public void A_tool_that_is_recorded_already_stays_as_it_is_and_others_keep_their_declaration()
    {
        var inner = AIFunctionFactory.Create((string text) => text, "echo", "Says it again.");
        var once = inner.WithSnapshots(_manager);
        var ours = SavepointTools.Create(_manager)[0];

        Assert.Same(once, once.WithSnapshots(_manager));
        Assert.Same(ours, ours.WithSnapshots(_manager));
        Assert.NotSame(inner, once);
        Assert.Equal(("echo", "Says it again.", inner.JsonSchema.ToString()), (once.Name, once.Description, once.JsonSchema.ToString()));
        Assert.NotNull(new ApprovalRequiredAIFunction(inner).WithSnapshots(_manager).GetService<ApprovalRequiredAIFunction>());
    }

    [Fact]
    public async Task A_result_that_cannot_be_recorded_is_given_when_somebody_is_told()
    {
        SavepointException? told = null;
        var tool = Tool("run_away", () => Directory.Move(_workspace.Root, _workspace.Root + "-moved"), Recording() with { RecordingFailed = failure => told = failure });

        Assert.Equal("done", (await CallAsync(tool))!.ToString());

        Assert.Equal(ErrorCode.NotTracked, told!.Code);
        Directory.Move(_workspace.Root + "-moved", _workspace.Root);
    }

    private static RecordingOptions Recording() => new() { Actor = _ => Someone };

    private AIFunction Tool(string name, Action action, RecordingOptions? options = null) => AIFunctionFactory.Create(
        () =>
        {
            action();
            return "done";
        },
        name).WithSnapshots(_manager, options ?? Recording());

    private static async Task<object?> CallAsync(AIFunction tool, AIFunctionArguments? arguments = null) =>
        await tool.InvokeAsync(arguments ?? [], TestContext.Current.CancellationToken);

    private Snapshot Newest() => _manager.GetSnapshot(_manager.Head!.Value);

    private static IEnumerable<string> Paths(Snapshot snapshot) => snapshot.Changes.Select(change => change.Path.ToString()).Order(StringComparer.Ordinal);
}
