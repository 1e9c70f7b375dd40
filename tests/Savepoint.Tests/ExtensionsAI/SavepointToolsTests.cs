using System.Text.Json;
using Microsoft.Extensions.AI;
using Savepoint.Extensions.AI;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.ExtensionsAI;

public sealed class SavepointToolsTests : IAsyncLifetime
{
    private readonly Workspace _workspace = new();
    private SnapshotManager _manager = null!;

    public async ValueTask InitializeAsync()
    {
        _workspace.Write("a.txt", "one\ntwo\n");
        _manager = await _workspace.InitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _manager.DisposeAsync();
        _workspace.Dispose();
    }

    [Fact]
    public void Every_tool_has_a_name_a_description_and_a_strict_schema()
    {
        var tools = SavepointTools.Create(_manager);

        Assert.Equal(
            ["apply_whole_file_edit", "apply_unified_diff", "apply_edit_block", "apply_ranged_edit", "delete_path", "rename_path", "reverse_diff", "undo", "redo"],
            tools.Select(tool => tool.Name));
        Assert.Equal(7, SavepointTools.Create(_manager, new SavepointToolOptions { HasUndo = false }).Count);
        foreach (var tool in tools)
        {
            var properties = tool.JsonSchema.GetProperty("properties").EnumerateObject().ToList();
            Assert.True(tool.Description.Length > 40);
            Assert.False(tool.JsonSchema.GetProperty("additionalProperties").GetBoolean());
            Assert.Equal(properties.Select(property => property.Name), tool.JsonSchema.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
            Assert.All(properties, property => Assert.True(property.Value.GetProperty("description").GetString()!.Length > 10));
            Assert.All(properties, property => Assert.True(property.Value.GetProperty("type").ValueKind == JsonValueKind.String || property.Value.GetProperty("type")[1].GetString() == "null"));
        }
    }

    [Fact]
    public async Task Each_tool_does_what_a_model_asks_for()
    {
        var diff = (await CallAsync("apply_whole_file_edit", """{"path":"b.txt","content":"b\n","encoding":null}""")).GetProperty("diff").GetString();
        await CallAsync("apply_whole_file_edit", """{"path":"bin","content":"AAH/","encoding":"base64"}""");
        await CallAsync("apply_edit_block", """{"path":"a.txt","searchBlock":"two","replaceBlock":"2","ignoreWhitespace":null}""");
        await CallAsync("apply_ranged_edit", """{"path":"a.txt","content":"zero","startLine":1,"endLine":0}""");
        await CallAsync("rename_path", """{"path":"a.txt","newPath":"dir/c.txt"}""");
        Assert.Equal("zero\none\n2\n", _workspace.Read("dir/c.txt"));
        Assert.Equal([0, 1, 0xFF], await File.ReadAllBytesAsync(_workspace.At("bin"), TestContext.Current.CancellationToken));

        await CallAsync("reverse_diff", $$"""{"diffContent":{{JsonSerializer.Serialize(diff)}},"includeFiles":["*.txt"],"excludeFiles":[],"checkConflicts":true}""");
        Assert.False(File.Exists(_workspace.At("b.txt")));
        await CallAsync("apply_unified_diff", $$"""{"diffContent":{{JsonSerializer.Serialize(diff)}},"baseDir":"dir"}""");
        Assert.Equal("b\n", _workspace.Read("dir/b.txt"));
        await CallAsync("delete_path", """{"path":"dir","recursive":true}""");
        Assert.False(Directory.Exists(_workspace.At("dir")));
        await CallAsync("undo", """{"steps":2}""");
        Assert.False(File.Exists(_workspace.At("dir/b.txt")));
        await CallAsync("redo", """{}""");
        Assert.Equal("b\n", _workspace.Read("dir/b.txt"));
    }

    [Fact]
    public async Task An_answer_has_the_seeds_names()
    {
        var answer = await CallAsync("apply_edit_block", """{"path":"a.txt","searchBlock":"two","replaceBlock":"2"}""");

        Assert.Equal(
            ["success", "message", "diff", "diffIsComplete", "changesApplied", "affectedFiles", "multiFileResults", "snapshot"],
            answer.EnumerateObject().Select(property => property.Name));
        Assert.Equal((1, "a.txt", 2L), (answer.GetProperty("changesApplied").GetInt32(), answer.GetProperty("affectedFiles")[0].GetString(), answer.GetProperty("snapshot").GetInt64()));
    }

    [Fact]
    public async Task Whatever_goes_wrong_is_an_answer_and_changes_nothing()
    {
        await AssertFailsAsync("apply_edit_block", """{"path":"a.txt","searchBlock":"three","replaceBlock":""}""", "The search block is not in a.txt");
        await AssertFailsAsync("apply_edit_block", """{"path":"a.txt","searchBlock":"two"}""", "The argument 'replaceBlock' cannot be used: a string is needed.");
        await AssertFailsAsync("apply_ranged_edit", """{"path":"a.txt","content":"x","startLine":"first","endLine":1}""", "'startLine' cannot be used: an integer is needed");
        await AssertFailsAsync("apply_whole_file_edit", """{"path":"a.txt","content":"%","encoding":"base64"}""", "it is not base64");
        await AssertFailsAsync("apply_unified_diff", """{"diffContent":"not a diff"}""", "The diff cannot be read");
        await AssertFailsAsync("reverse_diff", """{"diffContent":"--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-0\n+one\n","includeFiles":["!x"]}""", "'!x' is no glob");
        await AssertFailsAsync("undo", """{"steps":0}""", "steps");
        Assert.Equal(("one\ntwo\n", 1L), (_workspace.Read("a.txt"), _manager.Head!.Value.Value));
    }

    [Fact]
    public async Task A_call_is_recorded_with_the_actor_of_its_time_and_the_tools_name()
    {
        var turn = 1;
        var tools = SavepointTools.Create(_manager, new SavepointToolOptions { Actor = _ => new Actor("agent", "session", $"turn-{turn}") });
        turn = 2;

        await CallAsync("delete_path", """{"path":"a.txt"}""", tools);

        var snapshot = _manager.GetSnapshot(_manager.Head!.Value);
        Assert.Equal((new Actor("agent", "session", "turn-2"), "delete_path"), (snapshot.Actor, snapshot.Tool));
    }

    [Fact]
    public async Task A_long_diff_is_cut_at_a_line_and_says_so()
    {
        var content = string.Concat(Enumerable.Range(0, 100).Select(i => $"line {i}\\n"));

        var answer = await CallAsync("apply_whole_file_edit", $$"""{"path":"long.txt","content":"{{content}}"}""", SavepointTools.Create(_manager, new SavepointToolOptions { MaxDiffLength = 200 }));

        Assert.False(answer.GetProperty("diffIsComplete").GetBoolean());
        Assert.Matches(@"\+line \d+\n# \d+ more characters are left out here; snapshot 2 has them[.]\n$", answer.GetProperty("diff").GetString());
    }

    [Fact]
    public async Task A_call_that_is_cancelled_before_it_begins_changes_nothing()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await SavepointTools.Create(_manager)[0].InvokeAsync(new AIFunctionArguments { ["path"] = "a.txt", ["content"] = "x" }, stop.Token));

        Assert.Equal("one\ntwo\n", _workspace.Read("a.txt"));
    }

    private async Task AssertFailsAsync(string tool, string arguments, string expected)
    {
        var answer = await InvokeAsync(tool, arguments, SavepointTools.Create(_manager));
        Assert.False(answer.GetProperty("success").GetBoolean());
        Assert.Contains(expected, answer.GetProperty("message").GetString());
    }

    private async Task<JsonElement> CallAsync(string tool, string arguments, IList<AIFunction>? tools = null)
    {
        var answer = await InvokeAsync(tool, arguments, tools ?? SavepointTools.Create(_manager));
        Assert.True(answer.GetProperty("success").GetBoolean(), answer.ToString());
        return answer;
    }

    private static async Task<JsonElement> InvokeAsync(string tool, string arguments, IList<AIFunction> tools)
    {
        using var json = JsonDocument.Parse(arguments);
        var given = json.RootElement.EnumerateObject().ToDictionary(property => property.Name, property => (object?)property.Value.Clone());
        return (JsonElement)(await tools.First(candidate => candidate.Name == tool).InvokeAsync(new AIFunctionArguments(given), TestContext.Current.CancellationToken))!;
    }
}
