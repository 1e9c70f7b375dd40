using Savepoint.Cli.Platform;
using Savepoint.Cli.Settings;
using Savepoint.Model;

namespace Savepoint.Cli.Mcp;

/// <summary>
/// The workspace that the server works on. It is opened with the first call that finds it tracked, held open, and opened
/// anew when its directory or store is another one than before: a server outlives both.
/// </summary>
internal sealed class OpenWorkspace : IAsyncDisposable
{
    private readonly string _start;
    private readonly bool _isNamed;
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly MemoryTrim _trim;
    private HeldWorkspace? _held;

    /// <param name="start">Where to look for it: the directory that <c>-C</c> names, else the current one when the server began.</param>
    /// <param name="isNamed">Whether it is that directory and no other; else the nearest tracked one at or above it.</param>
    public OpenWorkspace(string start, bool isNamed)
    {
        (_start, _isNamed) = (start, isNamed);
        _trim = new MemoryTrim(RestAsync);
    }

    /// <summary>The workspace as it is now, to be given back. A restore that a dead process left is finished first, as any verb does.</summary>
    /// <exception cref="SavepointException">It is not tracked, gone, or its store cannot be used.</exception>
    public async Task<HeldWorkspace> TakeAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_held is { } held && !held.Workspace.IsInPlace())
            {
                _held = null;
                await held.GiveBackAsync().ConfigureAwait(false);
            }

            _held ??= await OpenAsync(cancellationToken).ConfigureAwait(false);
            _held.Take();
            return _held;
        }
        finally
        {
            _opening.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _trim.Dispose();
        if (_held is { } held)
        {
            await held.GiveBackAsync().ConfigureAwait(false);
        }

        _opening.Dispose();
    }

    /// <summary>Leaves in memory what was there when it had just been opened.</summary>
    private async Task RestAsync()
    {
        await _opening.WaitAsync().ConfigureAwait(false);
        var held = _held;
        held?.Take();
        _opening.Release();
        if (held is not null)
        {
            try
            {
                await held.RestAsync().ConfigureAwait(false);
            }
            finally
            {
                await held.GiveBackAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<HeldWorkspace> OpenAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_start))
        {
            throw new SavepointException(ErrorCode.NotTracked, $"{_start} does not exist any more.", "Start the server in the project's directory, or with -C DIR.");
        }

        var root = _isNamed ? _start : SnapshotManager.FindWorkspace(_start, EffectiveSettings.Load(null).ToOptions());
        if (root is null)
        {
            throw new SavepointException(ErrorCode.NotTracked, $"Neither {_start} nor a directory above it is tracked.", "Run 'savepoint init' in the project's directory, once; then call this tool again.");
        }

        var workspace = await SnapshotManager.OpenAsync(root, EffectiveSettings.Load(root, _ => { }).ToOptions(), cancellationToken).ConfigureAwait(false);
        if (workspace.Head is not null)
        {
            return new HeldWorkspace(workspace);
        }

        await workspace.DisposeAsync().ConfigureAwait(false);
        throw new SavepointException(ErrorCode.NotTracked, $"{root} has no baseline yet: an 'init' is under way or was interrupted.", "Run 'savepoint init' there to record it; then call this tool again.");
    }
}
