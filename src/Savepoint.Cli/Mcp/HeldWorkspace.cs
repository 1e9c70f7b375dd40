using Savepoint.Model;

namespace Savepoint.Cli.Mcp;

/// <summary>
/// An open workspace with its background: the maintenance pipeline, and what an undo is likely to need, decoded ahead.
/// Counted, so that it is closed when the last call that uses it has given it back.
/// </summary>
internal sealed class HeldWorkspace
{
    private readonly IAsyncDisposable _upkeep;
    private readonly Lock _warming = new();
    private Task _warm = Task.CompletedTask;
    private int _users = 1; // whoever made it

    public HeldWorkspace(SnapshotManager workspace)
    {
        Workspace = workspace;
        _upkeep = workspace.StartMaintenance();
        Warm();
    }

    public SnapshotManager Workspace { get; }

    public void Take() => Interlocked.Increment(ref _users);

    /// <summary>Decodes in the background what was recorded since the last time, by whomever; not twice at once.</summary>
    public void Warm()
    {
        lock (_warming)
        {
            if (_warm.IsCompleted && Interlocked.Increment(ref _users) > 1)
            {
                _warm = Task.Run(WarmAsync);
            }
        }
    }

    /// <summary>Lets go of what the calls left in memory, and decodes again what the next undo is likely to need. Whoever calls it holds it.</summary>
    public Task RestAsync()
    {
        Workspace.FreeMemory();
        Warm();
        lock (_warming)
        {
            return _warm;
        }
    }

    /// <summary>The last to give it back closes it.</summary>
    public async Task GiveBackAsync()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            await _upkeep.DisposeAsync().ConfigureAwait(false);
            await Workspace.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task WarmAsync()
    {
        try
        {
            Workspace.FillLayers();
            Workspace.Prefetch();
        }
        catch (SavepointException)
        {
            // What cannot be decoded is told to whoever asks for it.
        }
        finally
        {
            await GiveBackAsync().ConfigureAwait(false);
        }
    }
}
