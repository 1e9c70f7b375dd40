using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Savepoint.Cli.Output;

namespace Savepoint.Cli.Mcp;

/// <summary>Tells a client that asked for it that long work goes on, and for how long: nothing in the first half second, then each second.</summary>
internal sealed class ProgressNotes : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _done = new();
    private readonly Task _telling;

    public ProgressNotes(McpServer server, ProgressToken token, string what) => _telling = TellAsync(server, token, what);

    /// <summary>No note comes after this: the answer may be sent.</summary>
    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync().ConfigureAwait(false);
        await _telling.ConfigureAwait(false);
        _done.Dispose();
    }

    private async Task TellAsync(McpServer server, ProgressToken token, string what)
    {
        try
        {
            var elapsed = Patience;
            for (var wait = Patience; ; wait = Pause, elapsed += Pause)
            {
                await Task.Delay(wait, _done.Token).ConfigureAwait(false);
                var value = new ProgressNotificationValue { Progress = (float)elapsed.TotalSeconds, Message = $"{what} goes on for {Quantity.Duration(elapsed)}" };
                await server.NotifyProgressAsync(token, value, cancellationToken: _done.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The work is done, or nobody listens any more.
        }
    }
}
