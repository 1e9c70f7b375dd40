using Savepoint.Cli.Output;

namespace Savepoint.Cli.Hooks;

/// <summary>
/// What a hook answers. Only a beginning session is told something; nothing is a valid answer to every other event, and
/// Codex refuses fields that it does not know.
/// </summary>
internal static class HookAnswer
{
    private const string WhatAnAgentCanDo =
        "Savepoint records every change to this workspace, those of shell commands too, so any of it can be taken back exactly.\n"
        + "`savepoint undo` takes back the last change (`savepoint redo` undoes that), `savepoint rollback turn:ID` or `savepoint rollback @{10m}` goes back further; `savepoint log` shows what there is.";

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
            json.WriteString("additionalContext", WhatAnAgentCanDo);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }
}
