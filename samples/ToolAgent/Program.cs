// An agent on Microsoft.Extensions.AI whose every tool call can be undone. Copy what you need; put your own chat client
// where the scripted one is.
//
//     dotnet run --project samples/ToolAgent [DIRECTORY]
//
// Without a directory it works in a scratch one, which it removes.

using Microsoft.Extensions.AI;
using Savepoint;
using Savepoint.Extensions.AI;
using Savepoint.Model;

var scratch = Directory.CreateTempSubdirectory("tool-agent-");
try
{
    var workspace = args is [var given] ? Path.GetFullPath(given) : scratch.CreateSubdirectory("project").FullName;
    var stores = Path.Combine(scratch.FullName, "stores"); // a real agent: one folder outside all workspaces, always the same
    var (manager, _) = await SnapshotManager.InitAsync(workspace, new SnapshotOptions { StoreHome = stores });
    await using var tracked = manager;

    // Who makes each call. The turn changes with every prompt, and the call's id is the model's.
    var turn = 0;
    Actor Who(AIFunctionArguments arguments) => new("tool-agent", "demo", $"turn-{turn}", FunctionInvokingChatClient.CurrentContext?.CallContent.CallId);

    // Savepoint's editing tools record what they do. A tool of your own is recorded by what it changes.
    var options = new ChatOptions
    {
        Tools =
        [
            .. SavepointTools.Create(manager, new SavepointToolOptions { Actor = Who }),
            AIFunctionFactory.Create(Format, "format_sources", "Formats all sources.").WithSnapshots(manager, new RecordingOptions { Actor = Who }),
        ],
    };

    // Any IChatClient: this one plays a model that wants the following calls, one after the other.
    using var client = new ScriptedChatClient(
        [new("apply_whole_file_edit", new() { ["path"] = "src/greet.txt", ["content"] = "hello\n" }), new("format_sources", [])],
        [new("apply_edit_block", new() { ["path"] = "src/greet.txt", ["searchBlock"] = "HELLO", ["replaceBlock"] = "GOODBYE" })])
        .AsBuilder().UseFunctionInvocation().Build();

    foreach (var prompt in (string[])["Write a greeting.", "Say goodbye instead."])
    {
        turn++;
        var response = await client.GetResponseAsync(prompt, options);
        foreach (var result in response.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>())
        {
            Console.WriteLine($"{result.CallId}: {result.Result}");
        }
    }

    await foreach (var snapshot in manager.HistoryAsync())
    {
        Console.WriteLine($"{snapshot.Number,3} {snapshot.Actor.Turn ?? "-",-6} {snapshot.Actor.ToolCall ?? "-",-6} {snapshot.Tool ?? snapshot.Kind.ToString()}");
    }

    // The second turn did not please: back to the state before it.
    var rollback = await manager.RollbackAsync(manager.Resolve(Revision.Parse("turn:turn-2")));
    Console.WriteLine($"rollback: {rollback.Ending}, src/greet.txt is {File.ReadAllText(Path.Combine(workspace, "src/greet.txt")).TrimEnd()}");

    string Format()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(workspace, "src")))
        {
            File.WriteAllText(file, File.ReadAllText(file).ToUpperInvariant());
        }

        return "formatted";
    }
}
finally
{
    scratch.Delete(recursive: true);
}
