using Microsoft.Extensions.AI;
using Savepoint.Model;

namespace Savepoint.Extensions.AI;

/// <summary>
/// Anybody's tool between the seed's capturePreOperation and capturePostOperation: what is unrecorded where it may write
/// is recorded before, what it changed after, also if it fails or is cancelled.
/// </summary>
internal sealed class RecordedFunction(AIFunction inner, SnapshotManager manager, RecordingOptions options) : DelegatingAIFunction(inner)
{
    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var commit = await BeginAsync(arguments, cancellationToken).ConfigureAwait(false);
        object? result;
        try
        {
            result = await base.InvokeCoreAsync(arguments, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await CommitAsync(commit, hasFailed: true).ConfigureAwait(false);
            throw;
        }

        await CommitAsync(commit, hasFailed: false).ConfigureAwait(false);
        return result;
    }

    /// <summary>Announces the call. What comes back records what it did.</summary>
    private async Task<Func<Task>> BeginAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var context = new CaptureContext { Actor = options.Actor?.Invoke(arguments) ?? Actor.Unknown, Tool = Name };
        var paths = Resolve(options.Paths is { } select ? select(arguments)?.ToList() : WrittenPaths.ByConvention(Name, arguments));
        if (paths is { Count: 0 })
        {
            return () => Task.CompletedTask;
        }

        if (paths is null)
        {
            var command = await manager.BeginCommandAsync(context, cancellationToken).ConfigureAwait(false);
            return () => command.CommitCallAsync();
        }

        var edit = await manager.BeginEditAsync(paths, context, cancellationToken).ConfigureAwait(false);
        return () => edit.CommitAsync();
    }

    // A call that was made is recorded even if nobody waits for its result any more.
    private async Task CommitAsync(Func<Task> commit, bool hasFailed)
    {
        try
        {
            await commit().ConfigureAwait(false);
        }
        catch (SavepointException e) when (hasFailed || options.RecordingFailed is not null)
        {
            options.RecordingFailed?.Invoke(e);
        }
    }

    /// <summary>The entries that are named; null if only a look at the whole tree can tell: a directory, what is no path of the workspace, what a link leads elsewhere.</summary>
    private List<WorkspacePath>? Resolve(IReadOnlyList<string>? written)
    {
        if (written is null)
        {
            return null;
        }

        var paths = new List<WorkspacePath>();
        foreach (var text in written)
        {
            if (!manager.TryResolvePath(text, out var path) || Directory.Exists(At(path)) || path.Ancestors().Append(path).Any(entry => new FileInfo(At(entry)).LinkTarget is not null))
            {
                return null;
            }

            paths.Add(path);
        }

        return paths;
    }

    private string At(WorkspacePath path) => Path.Combine(manager.Root, path.ToString());
}
