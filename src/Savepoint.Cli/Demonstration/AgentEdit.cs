using System.Text;
using Savepoint.Model;

namespace Savepoint.Cli.Demonstration;

/// <summary>An edit as an agent's tool makes it: one line of one file. Where there is no text to edit, a new file.</summary>
/// <param name="Path">The file.</param>
/// <param name="OldLine">The line before; null in a new file.</param>
/// <param name="NewLine">The line after.</param>
/// <param name="After">The whole file after it.</param>
internal sealed record AgentEdit(WorkspacePath Path, string? OldLine, string NewLine, byte[] After)
{
    // A screen or two: neither a stub nor a book.
    private const int GoodLengthBytes = 3000;
    private const string Remark = "  (an agent was here)";

    /// <summary>Chooses the file and the line.</summary>
    public static AgentEdit Choose(IReadOnlyList<TextFile> files)
    {
        if (files.MinBy(file => Math.Abs(file.Bytes.Length - GoodLengthBytes)) is not { } file)
        {
            return new AgentEdit(WorkspacePath.Parse("agent.txt"), null, "An agent was here.", "An agent was here.\n"u8.ToArray());
        }

        var lines = Encoding.UTF8.GetString(file.Bytes).Split('\n');
        var middle = lines.Length / 2;
        var at = Enumerable.Range(0, lines.Length).OrderByDescending(i => lines[i].Any(char.IsLetter)).ThenBy(i => Math.Abs(i - middle)).First();
        var old = lines[at].TrimEnd('\r');
        lines[at] = old + Remark + lines[at][old.Length..];
        return new AgentEdit(file.Path, old, old + Remark, Encoding.UTF8.GetBytes(string.Join('\n', lines)));
    }

    /// <summary>Whether a patch says just this, and of this file alone.</summary>
    public bool IsShownBy(byte[] patch) =>
        patch.AsSpan().IndexOf(Encoding.UTF8.GetBytes($"\n+{NewLine}")) >= 0
        && (OldLine is null || patch.AsSpan().IndexOf(Encoding.UTF8.GetBytes($"\n-{OldLine}")) >= 0)
        && patch.AsSpan().StartsWith("diff --git "u8)
        && patch.AsSpan().IndexOf("\ndiff --git "u8) < 0;
}
