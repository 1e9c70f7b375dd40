// Savepoint's plug-in for opencode: it tells `savepoint hook` of each prompt and each use of a tool, so that what they
// change is recorded and can be taken back. `savepoint install opencode` wrote it, `savepoint uninstall opencode` takes
// it away. It needs nothing but Savepoint, never throws, and never waits longer than the time limit.
import { spawn } from "node:child_process"

const command = ["savepoint", "hook", "opencode"]
const timeLimitMs = 6000 // the hook itself gives up after five seconds

export const Savepoint = async ({ directory }) => {
  const parents = new Map() // a sub-agent's session: the session that started it
  const turns = new Map() // a session: the message that began its turn
  const begun = new Map() // a session: what its agent is told

  // What the hook answers; nothing where it fails, for whatever reason.
  const tell = (name, session, more) =>
    new Promise((resolve) => {
      let answer = ""
      try {
        const child = spawn(command[0], command.slice(1), { cwd: directory, stdio: ["pipe", "pipe", "ignore"] })
        const limit = setTimeout(() => (child.kill(), resolve("")), timeLimitMs)
        const done = () => (clearTimeout(limit), resolve(answer))
        child.on("error", done)
        child.on("close", done)
        child.stdout.on("data", (data) => (answer += data))
        child.stdin.on("error", () => {})
        child.stdin.end(JSON.stringify({ hook_event_name: name, cwd: directory, ...actor(session), ...more }))
      } catch {
        resolve("")
      }
    })

  // A sub-agent has a session of its own in opencode. Its work belongs to the turn of the session that started it.
  const rootOf = (session) => {
    while (parents.has(session)) session = parents.get(session)
    return session
  }

  const actor = (session) => {
    const root = rootOf(session)
    const agent = root === session ? {} : { agent_id: session }
    return { session_id: root, turn_id: turns.get(root), ...agent }
  }

  // Once a session, and for one that was begun before opencode was started, at its first prompt.
  const begin = (session) => {
    if (!begun.has(session)) begun.set(session, tell("SessionStart", session).then(contextIn))
    return begun.get(session)
  }

  const contextIn = (answer) => {
    try {
      return JSON.parse(answer).hookSpecificOutput.additionalContext
    } catch {
      return undefined
    }
  }

  // What goes wrong in a hook of ours is no concern of opencode's.
  const quietly = (hook) => async (input, output) => {
    try {
      await hook(input ?? {}, output ?? {})
    } catch {}
  }

  return {
    event: quietly(async ({ event }) => {
      const { sessionID, info } = event.properties ?? {}
      const session = info?.id ?? sessionID
      if (event.type === "session.created") {
        if (info?.parentID) parents.set(session, info.parentID)
        else await begin(session)
      } else if (event.type === "session.idle") {
        await tell(parents.has(session) ? "SubagentStop" : "Stop", session)
      } else if (event.type === "session.deleted") {
        await tell(parents.has(session) ? "SubagentStop" : "SessionEnd", session)
        turns.delete(session)
        begun.delete(session)
        parents.delete(session)
      }
    }),

    "chat.message": quietly(async ({ sessionID }, { message, parts }) => {
      if (parents.has(sessionID)) return
      await begin(sessionID)
      turns.set(sessionID, message?.id)
      const texts = Array.isArray(parts) ? parts.filter((part) => part?.type === "text" && !part.synthetic) : []
      await tell("UserPromptSubmit", sessionID, { prompt: texts.map((part) => part.text).join("\n") })
    }),

    "experimental.chat.system.transform": quietly(async ({ sessionID }, { system }) => {
      const context = await begun.get(rootOf(sessionID))
      if (context && Array.isArray(system)) system.push(context)
    }),

    "tool.execute.before": quietly(async ({ tool, sessionID, callID }, { args }) => {
      await tell("PreToolUse", sessionID, { tool_name: tool, tool_input: args, tool_use_id: callID })
    }),

    "tool.execute.after": quietly(async ({ tool, sessionID, callID, args }, { metadata }) => {
      await tell("PostToolUse", sessionID, { tool_name: tool, tool_input: args, tool_use_id: callID, tool_response: { exit: metadata?.exit } })
    }),
  }
}
