// A model that plays a script (script.mjs), on loopback, in the four dialects that the clients speak. It keeps no state: how
// far a conversation has come is the number of tool results in it. A request without tools (a title, a summary) gets a word.
import { createServer } from "node:http"
import { stepsFor } from "./script.mjs"

/** Starts the model; resolves to its port, to whether it was ever told of our server's tools and of what it can do, and to a function that stops it. */
export const startModel = () =>
  new Promise((resolve) => {
    let hasOurTools = false
    let wasTold = false
    const server = createServer(async (request, response) => {
      let body = ""
      for await (const part of request) body += part
      const dialect = dialects.find(({ path }) => path.test(request.url))
      if (request.method !== "POST" || !dialect) return response.writeHead(404).end()
      const asked = JSON.parse(body || "{}")
      hasOurTools ||= /savepoint_+undo|mcp__savepoint\b/.test(body) // in its list; or, where a client keeps tools back until they are searched for, by name
      wasTold ||= [/savepoint undo/, /savepoint rollback turn:/, /savepoint try /].every((words) => words.test(body))
      if (/count_?tokens/i.test(request.url)) return json(response, { input_tokens: 1, totalTokens: 1 })
      const step = nextStep(dialect.conversation(asked), dialect.toolNames(asked))
      const answer = step ? dialect.call(step, asked) : dialect.text("Done.")
      if (asked.stream === false || /:generateContent/.test(request.url) || (dialect.streamsOnRequest && !asked.stream)) return json(response, answer.whole)
      response.writeHead(200, { "content-type": "text/event-stream" })
      for (const [event, data] of answer.events) response.write(`${event ? `event: ${event}\n` : ""}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`)
      response.end()
    })
    server.listen(0, "127.0.0.1", () => resolve({ port: server.address().port, hasOurTools: () => hasOurTools, wasTold: () => wasTold, forget: () => (hasOurTools = wasTold = false), stop: () => server.close() }))
  })

const json = (response, value) => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value))

const nextStep = ({ prompt, resultCount }, toolNames) => (toolNames.length === 0 ? undefined : stepsFor(prompt)[resultCount])

let calls = 0
const callId = () => `call_${++calls}_${Date.now()}`
const texts = (content) => (typeof content === "string" ? content : (content ?? []).map((part) => part.text ?? "").join("\n"))

// Anthropic's Messages API: Claude Code.
const anthropic = {
  path: /^\/v1\/messages/,
  streamsOnRequest: true,
  toolNames: ({ tools }) => (tools ?? []).map(({ name }) => name).filter((name) => name === "Bash"),
  conversation: ({ messages }) => {
    const blocks = messages.filter(({ role }) => role === "user").flatMap(({ content }) => (typeof content === "string" ? [{ type: "text", text: content }] : content))
    return { prompt: texts(blocks.filter(({ type }) => type === "text")), resultCount: blocks.filter(({ type }) => type === "tool_result").length }
  },
  call: (step, { model }) => {
    const [name, input] = step.shell
      ? ["Bash", { command: step.shell, description: "A step of the script" }]
      : step.edit
        ? ["Edit", { file_path: `${workspace()}/${step.edit}`, old_string: step.from, new_string: step.to }]
        : ["Write", { file_path: `${workspace()}/${step.write}`, content: step.content }]
    return anthropic.message(model, { type: "tool_use", id: callId().replace("call", "toolu"), name, input }, "tool_use")
  },
  text: (text) => anthropic.message("scripted", { type: "text", text }, "end_turn"),
  message: (model, block, reason) => {
    const usage = { input_tokens: 1, output_tokens: 1, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 }
    const message = { id: `msg_${Date.now()}`, type: "message", role: "assistant", model, content: [], stop_reason: null, stop_sequence: null, usage }
    const [empty, delta] = block.type === "text" ? [{ ...block, text: "" }, { type: "text_delta", text: block.text }] : [{ ...block, input: {} }, { type: "input_json_delta", partial_json: JSON.stringify(block.input) }]
    return {
      whole: { ...message, content: [block], stop_reason: reason },
      events: [
        ["message_start", { type: "message_start", message }],
        ["content_block_start", { type: "content_block_start", index: 0, content_block: empty }],
        ["content_block_delta", { type: "content_block_delta", index: 0, delta }],
        ["content_block_stop", { type: "content_block_stop", index: 0 }],
        ["message_delta", { type: "message_delta", delta: { stop_reason: reason, stop_sequence: null }, usage }],
        ["message_stop", { type: "message_stop" }],
      ],
    }
  },
}

// OpenAI's chat completions: opencode.
const chat = {
  path: /\/chat\/completions$/,
  streamsOnRequest: true,
  toolNames: ({ tools }) => (tools ?? []).map((tool) => tool.function?.name),
  conversation: ({ messages }) => ({
    prompt: messages.filter(({ role }) => role === "user").map(({ content }) => texts(content)).join("\n"),
    resultCount: messages.filter(({ role }) => role === "tool").length,
  }),
  call: (step) => {
    const [name, input] = step.shell
      ? ["bash", { command: step.shell, description: "A step of the script" }]
      : step.edit
        ? ["edit", { filePath: `${workspace()}/${step.edit}`, oldString: step.from, newString: step.to }]
        : ["write", { filePath: `${workspace()}/${step.write}`, content: step.content }]
    return chat.message({ tool_calls: [{ index: 0, id: callId(), type: "function", function: { name, arguments: JSON.stringify(input) } }] }, "tool_calls")
  },
  text: (content) => chat.message({ content }, "stop"),
  message: (delta, finish_reason) => {
    const head = { id: `chatcmpl-${Date.now()}`, created: 1, model: "scripted" }
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }
    const chunk = (delta, finish_reason = null) => ["", { ...head, object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason }], usage: finish_reason ? usage : undefined }]
    return {
      whole: { ...head, object: "chat.completion", choices: [{ index: 0, message: { role: "assistant", content: null, ...delta }, finish_reason }], usage },
      events: [chunk({ role: "assistant", ...delta }), chunk({}, finish_reason), ["", "[DONE]"]],
    }
  },
}

// OpenAI's Responses: Codex. Edits are patches, in whichever form the client offers the tool.
const responses = {
  path: /\/responses$/,
  toolNames: ({ tools }) => (tools ?? []).map(({ name }) => name),
  conversation: ({ input }) => ({
    prompt: input.filter(({ role }) => role === "user").map(({ content }) => texts(content)).join("\n"),
    resultCount: input.filter(({ type }) => type === "function_call_output" || type === "custom_tool_call_output").length,
  }),
  call: (step, { tools }) => {
    const call_id = callId()
    const offered = (name) => tools.find((tool) => tool.name === name)
    if (step.shell || !offered("apply_patch")) {
      const command = step.shell ?? `apply_patch <<'END'\n${patchOf(step)}END\n`
      const [name, input] = offered("exec_command") ? ["exec_command", { cmd: command }] : offered("shell_command") ? ["shell_command", { command }] : ["shell", { command: ["bash", "-c", command] }]
      return responses.item({ type: "function_call", name, call_id, arguments: JSON.stringify(input) })
    }

    return responses.item(
      offered("apply_patch").type === "custom"
        ? { type: "custom_tool_call", name: "apply_patch", call_id, input: patchOf(step) }
        : { type: "function_call", name: "apply_patch", call_id, arguments: JSON.stringify({ input: patchOf(step) }) },
    )
  },
  text: (text) => responses.item({ type: "message", role: "assistant", content: [{ type: "output_text", text }] }),
  item: (item) => {
    const id = `resp_${++calls}`
    const usage = { input_tokens: 1, input_tokens_details: null, output_tokens: 1, output_tokens_details: null, total_tokens: 2 }
    const done = { id, object: "response", status: "completed", output: [{ id: `item_${calls}`, ...item }], usage }
    return {
      whole: done,
      events: [
        ["response.created", { type: "response.created", response: { id } }],
        ["response.output_item.done", { type: "response.output_item.done", output_index: 0, item: done.output[0] }],
        ["response.completed", { type: "response.completed", response: done }],
      ],
    }
  },
}

const lines = (mark, text) => text.split("\n").slice(0, -1).map((line) => `${mark}${line}\n`).join("")
const patchOf = (step) =>
  `*** Begin Patch\n${step.edit ? `*** Update File: ${step.edit}\n@@\n${lines("-", step.from)}${lines("+", step.to)}` : `*** Add File: ${step.write}\n${lines("+", step.content)}`}*** End Patch\n`

// Gemini's generateContent: Gemini CLI.
const gemini = {
  path: /:(streamGenerateContent|generateContent|countTokens)/,
  toolNames: ({ tools }) => (tools ?? []).flatMap((tool) => tool.functionDeclarations ?? []).map(({ name }) => name),
  conversation: ({ contents }) => {
    const parts = contents.filter(({ role }) => role !== "model").flatMap(({ parts }) => parts)
    return { prompt: texts(parts), resultCount: parts.filter(({ functionResponse }) => functionResponse).length }
  },
  call: (step) => {
    const [name, args] = step.shell
      ? ["run_shell_command", { command: step.shell, description: "A step of the script" }]
      : step.edit
        ? ["replace", { file_path: `${workspace()}/${step.edit}`, instruction: "A step of the script", old_string: step.from, new_string: step.to }]
        : ["write_file", { file_path: `${workspace()}/${step.write}`, content: step.content }]
    return gemini.parts([{ functionCall: { id: callId(), name, args } }])
  },
  text: (text) => gemini.parts([{ text }]),
  parts: (parts) => {
    const whole = { candidates: [{ content: { role: "model", parts }, finishReason: "STOP", index: 0 }], usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 }, modelVersion: "scripted" }
    return { whole, events: [["", whole]] }
  },
}

const dialects = [anthropic, chat, responses, gemini]

let current = "/"
const workspace = () => current

/** The directory that the paths of the script are below; most clients' tools take absolute ones. */
export const setWorkspace = (directory) => (current = directory)
