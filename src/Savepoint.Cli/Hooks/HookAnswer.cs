using Savepoint.Cli.Clients;
using Savepoint.Cli.Output;

namespace Savepoint.Cli.Hooks;

/// <summary>
/// What a hook answers. Only a beginning session is told something; nothing is a valid answer to every other event, and
/// Codex refuses fields that it does not know.
/// </summary>
internal static class HookAnswer
{
    // Two lines: how to go back, and how to find out what is better. By the name that leads to us: an agent's shell has the client's PATH.
    private static string WhatAnAgentCanDo(string program) =>
        $"Savepoint records every change to this workspace, those of shell commands too: `{program} undo` takes back the last one (`redo` undoes that), `{program} rollback turn:ID` gives the state before a prompt, `{program} rollback @{{10m}}` that of ten minutes ago; `{program} log` shows what there is.\n"
        + $"Where several ways are possible, `{program} try --approach A='COMMAND' --approach B='COMMAND' --test 'COMMAND'` runs each in a copy of its own, measures all alike and ranks them; the workspace stays as it is.";

    public static void Give(HookEvent hook, Terminal terminal)
    {
        if (hook.Kind != HookEventKind.SessionBegan)
        {
            return;
        }

        terminal.Json(json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("hookSpecificOutput");
            json.WriteString("hookEventName", hook.Name);
            json.WriteString("additionalContext", WhatAnAgentCanDo(HookCommand.Quoted(OwnProgram.Name)));
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }
}
