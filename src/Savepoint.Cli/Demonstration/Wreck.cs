using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Demonstration;

/// <summary>What an agent gone wrong leaves: half of the files deleted, others overwritten, one turned into a directory.</summary>
internal sealed class Wreck
{
    private const int MaxOverwrittenCount = 50;

    private readonly int _deletedCount;
    private readonly int _overwrittenCount;
    private readonly WorkspacePath _swapped;

    private Wreck(int deletedCount, int overwrittenCount, WorkspacePath swapped)
    {
        _deletedCount = deletedCount;
        _overwrittenCount = overwrittenCount;
        _swapped = swapped;
    }

    public string Command => $"rm -rf …; echo oops > …; rm {SafeText.Of(_swapped)}; mkdir {SafeText.Of(_swapped)}";

    public string Result => $"{Quantity.Of(_deletedCount, "entry")} deleted, {Quantity.Of(_overwrittenCount, "file")} overwritten, 1 file swapped for a directory";

    /// <summary>Wrecks a folder as far as its modes let anybody.</summary>
    public static Wreck Make(Folder folder, Manifest before)
    {
        var files = before.Entries.Where(pair => pair.Value.Kind != EntryKind.Directory && before.MayReplace(pair.Key)).ToList();
        var half = files.Count / 2;
        var deleted = Delete(folder, before, [.. files.Take(half).Select(pair => pair.Key)]);

        var left = files.Skip(half).Where(pair => pair.Value.Kind == EntryKind.File).ToList();
        var swapped = left.Count > 0 ? left[^1].Key : files[^1].Key;
        folder.TryDelete(swapped);
        folder.MakeDirectory(swapped);
        folder.Write(swapped.Append("oops.txt"u8), "oops\n"u8);

        var overwritten = left.Where(pair => pair.Key != swapped && pair.Value.MayWrite).Take(MaxOverwrittenCount).ToList();
        overwritten.ForEach(pair => folder.Write(pair.Key, "oops\n"u8));
        return new Wreck(deleted, overwritten.Count, swapped);
    }

    /// <summary>Deletes files, and the directories that are empty then.</summary>
    private static int Delete(Folder folder, Manifest before, List<WorkspacePath> files)
    {
        var emptied = files.SelectMany(path => path.Ancestors()).Distinct().OrderDescending().Where(before.MayReplace);
        return files.Count(folder.TryDelete) + emptied.ToList().Count(folder.TryDelete);
    }
}
