// Savepoint's plug-in for opencode: it tells `savepoint hook` of each prompt and each use of a tool, so that what they
// change is recorded and can be taken back. `savepoint install opencode` wrote it, `savepoint uninstall opencode` takes
// it away. It needs nothing but Savepoint, never throws, and never waits longer than the time limit.
import { spawn } from "node:child_process"

const command = ["savepoint", "hook", "opencode"]
const timeLimitMs = 6000 // the hook itself gives up after five seconds

export const Savepoint = async ({ directory }) => {
  const parents = new Map() // a sub-agent's session: the session that started it
  const turns = new Map() // a session: the message that began its turn

  const tell = (name, session, more) =>
    new Promise((resolve) => {
      try {
        const child = spawn(command[0], command.slice(1), { cwd: directory, stdio: ["pipe", "ignore", "ignore"] })
        const limit = setTimeout(() => (child.kill(), resolve()), timeLimitMs)
        const done = () => (clearTimeout(limit), resolve())
        child.on("error", done)
        child.on("close", done)
        child.stdin.on("error", () => {})
        child.stdin.end(JSON.stringify({ hook_event_name: name, cwd: directory, ...actor(session), ...more }))
      } catch {
        resolve()
      }
    })

  // A sub-agent has a session of its own in opencode. Its work belongs to the turn of the session that started it.
  const actor = (session) => {
    let root = session
    while (parents.has(root)) root = parents.get(root)
    const agent = root === session ? {} : { agent_id: session }
    return { session_id: root, turn_id: turns.get(root), ...agent }
  }

  return {
    event: async ({ event }) => {
      const { sessionID, info } = event.properties ?? {}
      const session = info?.id ?? sessionID
      if (event.type === "session.created") {
        if (info?.parentID) parents.set(session, info.parentID)
        else await tell("SessionStart", session)
      } else if (event.type === "session.idle") {
        await tell(parents.has(session) ? "SubagentStop" : "Stop", session)
      } else if (event.type === "session.deleted") {
        await tell(parents.has(session) ? "SubagentStop" : "SessionEnd", session)
        turns.delete(session)
        parents.delete(session)
      }
    },

    "chat.message": async ({ sessionID }, { message, parts }) => {
      if (parents.has(sessionID)) return
      turns.set(sessionID, message?.id)
      const prompt = (parts ?? []).filter((part) => part.type === "text" && !part.synthetic).map((part) => part.text).join("\n")
      await tell("UserPromptSubmit", sessionID, { prompt })
    },

    "tool.execute.before": async ({ tool, sessionID, callID }, { args }) => {
      await tell("PreToolUse", sessionID, { tool_name: tool, tool_input: args, tool_use_id: callID })
    },

    "tool.execute.after": async ({ tool, sessionID, callID, args }, { metadata }) => {
      await tell("PostToolUse", sessionID, { tool_name: tool, tool_input: args, tool_use_id: callID, tool_response: { exit: metadata?.exit } })
    },
  }
}
