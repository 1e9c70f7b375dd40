using System.Text;
using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Demonstration;

/// <summary>
/// Many changes at once, as a line of shell makes them, and nobody announces: a word replaced in many files, a directory
/// renamed, a mode changed.
/// </summary>
internal sealed class ShellChange(Folder folder, Manifest before)
{
    private const int MaxRewrittenCount = 50;
    private const int MaxRenameAttempts = 3;
    private const int MinWordLength = 4;
    private const string Suffix = "_renamed";

    private readonly List<string> _commands = [];
    private readonly List<string> _results = [];

    /// <summary>The line of shell.</summary>
    public string Command => string.Join("; ", _commands);

    /// <summary>What it did, in numbers.</summary>
    public string Result => string.Join(", ", _results);

    /// <summary>Makes the changes. The directory to rename is one whose new name the ignore rules let be recorded.</summary>
    public async Task MakeAsync(IReadOnlyList<TextFile> texts, SnapshotManager workspace, CancellationToken cancellationToken)
    {
        var rewritten = ReplaceWord(texts);
        var renamed = await RenameDirectoryAsync(workspace, cancellationToken).ConfigureAwait(false);
        ChangeMode(path => !rewritten.Contains(path) && !(renamed is { } directory && path.IsWithin(directory)));
    }

    private HashSet<WorkspacePath> ReplaceWord(IReadOnlyList<TextFile> texts)
    {
        var word = texts.SelectMany(file => Words(file.Bytes).Distinct()).CountBy(word => word).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).FirstOrDefault().Key;
        var files = word is null ? [] : texts.Where(file => Latin(file.Bytes).Contains(word, StringComparison.Ordinal)).Take(MaxRewrittenCount).Select(file => file.Path).ToHashSet();
        foreach (var path in files)
        {
            folder.Write(path, Encoding.Latin1.GetBytes(Latin(folder.Read(path)).Replace(word!, word + Suffix, StringComparison.Ordinal)));
        }

        if (word is not null)
        {
            _commands.Add($"sed -i 's/{word}/{word}{Suffix}/g' {(files.Count == 1 ? SafeText.Of(files.First()) : $"FILE…")}");
            _results.Add($"{Quantity.Of(files.Count, "file")} rewritten");
        }

        return files;
    }

    private async Task<WorkspacePath?> RenameDirectoryAsync(SnapshotManager workspace, CancellationToken cancellationToken)
    {
        foreach (var directory in LargestDirectories().Take(MaxRenameAttempts))
        {
            var target = directory.Parent.Append([.. directory.Name, .. Encoding.UTF8.GetBytes(Suffix)]);
            if (folder.Stat(target) is not null)
            {
                continue;
            }

            folder.Move(directory, target);
            var moved = before.Entries.Keys.Count(path => path.IsWithin(directory));
            var peeked = await workspace.PeekAsync(cancellationToken).ConfigureAwait(false);
            var seen = (peeked.Snapshot?.Changes ?? []).SelectMany(change => change.PerPath()).Count(change => change.Path.IsWithin(target));
            if (seen == moved)
            {
                _commands.Add($"mv {SafeText.Of(directory)} {SafeText.Of(target)}");
                _results.Add($"{Quantity.Of(moved, "entry")} moved");
                return directory;
            }

            folder.Move(target, directory); // an ignore rule excludes the new name
        }

        return null;
    }

    /// <summary>Directories that hold much, but not most of it, and that may be moved and taken apart; the largest first.</summary>
    private IEnumerable<WorkspacePath> LargestDirectories()
    {
        var counts = before.Entries.Keys.SelectMany(path => path.Ancestors()).CountBy(path => path).Where(pair => pair.Value <= before.Entries.Count / 2);
        return counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Select(pair => pair.Key).Where(MayMove);
    }

    private bool MayMove(WorkspacePath directory) =>
        before.MayReplace(directory) && before.Entries.Where(pair => pair.Key.IsWithin(directory)).All(pair => pair.Value.Kind != EntryKind.Directory || pair.Value.MayWrite);

    private void ChangeMode(Func<WorkspacePath, bool> isUntouched)
    {
        var file = before.Entries.FirstOrDefault(pair => pair.Value.Kind == EntryKind.File && before.MayReplace(pair.Key) && isUntouched(pair.Key));
        if (!file.Key.IsRoot && !OperatingSystem.IsWindows())
        {
            var mode = file.Value.Mode.IsExecutable ? UnixMode.DefaultFile : UnixMode.DefaultDirectory;
            folder.SetMode(file.Key, mode);
            _commands.Add($"chmod {mode} {SafeText.Of(file.Key)}");
            _results.Add("1 mode changed");
        }
    }

    private static string Latin(byte[] bytes) => Encoding.Latin1.GetString(bytes); // a letter a byte: any bytes survive it

    private static IEnumerable<string> Words(byte[] bytes)
    {
        var start = 0;
        for (var i = 0; i <= bytes.Length; i++)
        {
            if (i < bytes.Length && char.IsAsciiLetter((char)bytes[i]))
            {
                continue;
            }

            if (i - start >= MinWordLength)
            {
                yield return Encoding.ASCII.GetString(bytes, start, i - start);
            }

            start = i + 1;
        }
    }
}
