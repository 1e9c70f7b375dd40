using System.Text.Unicode;
using Savepoint.Model;

namespace Savepoint.Cli.Demonstration;

/// <summary>A text file that may be edited, with its bytes.</summary>
internal sealed record TextFile(WorkspacePath Path, byte[] Bytes)
{
    // Enough to find a good one among; each is held in memory.
    private const int MaxCount = 200;
    private const int MaxLengthBytes = 64 * 1024;

    // Longer lines are generated, and nobody would look at their diff.
    private const int MaxLineBytes = 120;
    private const int MinLineCount = 3;

    /// <summary>The first text files of a tree, in path order.</summary>
    public static List<TextFile> In(Folder folder, Manifest manifest) =>
    [
        .. manifest.Entries
            .Where(pair => pair.Value is { Kind: EntryKind.File, SizeBytes: > 0 and <= MaxLengthBytes, MayWrite: true })
            .Select(pair => pair.Key)
            .Where(path => manifest.MayReplace(path) && !IsIgnoreFile(path))
            .Select(path => new TextFile(path, folder.Read(path)))
            .Where(file => file.IsText)
            .Take(MaxCount),
    ];

    private bool IsText
    {
        get
        {
            if (Bytes.AsSpan().Contains((byte)0) || !Utf8.IsValid(Bytes) || Bytes.AsSpan().Count((byte)'\n') < MinLineCount)
            {
                return false;
            }

            foreach (var line in Bytes.AsSpan().Split((byte)'\n'))
            {
                if (line.End.Value - line.Start.Value > MaxLineBytes)
                {
                    return false;
                }
            }

            return true;
        }
    }

    // What it excludes would change with it, and so the rest of the demonstration.
    private static bool IsIgnoreFile(WorkspacePath path) => path.Name.SequenceEqual(".gitignore"u8) || path.Name.SequenceEqual(".savepointignore"u8);
}
