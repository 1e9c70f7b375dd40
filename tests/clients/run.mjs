// With each client: set up by `savepoint install`, two turns played by the scripted model, the history checked, both turns
// taken back, the client's configuration taken back. Prints a table of what held; exit code 1 if anything did not.
import { execFileSync, spawn } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { clients } from "./clients.mjs"
import { setWorkspace, startModel } from "./model.mjs"
import { promptApart, prompts } from "./script.mjs"

const timeLimitMs = 180_000

// What a program that is not ours says of the tree: names, kinds, modes, link targets, SHA-256 sums. Without git's files,
// ignored ones, and what the client itself keeps beside its configuration.
const others = ".git .opencode .claude .codex .gemini .mcp.json opencode.json* *.log".split(" ").map((name) => `-name '${name}'`).join(" -o ")
const manifest = `find . \\( ${others} \\) -prune -o -printf '%y %m %l %p\\n' | sort; find . \\( ${others} \\) -prune -o -type f -print0 | sort -z | xargs -0 sha256sum`

const isInstall = process.argv[2] === "--install"
const [cache, ...names] = process.argv.slice(isInstall ? 3 : 2)
const chosen = clients.filter(({ name }) => names.length === 0 || names.includes(name))
const foldersOf = ({ name }) => join(cache, name)

if (isInstall) {
  for (const client of chosen) {
    if (existsSync(join(foldersOf(client), "node_modules", ".installed-" + client.packages.join("+").replaceAll("/", "_")))) continue
    mkdirSync(foldersOf(client), { recursive: true })
    writeFileSync(join(foldersOf(client), "package.json"), '{ "private": true }\n')
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "--silent", ...client.packages], { cwd: foldersOf(client), stdio: "inherit" })
    writeFileSync(join(foldersOf(client), "node_modules", ".installed-" + client.packages.join("+").replaceAll("/", "_")), "")
  }
  process.exit(0)
}

const model = await startModel()
const rows = []
for (const client of chosen) rows.push(...(await play(client)))
model.stop()

const width = Math.max(...rows.map(({ what }) => what.length))
for (const { client, what, holds, why } of rows) console.log(`${client.padEnd(11)}  ${what.padEnd(width)}  ${holds ? "held" : `FAILED: ${why}`}`)
const failed = rows.filter(({ holds }) => !holds).length
console.log(`${rows.length - failed} of ${rows.length} held.`)
process.exitCode = failed > 0 ? 1 : 0

async function play(client) {
  const scratch = mkdtempSync(join(tmpdir(), `savepoint-${client.name}-`))
  const at = { url: `http://127.0.0.1:${model.port}`, workspace: join(scratch, "work"), home: join(scratch, "home"), bin: join(scratch, "bin") }
  const env = { PATH: `${at.bin}:${process.env.PATH}`, LANG: "C.UTF-8", TMPDIR: join(scratch, "tmp"), HOME: at.home, SAVEPOINT_HOME: join(scratch, "stores"), ...client.env(at) }
  const results = []
  const check = (what, test) => {
    try {
      const why = test()
      results.push({ client: client.name, what, holds: !why, why })
    } catch (e) {
      results.push({ client: client.name, what, holds: false, why: String(e.stderr || e.message).trim().split("\n")[0] })
    }
  }
  const shell = (command) => execFileSync("bash", ["-c", command], { cwd: at.workspace, env, encoding: "utf8" })
  const savepoint = (...args) => execFileSync(join(at.bin, "savepoint"), args, { cwd: at.workspace, env, encoding: "utf8" })
  const log = () => savepoint("log", "--json", "-n", "1000").trim().split("\n").map(JSON.parse).reverse().slice(1)
  const tree = () => shell(manifest)
  try {
    for (const folder of [at.workspace, at.home, at.bin, env.TMPDIR]) mkdirSync(folder)
    symlinkSync(process.env.SAVEPOINT_UNDER_TEST, join(at.bin, "savepoint"))
    write(at.workspace, { "a.txt": "alpha\n", "old.txt": "old\n", "src/b.txt": "b\n", ".gitignore": "*.log\n", ...client.files(at) })
    write(at.home, client.home?.(at) ?? {})
    shell("git init -q && git add -A && git -c user.name=t -c user.email=t@t commit -qm begin")
    setWorkspace(at.workspace)
    model.forget()

    const untouched = tree() + configuration(shell)
    check("install sets it up, again does nothing", () => {
      savepoint("install", client.name)
      savepoint("init")
      return JSON.parse(savepoint("install", client.name, "--json")).changed && "it wrote again"
    })
    const trees = [tree()]
    for (const prompt of prompts) {
      await run(client, at, env, prompt, scratch)
      trees.push(tree())
    }

    check("its model has Savepoint's tools", () => !model.hasOurTools() && "none was ever named to it")
    check("its model is told of undo, rollback and try", () => !model.wasTold() && "no request held all three")
    const oddities = client.name === "opencode" ? await throwsOf(join(at.workspace, ".opencode/plugins/savepoint.js"), at.workspace) : []
    check("whatever it is told, its plug-in throws nothing", () => oddities.join(", "))
    const history = log()
    const work = history.filter(({ kind }) => kind === "operation")
    const turns = [...new Set(work.map(({ turn }) => turn))]
    const one = work.filter(({ turn }) => turn === turns[0])
    check("the script was played", () => (!existsSync(join(at.workspace, "src/new.txt")) || !existsSync(join(at.workspace, "data.bin"))) && `see ${scratch}`)
    check("each edit and each command is a snapshot of its own", () => work.length !== 5 && `${work.length} instead of 5: ${work.map(({ tool }) => tool).join(", ")}`)
    check("with agent, session, turn and tool", () => {
      const bare = work.find(({ agent, session, turn, tool }) => agent !== client.name || !session || !turn || !tool)
      return bare && JSON.stringify(bare)
    })
    check("two turns are told apart", () => turns.length !== 2 && `turns: ${turns.join(", ")}`)
    check("what the failing command did is recorded whole", () => {
      const paths = one.at(-1).changes.map(({ kind, path }) => `${kind} ${path}`).sort().join(", ")
      return paths !== "add data.bin, delete old.txt, rename moved.txt" && paths
    })
    check("nothing is left unrecorded", () => JSON.parse(savepoint("status", "--json")).changes.length > 0 && savepoint("status"))
    if (client.argsApart) {
      await run(client, at, env, promptApart, scratch, client.argsApart)
      check("its worktree is a branch of ours, and the workspace as it was", () => {
        const branches = JSON.parse(savepoint("branch", "--json")).branches.map(({ name }) => name)
        return branches.includes("apart") ? differ(tree(), trees[2]) : `branches: ${branches.join(", ")}`
      })
      check("what it did there is on that branch, as its doing", () => {
        const [last] = savepoint("log", "--branch", "apart", "--json", "-n", "1").trim().split("\n").map(JSON.parse)
        return (last.agent !== client.name || last.changes.length !== 2) && JSON.stringify(last)
      })
      check("merge brings it here, undo takes it back", () => {
        savepoint("merge", "apart")
        const merged = existsSync(join(at.workspace, "apart.txt")) && !existsSync(join(at.workspace, "moved.txt"))
        savepoint("undo")
        return merged ? differ(tree(), trees[2]) : "it did not come"
      })
    }

    check("rollback to before the second turn", () => (savepoint("rollback", `turn:${turns[1]}`), differ(tree(), trees[1])))
    check("undo of that rollback", () => (savepoint("undo"), differ(tree(), trees[2])))
    check("rollback to before the first turn", () => (savepoint("rollback", `turn:${turns[0]}`), differ(tree(), trees[0])))
    check("uninstall leaves all as it was", () => (savepoint("uninstall", client.name), differ(tree() + configuration(shell), untouched)))
    check("git's own files are as they were", () => shell("git status --porcelain").trim().split("\n").filter((line) => line && !/\.opencode/.test(line)).join(" "))
  } catch (e) {
    results.push({ client: client.name, what: "the run", holds: false, why: `${e.message} (see ${scratch})` })
  }

  if (results.every(({ holds }) => holds)) rmSync(scratch, { recursive: true, force: true })
  return results
}

/** Which of a plug-in's hooks throw if what they are told is not what is documented; the plug-in is loaded as the client does. */
async function throwsOf(file, directory) {
  const hooks = await (await import(file)).Savepoint({ directory })
  const odd = [[undefined, undefined], [{}, {}], [{ event: { type: "session.created" } }, {}], [{ sessionID: "odd" }, { parts: {}, system: "no list" }], [{ sessionID: "odd" }, { parts: [null] }]]
  const threw = new Set()
  for (const [name, hook] of Object.entries(hooks)) for (const told of odd) await hook(...told).catch(() => threw.add(name))
  return [...threw]
}

/** Runs the client with a prompt, to its end; its words go to files in the scratch folder. */
function run(client, at, env, prompt, scratch, more = []) {
  const [program, ...first] = client.program(join(foldersOf(client), "node_modules", ".bin"))
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...first, ...more, ...client.args(prompt)], { cwd: at.workspace, env, stdio: ["ignore", "pipe", "pipe"] })
    const limit = setTimeout(() => child.kill("SIGKILL"), timeLimitMs)
    let said = ""
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (said += data))
    child.on("error", reject)
    child.on("close", (code, signal) => {
      clearTimeout(limit)
      writeFileSync(join(scratch, `${prompt.split(" ")[2]}.txt`), `${program} ended with ${code ?? signal}\n${said}`)
      resolve()
    })
  })
}

function configuration(shell) {
  return shell("for f in .claude/settings.json .mcp.json .codex/config.toml .codex/hooks.json .gemini/settings.json opencode.json opencode.jsonc .opencode/plugins; do if [ -e $f ]; then stat -c '%n %a' $f; [ -d $f ] || sha256sum $f; fi; done")
}

function differ(is, was) {
  const [left, right] = [is.split("\n"), was.split("\n")]
  const lines = [...left.filter((line) => !right.includes(line)).map((line) => `+${line}`), ...right.filter((line) => !left.includes(line)).map((line) => `-${line}`)]
  return lines.slice(0, 4).join("; ")
}

function write(root, files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}
