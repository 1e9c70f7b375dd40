using Savepoint.Cli.Platform;
using Savepoint.Cli.Settings;
using Savepoint.Model;

namespace Savepoint.Cli.Mcp;

/// <summary>
/// The workspace that the server works on. It is opened with the first call that finds it tracked, held open, and opened
/// anew when its directory or store is another one than before: a server outlives both.
/// </summary>
/// <param name="start">Where to look for it: the directory that <c>-C</c> names, else the current one when the server began.</param>
/// <param name="isNamed">Whether it is that directory and no other; else the nearest tracked one at or above it.</param>
internal sealed class OpenWorkspace(string start, bool isNamed) : IAsyncDisposable
{
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly MemoryTrim _trim = new();
    private HeldWorkspace? _held;

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

    private async Task<HeldWorkspace> OpenAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(start))
        {
            throw new SavepointException(ErrorCode.NotTracked, $"{start} does not exist any more.", "Start the server in the project's directory, or with -C DIR.");
        }

        var root = isNamed ? start : SnapshotManager.FindWorkspace(start, EffectiveSettings.Load(null).ToOptions());
        if (root is null)
        {
            throw new SavepointException(ErrorCode.NotTracked, $"Neither {start} nor a directory above it is tracked.", "Run 'savepoint init' in the project's directory, once; then call this tool again.");
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
