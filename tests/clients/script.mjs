// What the scripted model does in each turn, the same with every client: edits, shell commands, one of which fails.

/** The steps of the turn whose prompt this is. */
export const stepsFor = (prompt) => (prompt.includes(promptApart) ? apart : prompt.includes("second turn") ? second : first)

export const prompts = ["Play the first turn.", "Play the second turn."]

/** For clients that can work in a directory of their own. */
export const promptApart = "Play the turn apart."

const first = [
  { write: "notes/plan.md", content: "# Plan\n\n- one\n" },
  { edit: "notes/plan.md", from: "- one\n", to: "- one\n- two\n" },
  { shell: "rm old.txt && mv a.txt moved.txt && printf 'x\\0y' > data.bin && chmod 755 data.bin && exit 3" },
]

const second = [
  { shell: "echo '- three' >> notes/plan.md; mkdir -p empty/inside; ln -s moved.txt link; echo noise > ignored.log" },
  { write: "src/new.txt", content: "new\n" },
]

const apart = [{ shell: "echo apart > apart.txt; rm moved.txt" }]
