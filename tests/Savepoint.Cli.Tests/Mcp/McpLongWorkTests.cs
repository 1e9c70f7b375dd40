using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Savepoint.Cli.Tests.Mcp;

/// <summary>Work that takes long: its client is told that it goes on, and can end it, with the old state or the new one left.</summary>
public sealed class McpLongWorkTests : IDisposable
{
    private const int Files = 2_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly CliWorkspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("rollback", """{"revision":"1","dryRun":false}""")]
    [InlineData("undo", "{}")]
    [InlineData("checkpoint", """{"name":"here"}""")]
    public void What_goes_on_is_told_until_it_is_done_and_not_after(string tool, string arguments)
    {
        var store = Track();
        using var server = new McpProcess(_workspace);
        server.Initialize();
        server.Call("history");

        int call;
        using (Held(store))
        {
            call = Begin(server, tool, arguments, "token");
            var (first, second) = (Progress(server), Progress(server));
            Assert.Equal(("token", "token"), ((string?)first["progressToken"], (string?)second["progressToken"]));
            Assert.True((double)first["progress"]! < (double)second["progress"]!);
            Assert.StartsWith(tool, (string)second["message"]!, StringComparison.Ordinal);
        }

        Assert.NotNull(server.Await(message => (int?)message["id"] == call)["result"]);
        Assert.Equal((0, "", ""), server.End());
    }

    [Theory]
    [InlineData("rollback", """{"revision":"1","dryRun":false}""")]
    [InlineData("revert", """{"snapshot":"2"}""")]
    [InlineData("checkpoint", """{"name":"here"}""")]
    public void What_is_cancelled_while_it_waits_has_done_nothing(string tool, string arguments)
    {
        var store = Track();
        _workspace.Write("unrecorded", "u");
        using var server = new McpProcess(_workspace);
        server.Initialize();
        server.Call("history");

        using (Held(store))
        {
            var call = Begin(server, tool, arguments, "token");
            Progress(server); // it is under way
            Cancel(server, call);
            Assert.Equal(2, server.Call("history").GetProperty("head").GetInt64()); // and the server serves on
        }

        Assert.Equal(2, server.Call("history").GetProperty("head").GetInt64());
        Assert.Equal(("two\n", "u"), (_workspace.Read("a.txt"), _workspace.Read("unrecorded")));
        Assert.Empty(_workspace.Json("labels").GetProperty("labels").EnumerateArray());
        Assert.Equal((0, "", ""), server.End());
    }

    [Fact]
    public void A_restore_of_many_files_that_is_cancelled_leaves_the_old_state_or_the_new()
    {
        for (var i = 0; i < Files; i++)
        {
            _workspace.Write($"{i % 20}/{i}", $"one {i}\n");
        }

        Track();
        for (var i = 0; i < Files; i++)
        {
            _workspace.Write($"{i % 20}/{i}", $"two {i}\n");
        }

        _workspace.Capture();
        using var server = new McpProcess(_workspace);
        server.Initialize();
        server.Call("history");

        // At once, and when the first of its files are there.
        foreach (var isBegun in (bool[])[false, true])
        {
            var call = Begin(server, "rollback", """{"revision":"2","dryRun":false}""", token: null);
            var clock = Stopwatch.StartNew();
            while (isBegun && _workspace.Read("0/0") == "two 0\n")
            {
                Assert.True(clock.Elapsed < Patience);
            }

            Cancel(server, call);
            server.Call("history"); // what is read in order: the cancellation has arrived
            var after = _workspace.Json("capture"); // waits for a restore that is under way
            var state = _workspace.Read("0/0")[..3];
            Assert.Equal(JsonValueKind.Null, after.GetProperty("snapshot").ValueKind);
            Assert.All(Enumerable.Range(0, Files), i => Assert.Equal($"{state} {i}\n", _workspace.Read($"{i % 20}/{i}")));
            Assert.Equal(state == "two", after.GetProperty("head").GetInt64() % 2 == 1);
            if (state == "one")
            {
                server.Call("undo");
            }
        }

        Assert.Equal((0, "", ""), server.End());
    }

    /// <summary>
    /// Answers of 20 KB and more, of which nothing may stay: that would be some 40 MB. How much the runtime itself takes is kept
    /// small, so that it does not hide it. (What undos leave in the layers has a budget of its own.)
    /// </summary>
    [Fact]
    public void A_server_of_many_calls_holds_no_more_memory_than_one_of_some()
    {
        Track();
        _workspace.Write("a.txt", string.Concat(Enumerable.Range(0, 2_000).Select(i => $"line {i} of a file whose diff is long\n")));
        _workspace.Capture();
        var environment = new Dictionary<string, string?>(_workspace.Environment) { ["DOTNET_GCgen0size"] = "0x400000", ["DOTNET_GCConserveMemory"] = "9", ["DOTNET_TieredCompilation"] = "0" };
        using var server = new McpProcess(_workspace, _workspace.Root, environment);
        server.Initialize();

        Work(server, times: 40);
        var before = PrivateBytes(server.Id);
        Work(server, times: 160);

        Assert.InRange(PrivateBytes(server.Id), 0, before + (24 << 20));
    }

    private static void Work(McpProcess server, int times)
    {
        for (var i = 0; i < times; i++)
        {
            server.Call("show", new JsonObject { ["revision"] = "3" });
            server.Call("diff", new JsonObject { ["from"] = "1", ["to"] = "3" });
            server.Call("history");
        }
    }

    private static long PrivateBytes(int process) => 1024 * File.ReadLines($"/proc/{process}/status").Where(line => line.StartsWith("RssAnon:", StringComparison.Ordinal))
        .Select(line => long.Parse(line["RssAnon:".Length..^"kB".Length].Trim(), System.Globalization.CultureInfo.InvariantCulture)).Single();

    /// <summary>A baseline and an operation; the folder of the store.</summary>
    private string Track()
    {
        _workspace.Write("a.txt", "one\n");
        _workspace.Run("init").Expect(0);
        _workspace.Write("a.txt", "two\n");
        _workspace.Capture();
        return Path.GetDirectoryName(Directory.GetFiles(_workspace.StoreHome, "store.db", SearchOption.AllDirectories).Single())!;
    }

    /// <summary>Holds the workspace as a restore of another process does.</summary>
    private static FileStream Held(string store)
    {
        for (var clock = Stopwatch.StartNew(); ;)
        {
            try
            {
                return new FileStream(Path.Combine(store, "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (clock.Elapsed < Patience)
            {
                // The server's maintenance has it for a moment.
            }
        }
    }

    private static int Begin(McpProcess server, string tool, string arguments, string? token)
    {
        var parameters = new JsonObject { ["name"] = tool, ["arguments"] = JsonNode.Parse(arguments) };
        if (token is not null)
        {
            parameters["_meta"] = new JsonObject { ["progressToken"] = token };
        }

        return server.Begin("tools/call", parameters);
    }

    private static JsonObject Progress(McpProcess server) => server.Await(message => (string?)message["method"] == "notifications/progress")["params"]!.AsObject();

    private static void Cancel(McpProcess server, int call) =>
        server.Send(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = "notifications/cancelled", ["params"] = new JsonObject { ["requestId"] = call, ["reason"] = "the user" } });
}
