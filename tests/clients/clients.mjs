// How each client is installed, pointed to the scripted model, and run without a person. Versions are those that were seen
// to behave as docs/design/hooks.md says.

const quiet = { NO_COLOR: "1", CI: "1", TERM: "dumb" }

export const clients = [
  {
    name: "claude-code",
    packages: ["@anthropic-ai/claude-code@2.1.330"],
    program: (bin) => [`${bin}/claude`],
    env: ({ url }) => ({
      ...quiet,
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: "scripted",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      DISABLE_AUTOUPDATER: "1",
      DISABLE_TELEMETRY: "1",
      DISABLE_ERROR_REPORTING: "1",
      IS_SANDBOX: "1",
    }),
    argsApart: ["--worktree", "apart"],
    args: (prompt) => ["-p", prompt, "--model", "claude-sonnet-4-5", "--permission-mode", "bypassPermissions"],
    // What people have there already: all of it must be there again at the end, byte for byte.
    files: () => ({ ".claude/settings.json": '{\n    "permissions": { "allow": ["WebSearch"] },\n    "enableAllProjectMcpServers": true\n}' }),
  },
  {
    name: "codex",
    packages: ["@openai/codex@0.169.0"],
    program: (bin) => [`${bin}/codex`],
    env: () => ({ ...quiet, SCRIPTED_KEY: "scripted" }),
    // Its user would review the hooks at the first start; here nobody sits before it.
    args: (prompt) => ["exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", "--dangerously-bypass-hook-trust", prompt],
    files: () => ({ ".codex/config.toml": "# ours\nhide_agent_reasoning = true # a comment\n" }),
    home: ({ url, workspace }) => ({
      ".codex/config.toml": `model = "gpt-5.5"\nmodel_provider = "scripted"\n\n[model_providers.scripted]\nname = "scripted"\nbase_url = "${url}/v1"\nenv_key = "SCRIPTED_KEY"\nwire_api = "responses"\n\n[projects."${workspace}"]\ntrust_level = "trusted"\n`,
    }),
  },
  {
    name: "gemini",
    packages: ["@google/gemini-cli@0.61.0"],
    program: (bin) => [process.execPath, `${bin}/../@google/gemini-cli/bundle/gemini.js`],
    env: ({ url }) => ({ ...quiet, GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: "scripted", GEMINI_CLI_TRUST_WORKSPACE: "true", GEMINI_CLI_NO_RELAUNCH: "true" }),
    args: (prompt) => ["-m", "gemini-2.5-pro", "--approval-mode", "yolo", "-p", prompt],
    files: () => ({ ".gemini/settings.json": '{\r\n\t// ours\r\n\t"general": { "vimMode": false }\r\n}\r\n' }), // comments, but no trailing comma: it refuses those
    home: () => ({ ".gemini/settings.json": '{ "security": { "auth": { "selectedType": "gemini-api-key" } }, "privacy": { "usageStatisticsEnabled": false }, "telemetry": { "enabled": false } }\n' }),
  },
  {
    name: "opencode",
    packages: ["opencode-ai@1.18.33"],
    program: (bin) => [`${bin}/opencode`],
    env: () => ({ ...quiet, OPENCODE_DISABLE_AUTOUPDATE: "1", OPENCODE_DISABLE_MODELS_FETCH: "1", OPENCODE_DISABLE_LSP_DOWNLOAD: "1" }),
    args: (prompt) => ["run", prompt],
    files: () => ({ "opencode.jsonc": '{\n  // ours\n  "$schema": "https://opencode.ai/config.json",\n  "autoupdate": false,\n}\n' }),
    home: ({ url }) => ({
      ".npmrc": "fetch-retries=0\n", // it looks for packages of plug-ins, and would wait long for a network
      ".config/opencode/opencode.json": JSON.stringify({
        $schema: "https://opencode.ai/config.json",
        share: "disabled",
        model: "scripted/model",
        small_model: "scripted/model",
        permission: { edit: "allow", bash: "allow" },
        provider: { scripted: { npm: "@ai-sdk/openai-compatible", name: "scripted", options: { baseURL: `${url}/v1`, apiKey: "scripted" }, models: { model: { name: "model", limit: { context: 100000, output: 8000 } } } } },
      }),
    }),
  },
]
