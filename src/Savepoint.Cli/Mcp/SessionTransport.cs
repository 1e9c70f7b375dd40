using ModelContextProtocol.Protocol;

namespace Savepoint.Cli.Mcp;

/// <summary>One session's share of the messages, as the SDK's server takes them.</summary>
internal sealed class SessionTransport : TransportBase
{
    private readonly MessageLines _lines;

    public SessionTransport(MessageLines lines)
        : base("standard input and output", loggerFactory: null)
    {
        _lines = lines;
        SetConnected();
    }

    /// <summary>Gives it a message that came.</summary>
    public Task DeliverAsync(JsonRpcMessage message, CancellationToken cancellationToken) => WriteMessageAsync(message, cancellationToken);

    /// <summary>No more will come.</summary>
    public void Close() => SetDisconnected();

    public override Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default) => _lines.SendAsync(message);

    public override ValueTask DisposeAsync()
    {
        SetDisconnected();
        return ValueTask.CompletedTask;
    }
}
