using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests;

/// <summary>What goes back when a command's doing is taken back.</summary>
public sealed class PendingCommandTests : IDisposable
{
    private static readonly CaptureContext Command = new() { Actor = new Actor("agent", "session"), Tool = "run", Message = "make" };

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_watcher_recorded_of_it_meanwhile_goes_back_too_and_what_others_did_stays(bool hasOthers)
    {
        _workspace.Write("first", "before");
        await using var manager = await _workspace.InitAsync();
        var pending = await manager.BeginCommandAsync(Command);
        _workspace.Write("first", "by the command");
        await manager.CaptureAsync(Workspace.Paths("first"), Command); // in its name, as a watcher does whose patience is at its end
        if (hasOthers)
        {
            _workspace.Write("others", "by another");
            await manager.CaptureAsync(Workspace.Paths("others"), new CaptureContext { Actor = new Actor("other") });
        }

        _workspace.Write("second", "by the command");
        var done = (await pending.CommitAsync(1, TimeSpan.FromSeconds(1))).Snapshot!;

        var back = await pending.RollBackAsync(done);

        Assert.Equal((RestoreEnding.Restored, "before"), (back.Ending, _workspace.Read("first")));
        Assert.False(File.Exists(_workspace.At("second")));
        Assert.Equal(hasOthers, File.Exists(_workspace.At("others")));
    }

    [Fact]
    public async Task What_a_call_under_way_has_named_is_its_doing_and_stays()
    {
        _workspace.Write("first", "before");
        await using var manager = await _workspace.InitAsync();
        var call = new CaptureContext { Actor = new Actor("claude-code", "session", "turn", "call"), Tool = "Write" };
        await manager.BeginCallAsync(call, Workspace.Paths("first"));
        var pending = await manager.BeginCommandAsync(Command);
        _workspace.Write("first", "by the call");
        _workspace.Write("second", "by the command");
        var done = (await pending.CommitAsync(1, TimeSpan.FromSeconds(1))).Snapshot!;

        await pending.RollBackAsync(done);
        await manager.EndCallAsync(call, Workspace.Paths("first"));

        Assert.Equal(("second", "by the call"), (Assert.Single(done.Changes).Path.ToString(), _workspace.Read("first")));
        Assert.False(File.Exists(_workspace.At("second")));
        Assert.Equal(call.Actor, manager.GetSnapshot(done.Parent!.Value).Actor);
    }
}
