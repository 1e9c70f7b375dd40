using System.Globalization;
using System.Text;
using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint.Exporting;

/// <summary>A snapshot as a mail of a mailbox that <c>git am</c> takes, and <c>git apply</c> too (git-format-patch(1)).</summary>
internal static class PatchMail
{
    public static void Write(Stream output, Snapshot snapshot, Patch patch)
    {
        var mail = new StringBuilder();
        mail.Append("From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001\n"); // the line that git knows its own mails by
        mail.Append("From: ").Append(ExportedAuthor.Of(snapshot.Actor)).Append('\n');
        mail.Append("Date: ").Append(snapshot.Time.UtcDateTime.ToString("ddd, d MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture)).Append('\n');
        mail.Append("Subject: [PATCH] ").Append(ExportedAuthor.OneLine(ExportedAuthor.Subject(snapshot))).Append('\n');
        mail.Append("MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n\n");
        if ((snapshot.Message ?? "").Split('\n', 2) is [_, var rest] && rest.Trim().Length > 0)
        {
            foreach (var line in rest.Trim().Split('\n'))
            {
                mail.Append(EndsMessage(line) ? " " : "").Append(ExportedAuthor.OneLine(line)).Append('\n');
            }

            mail.Append('\n');
        }

        mail.Append(ExportedAuthor.Trailers(snapshot)).Append("---\n\n");
        output.Write(Encoding.UTF8.GetBytes(mail.ToString()));
        patch.WriteTo(output);
        output.Write("-- \nsavepoint\n\n"u8);
    }

    /// <summary>Whether git would take the line for the beginning of the patch, or of another mail.</summary>
    private static bool EndsMessage(string line) =>
        line.StartsWith("---", StringComparison.Ordinal) || line.StartsWith("diff ", StringComparison.Ordinal) || line.StartsWith("Index: ", StringComparison.Ordinal) || line.StartsWith("From ", StringComparison.Ordinal);
}
