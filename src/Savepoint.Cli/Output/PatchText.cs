using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>
/// A patch on standard output: byte for byte what <c>git apply</c> reads; on a terminal coloured, and with control
/// characters shown instead of sent.
/// </summary>
internal static class PatchText
{
    /// <summary>
    /// How patches are made for this terminal. Where nobody applies what is printed, or it is held in memory as JSON, a
    /// content too large to compare by lines is only said to differ, as git says it.
    /// </summary>
    public static PatchOptions Options(Terminal terminal, bool isStatOnly = false) =>
        terminal.IsJson || terminal.IsInteractive || isStatOnly ? PatchOptions.Default with { MaxExactBytes = PatchOptions.MaxTextBytes } : PatchOptions.Default;

    public static void Write(Terminal terminal, Patch patch)
    {
        if (terminal.IsInteractive)
        {
            Show(terminal, patch.ToBytes());
        }
        else
        {
            patch.WriteTo(terminal.Bytes);
        }

        if (patch.Unexpressed.Count > 0)
        {
            terminal.Note($"git's format cannot say all of {Quantity.Of(patch.Unexpressed.Count, "change")}: {ChangeText.Summary(patch.Unexpressed, default)}");
        }
    }

    /// <summary>Lines that come and go in each file, and in all, as <c>git diff --stat</c> has them.</summary>
    public static void WriteStat(Terminal terminal, Patch patch, IReadOnlyList<FileChange> changes, Paint paint)
    {
        var rows = PatchStat.Of(patch, changes);
        if (rows.Count == 0)
        {
            return;
        }

        var width = rows.Max(row => row.Name.Length);
        foreach (var row in rows)
        {
            terminal.Line($" {row.Name.PadRight(width)} | {row.Describe(paint)}");
        }

        terminal.Line($" {Quantity.Of(rows.Count, "path")}, {Quantity.Of(rows.Sum(row => row.AddedCount), "line")} added, {Quantity.Of(rows.Sum(row => row.DeletedCount), "line")} deleted");
    }

    private static void Show(Terminal terminal, byte[] patch)
    {
        var paint = new Paint(terminal.HasColor);
        for (var start = 0; start < patch.Length;)
        {
            var length = patch.AsSpan(start).IndexOf((byte)'\n');
            length = length < 0 ? patch.Length - start : length;
            var line = string.Join('\t', System.Text.Encoding.UTF8.GetString(patch, start, length).Split('\t').Select(SafeText.Of));
            terminal.Line(line switch
            {
                ['@', '@', ..] => paint.Hunk(line),
                _ when line.StartsWith("diff --git", StringComparison.Ordinal) || line.StartsWith("+++ ", StringComparison.Ordinal) || line.StartsWith("--- ", StringComparison.Ordinal) => paint.Bold(line),
                ['+', ..] => paint.Added(line),
                ['-', ..] => paint.Deleted(line),
                _ => line,
            });
            start += length + 1;
        }
    }
}
