using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Savepoint.Cli.Tests.Telemetry;

/// <summary>A collector that keeps what is posted to it: an HTTP server that is not ours.</summary>
internal sealed class Collector : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly List<Post> _posts = [];
    private readonly Task _serving;

    public Collector(int status = 200)
    {
        Address = $"http://127.0.0.1:{FreePort()}";
        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _serving = Task.Run(() => ServeAsync(status));
    }

    public string Address { get; }

    /// <summary>What was posted so far.</summary>
    public List<Post> Posts
    {
        get
        {
            lock (_posts)
            {
                return [.. _posts];
            }
        }
    }

    public void Dispose()
    {
        _listener.Close();
        _serving.Wait(TimeSpan.FromSeconds(10));
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task ServeAsync(int status)
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var document = await JsonDocument.ParseAsync(context.Request.InputStream);
            lock (_posts)
            {
                _posts.Add(new Post(context.Request.RawUrl!, context.Request.ContentType, context.Request.Headers["x-token"], document.RootElement.Clone()));
            }

            context.Response.StatusCode = status;
            context.Response.Close();
        }
    }

    internal sealed record Post(string Path, string? ContentType, string? Token, JsonElement Body);
}
