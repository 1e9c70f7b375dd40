using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Savepoint.Cli.Tests.Mcp;

/// <summary>A server under test, and a client of it that speaks in lines.</summary>
internal sealed class McpProcess : IDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _error;
    private readonly List<JsonObject> _unread = [];
    private int _next = 1;

    public McpProcess(CliWorkspace workspace, params string[] arguments)
        : this(workspace, workspace.Root, workspace.Environment, arguments)
    {
    }

    public McpProcess(CliWorkspace workspace, string directory, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        _ = workspace;
        _process = Executable.Start(Executable.File, ["mcp", .. arguments], directory, environment);
        _error = _process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    /// <summary>What the revision of 2026-07-28 wants in each request; null for the older ones.</summary>
    public JsonObject? Meta { get; init; }

    public static JsonObject Stateless(string client = "test") => new()
    {
        ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
        ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = client, ["version"] = "1" },
        ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
    };

    /// <summary>Begins a session of an older revision.</summary>
    public JsonObject Initialize(string version = "2025-11-25", string client = "test")
    {
        var answer = Request("initialize", new JsonObject { ["protocolVersion"] = version, ["capabilities"] = new JsonObject(), ["clientInfo"] = new JsonObject { ["name"] = client, ["version"] = "1" } });
        Send(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = "notifications/initialized" });
        return answer;
    }

    /// <summary>The answer to a request: the whole message.</summary>
    public JsonObject Request(string method, JsonObject? parameters = null)
    {
        var id = Begin(method, parameters);
        return Await(message => (int?)message["id"] == id);
    }

    /// <summary>Sends a request; its id.</summary>
    public int Begin(string method, JsonObject? parameters = null)
    {
        parameters = parameters?.DeepClone().AsObject() ?? [];
        if (Meta is not null)
        {
            var meta = parameters["_meta"] as JsonObject ?? [];
            foreach (var (name, value) in Meta)
            {
                meta[name] = value?.DeepClone();
            }

            parameters["_meta"] = meta.Parent is null ? meta : meta.DeepClone();
        }

        var id = _next++;
        Send(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = parameters });
        return id;
    }

    /// <summary>The result of a tool that must succeed.</summary>
    public JsonElement Call(string tool, JsonObject? arguments = null, JsonObject? meta = null)
    {
        var result = CallRaw(tool, arguments, meta);
        Assert.False((bool?)result["isError"] ?? false, result.ToJsonString());
        return Structured(result);
    }

    /// <summary>The text of a tool's answer that must say that it failed.</summary>
    public string Fail(string tool, JsonObject? arguments = null)
    {
        var result = CallRaw(tool, arguments, null);
        Assert.True((bool?)result["isError"], result.ToJsonString());
        Assert.NotEqual("", Structured(result).GetProperty("error").GetString());
        return Text(result);
    }

    /// <summary>A tool's result, whatever it is.</summary>
    public JsonObject CallRaw(string tool, JsonObject? arguments, JsonObject? meta)
    {
        var parameters = new JsonObject { ["name"] = tool, ["arguments"] = arguments ?? [] };
        if (meta is not null)
        {
            parameters["_meta"] = meta;
        }

        var answer = Request("tools/call", parameters);
        return Assert.IsType<JsonObject>(answer["result"] ?? throw new InvalidOperationException(answer.ToJsonString()));
    }

    public static string Text(JsonObject result) => (string)result["content"]![0]!["text"]!;

    public static JsonElement Structured(JsonObject result) => JsonDocument.Parse(result["structuredContent"]!.ToJsonString()).RootElement;

    public void Send(JsonNode message) => SendLine(message.ToJsonString());

    public void SendLine(string line)
    {
        _process.StandardInput.Write(line + "\n");
        _process.StandardInput.Flush();
    }

    /// <summary>The first message not read yet that is the one.</summary>
    public JsonObject Await(Func<JsonObject, bool> isIt)
    {
        for (var i = 0; ; i++)
        {
            if (i == _unread.Count)
            {
                _unread.Add(Read());
            }

            if (isIt(_unread[i]))
            {
                var found = _unread[i];
                _unread.RemoveAt(i);
                return found;
            }
        }
    }

    /// <summary>Closes the input, and waits for the end: the exit code, what came still, and standard error.</summary>
    public (int ExitCode, string Output, string Error) End()
    {
        _process.StandardInput.Close();
        return AwaitEnd();
    }

    public (int ExitCode, string Output, string Error) AwaitEnd()
    {
        var output = _process.StandardOutput.ReadToEndAsync();
        Assert.True(_process.WaitForExit(TimeLimit), "the server does not end");
        return (_process.ExitCode, output.GetAwaiter().GetResult(), _error.GetAwaiter().GetResult());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private JsonObject Read()
    {
        var reading = _process.StandardOutput.ReadLineAsync();
        Assert.True(reading.Wait(TimeLimit), "no answer came");
        return JsonNode.Parse(reading.Result ?? throw new InvalidOperationException($"the server ended: {_error.GetAwaiter().GetResult()}"))!.AsObject();
    }
}
