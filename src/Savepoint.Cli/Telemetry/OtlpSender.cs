using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Savepoint.Cli.Telemetry;

/// <summary>
/// Posts messages to a collector over plain HTTP/1.1, a connection each. Not by HttpClient: pools, proxies, cookies and TLS
/// would be a fifth of the executable for two posts to a neighbour (docs/design/telemetry.md).
/// </summary>
internal sealed class OtlpSender(Uri collector)
{
    private const string HeadersVariable = "OTEL_EXPORTER_OTLP_HEADERS";

    /// <exception cref="IOException">The collector refused it, or did not speak HTTP.</exception>
    /// <exception cref="SocketException">It cannot be reached.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public async Task PostAsync(string path, ReadOnlyMemory<byte> message, TimeSpan atMost)
    {
        using var limit = new CancellationTokenSource(atMost);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(collector.IdnHost, collector.Port, limit.Token).ConfigureAwait(false);
        await SendAsync(socket, Encoding.ASCII.GetBytes(Head(path, message.Length)), limit.Token).ConfigureAwait(false);
        await SendAsync(socket, message, limit.Token).ConfigureAwait(false);
        var status = await StatusAsync(socket, limit.Token).ConfigureAwait(false);
        if (status is not ['H', 'T', 'T', 'P', '/', '1', '.', _, ' ', '2', ..])
        {
            throw new IOException($"the answer was '{status}'");
        }
    }

    private string Head(string path, int lengthBytes) => string.Create(CultureInfo.InvariantCulture, $"""
        POST {collector.AbsolutePath.TrimEnd('/')}/{path} HTTP/1.1
        Host: {collector.Authority}
        Content-Type: application/json
        Content-Length: {lengthBytes}
        Connection: close
        {OwnHeaders()}

        """).ReplaceLineEndings("\r\n");

    /// <summary>What the environment wants to be sent along, as OpenTelemetry writes it: <c>name=value,name=value</c>, percent-encoded.</summary>
    private static string OwnHeaders()
    {
        var headers = new StringBuilder();
        foreach (var header in (Environment.GetEnvironmentVariable(HeadersVariable) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (header.Split('=', 2) is [var name, var value] && Uri.UnescapeDataString(value).Trim() is var text && !(name + text).Any(char.IsControl))
            {
                headers.Append(CultureInfo.InvariantCulture, $"{name.Trim()}: {text}\n");
            }
        }

        return headers.ToString();
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, cancellationToken).ConfigureAwait(false)..];
        }
    }

    /// <summary>The first line of the answer.</summary>
    private static async Task<string> StatusAsync(Socket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[256];
        var length = 0;
        while (length < buffer.Length && Array.IndexOf(buffer, (byte)'\n', 0, length) < 0)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        return Encoding.ASCII.GetString(buffer, 0, length).Split('\r', '\n')[0];
    }
}
