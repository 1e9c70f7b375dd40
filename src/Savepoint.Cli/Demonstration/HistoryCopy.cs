using Savepoint.Model;

namespace Savepoint.Cli.Demonstration;

/// <summary>A recorded tree written out anew, from the history alone.</summary>
internal static class HistoryCopy
{
    private const int OwnerReads = 0b100_000_000;
    private const int OwnerReadsAndEnters = 0b101_000_000;

    /// <summary>
    /// What a copy can hold: the copy is the user's own, whoever owns the original, so a mode that shuts its owner out
    /// makes an entry that nobody but root could compare.
    /// </summary>
    public static SortedDictionary<WorkspacePath, FileState> Copyable(IReadOnlyDictionary<WorkspacePath, FileState> tree)
    {
        var shut = Environment.IsPrivilegedProcess ? [] : tree.Where(pair => !IsOpen(pair.Value)).Select(pair => pair.Key).ToHashSet();
        return new(tree.Where(pair => shut.Count == 0 || !pair.Key.Ancestors().Append(pair.Key).Any(shut.Contains)).ToDictionary());
    }

    /// <summary>Writes it into a new folder.</summary>
    public static void Write(SortedDictionary<WorkspacePath, FileState> tree, IContentSource contents, Folder folder, CancellationToken cancellationToken)
    {
        folder.MakeDirectory(WorkspacePath.Root);
        foreach (var (path, state) in tree)
        {
            cancellationToken.ThrowIfCancellationRequested();
            switch (state)
            {
                case FileState.Directory:
                    folder.MakeDirectory(path);
                    break;
                case FileState.Symlink link:
                    folder.MakeLink(path, contents.Read(link.Target));
                    break;
                case FileState.Regular file:
                    using (var stream = folder.Create(path))
                    {
                        contents.CopyTo(file.Content, stream);
                    }

                    folder.SetMode(path, file.Mode);
                    break;
            }
        }

        // Only now, the inner ones first: nothing can be put into a directory that is read-only.
        foreach (var (path, state) in tree.Reverse())
        {
            if (state is FileState.Directory directory)
            {
                folder.SetMode(path, directory.Mode);
            }
        }
    }

    private static bool IsOpen(FileState state) => state switch
    {
        FileState.Regular file => (file.Mode.Bits & OwnerReads) != 0,
        FileState.Directory directory => (directory.Mode.Bits & OwnerReadsAndEnters) == OwnerReadsAndEnters,
        _ => true,
    };
}
