using System.Text.Json.Nodes;

namespace Savepoint.Cli.Tests.Hooks;

/// <summary>
/// What our plug-in for opencode (src/Savepoint.Cli/Clients/opencode-plugin.js) makes of what a plug-in is told: opencode has no
/// hooks to record, so a recording holds what its plug-ins were called with. The plug-in itself runs in tests/clients/run.
/// </summary>
internal sealed class OpenCodeEvents
{
    private readonly Dictionary<string, string> _parents = [];
    private readonly Dictionary<string, string?> _turns = [];

    /// <summary>The events that <c>savepoint hook opencode</c> gets in a scenario, in the form of the other clients' recordings.</summary>
    public static List<JsonObject> Of(IEnumerable<JsonObject> recorded)
    {
        var plugin = new OpenCodeEvents();
        return [.. recorded.Select(plugin.Told).OfType<JsonObject>()];
    }

    private JsonObject? Told(JsonObject entry)
    {
        var told = entry["stdin"]!;
        switch ((string)entry["event"]!)
        {
            case "event:session.created":
                var created = (string)told["properties"]!["info"]!["id"]!;
                if ((string?)told["properties"]!["info"]!["parentID"] is not { } parent)
                {
                    return Event("SessionStart", created);
                }

                _parents[created] = parent;
                return null;
            case "event:session.idle":
                var idle = (string)told["properties"]!["sessionID"]!;
                return Event(_parents.ContainsKey(idle) ? "SubagentStop" : "Stop", idle);
            case "chat.message" when (string)told["input"]!["sessionID"]! is var prompted && !_parents.ContainsKey(prompted):
                _turns[prompted] = (string?)told["output"]!["message"]!["id"];
                return Event("UserPromptSubmit", prompted, ("prompt", told["output"]!["parts"]![0]!["text"]));
            case "tool.execute.before":
                return Call("PreToolUse", told["input"]!, told["output"]!["args"]!);
            case "tool.execute.after":
                var after = Call("PostToolUse", told["input"]!, told["input"]!["args"]!);
                after["stdin"]!["tool_response"] = new JsonObject { ["exit"] = told["output"]!["metadata"]?["exit"]?.DeepClone() };
                return after;
            default:
                return null;
        }
    }

    private JsonObject Call(string name, JsonNode call, JsonNode input) =>
        Event(name, (string)call["sessionID"]!, ("tool_name", call["tool"]), ("tool_input", input), ("tool_use_id", call["callID"]));

    private JsonObject Event(string name, string session, params (string Name, JsonNode? Value)[] members)
    {
        var root = _parents.GetValueOrDefault(session, session);
        var payload = new JsonObject { ["hook_event_name"] = name, ["cwd"] = "${WORKSPACE}", ["session_id"] = root, ["turn_id"] = _turns.GetValueOrDefault(root) };
        if (root != session)
        {
            payload["agent_id"] = session;
        }

        foreach (var (member, value) in members)
        {
            payload[member] = value?.DeepClone();
        }

        return new JsonObject { ["event"] = name, ["stdin"] = payload };
    }
}
