// Drives every tool and resource of `savepoint mcp` with the official client: of its first line (revisions with
// `initialize`) and of its second, which also speaks the stateless one. The workspace is the current directory.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync, existsSync } from "node:fs";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

const server = { command: process.env.SAVEPOINT, args: ["mcp", "--edit-tools"], cwd: process.cwd(), env: process.env };
const info = { name: "official-client", version: "1" };

async function drive(what, client, transport) {
  await client.connect(transport);
  const used = new Set();
  const call = async (name, args = {}) => {
    used.add(name);
    const result = await client.callTool({ name, arguments: args });
    assert.ok(!result.isError, `${name}: ${result.content[0].text}`);
    assert.ok(result.content[0].text.length > 0);
    assert.equal(typeof result.structuredContent.head, "number", `${name} has no head`);
    return result.structuredContent;
  };

  writeFileSync("a.txt", `${what}\n`);
  assert.equal((await call("diff")).fileCount, 1);
  const saved = await call("checkpoint", { name: `of-${what}` });
  assert.equal((await call("history", { limit: 1 })).snapshots[0].snapshot, saved.snapshot);
  assert.match((await call("show")).patch, new RegExp(`\\+${what}`));
  assert.equal((await call("blame", { path: "a.txt" })).runs[0].agent, info.name);

  await call("apply_whole_file_edit", { path: "made.txt", content: "1\n2\n3\n" });
  await call("apply_edit_block", { path: "made.txt", searchBlock: "2\n", replaceBlock: "two\n" });
  const ranged = await call("apply_ranged_edit", { path: "made.txt", content: "three\n", startLine: 3, endLine: 3 });
  const diff = `--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-${what}\n+patched\n`;
  await call("apply_unified_diff", { diffContent: diff });
  await call("reverse_diff", { diffContent: diff });
  assert.equal(readFileSync("a.txt", "utf8"), `${what}\n`);
  await call("revert", { snapshot: `${ranged.snapshot}` });
  assert.equal(readFileSync("made.txt", "utf8"), "1\ntwo\n3\n");
  await call("rename_path", { path: "made.txt", newPath: "moved.txt" });
  await call("delete_path", { path: "moved.txt" });
  await call("undo");
  assert.ok(existsSync("moved.txt"));
  await call("redo");
  assert.ok(!existsSync("moved.txt"));
  assert.equal((await call("rollback", { revision: "1" })).ending, "dry-run");
  await call("rollback", { revision: "1", dryRun: false });
  assert.equal(readFileSync("a.txt", "utf8"), "one\n");

  await measure(what, call);

  const { tools } = await client.listTools();
  assert.deepEqual([...used].sort(), tools.map((tool) => tool.name).sort(), "a tool was not driven");
  const refused = await client.callTool({ name: "undo", arguments: { nonsense: 1 } });
  assert.ok(refused.isError && refused.content[0].text.includes("It takes"));
  await assert.rejects(client.callTool({ name: "no_such_tool", arguments: {} }));
  const { resources } = await client.listResources();
  assert.equal(resources[0].uri, "savepoint://history");
  assert.ok((await client.listResourceTemplates()).resourceTemplates.length === 1);
  JSON.parse((await client.readResource({ uri: "savepoint://history" })).contents[0].text);
  assert.match((await client.readResource({ uri: `savepoint://snapshot/${ranged.snapshot}/diff` })).contents[0].text, /^diff --git/);
  await assert.rejects(client.readResource({ uri: "savepoint://snapshot/99999/diff" }));
  await client.close();
  console.log(`ok   ${what}: ${used.size} tools`);
}

// Checks, approaches, a search for what broke something, a branch of another's.
async function measure(what, call) {
  const checked = await call("check", { only: "test" });
  assert.equal(checked.passed, true);
  const tried = await call("try", { approaches: [`good=echo ${what} > way.txt`, "bad=rm a.txt"], test: "test -s a.txt" });
  assert.deepEqual([tried.winner, existsSync("way.txt")], ["good", false]);
  assert.equal((await call("experiments", { id: tried.experiment })).winner, "good");

  const good = (await call("history", { limit: 1 })).snapshots[0].snapshot;
  await call("apply_whole_file_edit", { path: "a.txt", content: "" });
  const broken = await call("apply_whole_file_edit", { path: "b.txt", content: "after\n" });
  const found = await call("bisect", { good: `${good}`, bad: `${broken.snapshot}`, command: "test -s a.txt" });
  assert.equal(found.bad, broken.snapshot - 1);
  await call("rollback", { revision: `${good}`, dryRun: false });

  execFileSync(process.env.SAVEPOINT, ["branch", "run", "-q", `b-${what}`, "--", "sh", "-c", `echo ${what} > merged.txt`]);
  await call("merge", { branch: `b-${what}` });
  assert.equal(readFileSync("merged.txt", "utf8"), `${what}\n`);
}

await drive("sdk-1", new OldClient(info), new OldTransport(server));
await drive("client-2-initialize", new Client(info), new StdioClientTransport(server));
const stateless = new Client(info, { versionNegotiation: { mode: "auto" } });
await drive("client-2-stateless", stateless, new StdioClientTransport(server));
assert.equal(stateless.getNegotiatedProtocolVersion?.() ?? "2026-07-28", "2026-07-28");
