using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Savepoint.Cli.Clients;
using Savepoint.Cli.ConfigText;

namespace Savepoint.Cli.Tests.Clients;

/// <summary>What is put into others' settings files, and taken out again: laws over random ones.</summary>
public sealed class ConfigPartTests
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly ConfigPart Json = new GeminiCli().Parts(new Installation(false, "/p", "savepoint"))[0];
    private static readonly ConfigPart Toml = new Codex().Parts(new Installation(false, "/p", "/opt/it's \"here\"/savepoint"))[1];

    [Fact]
    public void What_was_put_into_settings_comes_out_to_the_byte() => Gen.Int.Sample(
        seed =>
        {
            var before = RandomSettings.Of(seed);
            var insertions = Json.InsertionsInto(before);
            var after = TextEdit.Insert(before, insertions);

            Assert.Equal(Json.Wanted, Json.OursIn(after));
            Assert.Equal(before, TextEdit.TakeBack(after, insertions));
        },
        iter: 5000);

    [Fact]
    public void Settings_then_hold_ours_and_all_that_was_there() => Gen.Int.Sample(
        seed =>
        {
            var before = RandomSettings.Of(seed);

            var after = Read(TextEdit.Insert(before, Json.InsertionsInto(before)));

            foreach (var list in after["hooks"]!.AsObject().Select(hook => hook.Value!.AsArray()))
            {
                list.RemoveAll(group => group!["hooks"]!.AsArray().Any(hook => ((string)hook!["command"]!).StartsWith("savepoint hook", StringComparison.Ordinal)));
            }

            Assert.True(after["mcpServers"]!.AsObject().Remove("savepoint"));
            Assert.True(JsonNode.DeepEquals(Pruned(Read(before)), Pruned(after)));
        },
        iter: 3000);

    [Fact]
    public void Without_a_receipt_ours_come_out_and_comments_and_all_else_stay() => Gen.Int.Sample(
        seed =>
        {
            var before = RandomSettings.Of(seed);

            var after = Json.Without(TextEdit.Insert(before, Json.InsertionsInto(before)));

            Assert.Empty(Json.OursIn(after));
            Assert.True(JsonNode.DeepEquals(Pruned(Read(before)), Pruned(Read(after))));
            Assert.Equal(Comments(before), Comments(after));
        },
        iter: 3000);

    [Fact]
    public void What_others_wrote_meanwhile_stays() => Gen.Select(Gen.Int, Gen.Bool).Sample(
        (seed, isFirst) =>
        {
            var before = RandomSettings.Of(seed);
            if (JsonText.Parse(before).Root is null)
            {
                return;
            }

            var insertions = Json.InsertionsInto(before);
            var after = TextEdit.Insert(before, insertions);
            byte[] Edited(byte[] text)
            {
                var root = JsonText.Parse(text).Root!;
                return isFirst
                    ? TextEdit.Insert(text, [new TextInsertion(root.ValueStart + 1, Encoding.UTF8.GetBytes(root.Children.Count > 0 ? "\"new\":1," : "\"new\":1"))])
                    : TextEdit.Insert(text, [new TextInsertion(root.End, "\n// more\n"u8.ToArray())]);
            }

            var taken = TextEdit.TakeBack(Edited(after), insertions);

            Assert.True(taken is null ? isFirst : taken.AsSpan().SequenceEqual(Edited(before)) || JsonText.Parse(before).Root!.Children.Count == 0);
            Assert.True(JsonNode.DeepEquals(Pruned(Read(Edited(before))), Pruned(Read(Json.Without(Edited(after))))));
        },
        iter: 3000);

    [Theory]
    [InlineData("")]
    [InlineData("model = \"x\"")]
    [InlineData("# mine\r\nmodel = \"x\" # why\r\n\r\n[mcp_servers.other]\r\ncommand = 'o'\r\n")]
    [InlineData("[mcp_servers.other]\nargs = [ # a list\n  \"]\", '''\n[mcp_servers.savepoint]\n''', { a = 1, b.c = [ ] },\n]\n")]
    [InlineData("\uFEFFnotify = [\"\"\"\\\"\"\"\"]\nx.\"y.z\" = 1979-05-27T07:32:00Z\n[[profiles]]\n[ a . 'b' ]\n")]
    [InlineData("[mcp_servers]\nother = { command = \"o\" }\n\n\n")]
    public void What_was_put_into_toml_comes_out_to_the_byte(string text)
    {
        var before = Encoding.UTF8.GetBytes(text);
        var insertions = Toml.InsertionsInto(before);
        var after = TextEdit.Insert(before, insertions);

        Assert.Equal(Toml.Wanted, Toml.OursIn(after));
        Assert.Equal(["/opt/it's \"here\"/savepoint"], Toml.ProgramsIn(after));
        Assert.Equal(before, TextEdit.TakeBack(after, insertions));
        Assert.Equal(text.TrimEnd(), Encoding.UTF8.GetString(Toml.Without(after)).TrimEnd());
    }

    [Fact]
    public void With_our_table_goes_what_codex_added_below_it()
    {
        var text = "a = 1\n\n[mcp_servers.savepoint]\ncommand = \"savepoint\"\nargs = [\"mcp\"]\n\n[mcp_servers.savepoint.tools.undo]\napproval_mode = \"approve\"\n\n[b]\nc = 2\n"u8.ToArray();

        Assert.Equal("a = 1\n\n[b]\nc = 2\n", Encoding.UTF8.GetString(Toml.Without(text)));
    }

    [Theory]
    [InlineData("mcp_servers = { other = { command = \"o\" } }")]
    [InlineData("[[mcp_servers]]")]
    [InlineData("[mcp_servers.savepoint]\ncommand = \"another\"")]
    [InlineData("mcp_servers.savepoint.url = \"http://x\"")]
    [InlineData("a = ")]
    [InlineData("a = \"open")]
    [InlineData("a = [1, 2")]
    [InlineData("= 1")]
    [InlineData("[a")]
    [InlineData("a = 1 2 = 3\nb")]
    public void Toml_that_has_no_place_for_ours_or_is_none_is_refused(string text) =>
        Assert.Throws<FormatException>(() => Toml.InsertionsInto(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{} {}")]
    [InlineData("{\"hooks\": []}")]
    [InlineData("{\"hooks\": null}")]
    [InlineData("{\"hooks\": {\"BeforeTool\": {}}}")]
    [InlineData("{\"mcpServers\": {\"savepoint\": {\"command\": \"another\"}}}")]
    public void Json_that_has_no_place_for_ours_or_is_none_is_refused(string text) =>
        Assert.ThrowsAny<JsonException>(() => Json.InsertionsInto(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("savepoint hook codex", "savepoint")]
    [InlineData("  savepoint   hook codex --user ", "savepoint")]
    [InlineData("savepoint hook codex --user", "savepoint")]
    [InlineData("'/a b/it'\\''s/savepoint' hook codex", "/a b/it's/savepoint")]
    [InlineData("\"C:\\a b\\savepoint.exe\" hook codex", "C:\\a b\\savepoint.exe")]
    [InlineData("SAVEPOINT_HOME=/x /out/savepoint-cli hook codex", "SAVEPOINT_HOME=/x /out/savepoint-cli")]
    [InlineData("notsavepoint hook codex", null)]
    [InlineData("savepoint hook gemini", null)]
    [InlineData("savepoint log && other hook codex", null)]
    public void A_hook_is_known_by_its_command(string command, string? program) => Assert.Equal(program, HookCommand.ProgramOf(command, "codex"));

    private static JsonObject Read(byte[] text) =>
        JsonText.Parse(text).Root is null ? [] : JsonNode.Parse(text.AsSpan().StartsWith("\uFEFF"u8) ? text.AsSpan(3) : text, documentOptions: Lenient)!.AsObject();

    /// <summary>Without the objects and arrays around ours that hold nothing: only a receipt can tell whose those are.</summary>
    private static JsonObject Pruned(JsonObject root)
    {
        if (root["hooks"] is JsonObject hooks)
        {
            foreach (var name in hooks.Where(hook => hook.Value is JsonArray { Count: 0 }).Select(hook => hook.Key).ToList())
            {
                hooks.Remove(name);
            }
        }

        foreach (var name in (string[])["hooks", "mcpServers"])
        {
            if (root[name] is JsonObject { Count: 0 })
            {
                root.Remove(name);
            }
        }

        return root;
    }

    private static List<string> Comments(byte[] text)
    {
        var start = text.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
        var reader = new Utf8JsonReader([.. text.AsSpan(start), (byte)'\n'], isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { CommentHandling = JsonCommentHandling.Allow, AllowTrailingCommas = true }));
        var comments = new List<string>();
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.Comment)
            {
                comments.Add(reader.GetComment());
            }
        }

        return comments;
    }
}
