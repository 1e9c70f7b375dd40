using System.Text;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using Savepoint.Cli.ConfigText;
using Savepoint.Cli.Hooks;
using Savepoint.Cli.Mcp;
using Savepoint.Tests.Fuzzing;

namespace Savepoint.Cli.Tests.Fuzzing;

/// <summary>What the command reads from others: hooks' events, messages of the protocol, clients' settings. As FuzzTests of the library.</summary>
public sealed class TextFuzzTests(ITestOutputHelper output)
{
    private static readonly string[] JsonWords = ["{", "[", "\"", "\\u0000", "\\ud800", "null", "1e999", "-0", "//", "/*", "*/", ",", ":", "../../etc/passwd", "\e]0;x\a", "*** Update File: ../x\n", "*** Begin Patch\n"];

    [Theory]
    [InlineData("claude-code")]
    [InlineData("codex")]
    [InlineData("gemini")]
    public void Hook_events(string client)
    {
        var folder = Path.Combine(Repository.Root, "tests/data/hooks");
        var corpus = Directory.GetFiles(folder, "*.jsonl").SelectMany(File.ReadLines).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("stdin")).Select(stdin => Encoding.UTF8.GetBytes(stdin.ValueKind == JsonValueKind.String ? stdin.GetString()! : stdin.GetRawText())).ToList();
        Fuzzer.Run($"hook {client}", new Mutator(corpus, JsonWords), bytes =>
        {
            using var document = JsonDocument.Parse(bytes);
            var read = HookReader.Read(client, document.RootElement);
            return read.Target is not null;
        }, e => e is JsonException, 3_000, output);
    }

    [Fact]
    public void Patches_of_agents() => Fuzzer.Run(
        "apply_patch", new Mutator(["*** Begin Patch\n*** Add File: a.txt\n+x\n*** Update File: b\n*** Move to: c\n@@\n-1\n+2\n*** Delete File: d\n*** End Patch"u8.ToArray(), "text"u8.ToArray()], JsonWords),
        bytes => ApplyPatchPaths.In(Encoding.UTF8.GetString(bytes)).Count > 0, _ => false, 5_000, output);

    [Fact]
    public void Settings_in_json() => Fuzzer.Run(
        "json settings", new Mutator(["{\n  // note\n  \"a\": [1, 2, {\"b\": null}],\n  \"hooks\": {\"x\": [ ] , },\n}\n"u8.ToArray(), "{}"u8.ToArray(), "\uFEFF{\"a\":\"\\u00e4\"}"u8.ToArray()], JsonWords),
        bytes =>
        {
            var text = JsonText.Parse(bytes);
            if (text.Root is null)
            {
                return false;
            }

            using var wanted = JsonDocument.Parse("{\"hooks\":{\"x\":[{\"command\":\"savepoint\"}]},\"new\":1}");
            _ = JsonMerge.Insertions(text, wanted.RootElement);
            return true;
        }, e => e is JsonException or InvalidOperationException, 5_000, output);

    [Fact]
    public void Settings_in_toml() => Fuzzer.Run(
        "toml settings", new Mutator(["# note\na = 1\nb = \"x\\n\"\n[t.\"q.r\"]\nc = '''multi\nline'''\nd = [1, 2, {e = 3}]\n[[arr]]\nf = 1979-05-27T07:32:00Z\n"u8.ToArray()], ["[", "]", "\"\"\"", "'''", "\\", "=", "\n", "{", "}", "."]),
        bytes => TomlText.Parse(bytes).Count > 0, e => e is FormatException, 10_000, output);

    [Fact]
    public void Messages_of_the_protocol()
    {
        var folder = Path.Combine(Repository.Root, "tests/data/mcp");
        var corpus = Directory.GetFiles(folder, "*.jsonl").SelectMany(File.ReadLines).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.GetProperty("way").GetString() == "in").Select(line => Encoding.UTF8.GetBytes(line.GetProperty("message").GetRawText() + "\n")).ToList();
        string[] words = [.. JsonWords, "\n", "\r\n", "\"id\":", "\"id\":{}", "\"id\":null", "\"method\":\"notifications/cancelled\"", "\"params\":{\"requestId\":", "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":1}", "\"result\":{}"];
        Fuzzer.Run("mcp messages", new Mutator(corpus, words), AreAllMessages, _ => false, 1_500, output);
    }

    [Fact]
    public void Arguments_of_tools()
    {
        ToolParameter[] parameters =
        [
            new("text", ParameterKind.Text), new("choice", ParameterKind.Text) { Choices = ["one", "two"] }, new("texts", ParameterKind.Texts),
            new("number", ParameterKind.Number) { Maximum = 100 }, new("flag", ParameterKind.Flag),
        ];
        List<byte[]> corpus = ["{\"text\":\"a\",\"choice\":\"one\",\"texts\":[\"a\",\"b\"],\"number\":3,\"flag\":true}"u8.ToArray(), "{\"text\":42,\"texts\":\"a\",\"number\":\"7\",\"flag\":\"false\"}"u8.ToArray()];
        Fuzzer.Run("mcp arguments", new Mutator(corpus, JsonWords), bytes =>
        {
            if (JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(bytes) is not { } members)
            {
                return false;
            }

            var arguments = new ToolArguments(parameters, members);
            _ = (arguments.Text("text"), arguments.Text("choice"), arguments.Texts("texts"), arguments.Number("number"), arguments.Flag("flag"));
            return true;
        }, e => e is JsonException or UsageException, 10_000, output);
    }

    /// <summary>Reads lines as the server does, with a session that answers each request; whether all were messages.</summary>
    private static bool AreAllMessages(byte[] bytes)
    {
        using var answers = new MemoryStream();
        using var lines = new MessageLines(new MemoryStream(bytes), answers, new CallOrder([]), CancellationToken.None);
        var sessions = new[] { lines.Stateless, lines.Initialized }.Select(AnswerAsync).ToArray();
        lines.ReadAsync().GetAwaiter().GetResult();
        Task.WaitAll(sessions);
        return !Encoding.UTF8.GetString(answers.ToArray()).Contains("\"error\"", StringComparison.Ordinal);
    }

    private static async Task AnswerAsync(SessionTransport session)
    {
        await foreach (var message in session.MessageReader.ReadAllAsync())
        {
            if (message is JsonRpcRequest request)
            {
                await session.SendMessageAsync(new JsonRpcResponse { Id = request.Id, Result = null });
            }
        }
    }
}
