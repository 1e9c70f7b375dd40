using Savepoint.Model;

namespace Savepoint.Cli.Demonstration;

/// <summary>A private temporary folder, gone when disposed, whatever was put into it.</summary>
internal sealed class Scratch : IDisposable
{
    private static readonly UnixMode OwnerOnly = new(0b111_000_000);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("savepoint-demo-");

    public string FullName => _directory.FullName;

    /// <summary>Where the demonstration's histories are.</summary>
    public string StoreHome => At("stores");

    /// <summary>Whether nothing is left of it.</summary>
    public bool IsGone => !Directory.Exists(FullName);

    /// <summary>Bytes that may still be written into it.</summary>
    public long FreeBytes => new DriveInfo(FullName).AvailableFreeSpace;

    public string At(string name) => Path.Combine(FullName, name);

    /// <summary>Deletes all that is in it.</summary>
    /// <remarks>Not by .NET, which deletes neither names that are not UTF-8 nor what is in a directory that nobody may write.</remarks>
    public void Clear()
    {
        var folder = new Folder(FullName);
        var opened = Open(folder);
        for (var i = opened.Count - 1; i >= 0; i--)
        {
            foreach (var entry in folder.List(opened[i]))
            {
                folder.TryDelete(entry);
            }
        }
    }

    public void Dispose()
    {
        Clear();
        new Folder(FullName).TryDelete(WorkspacePath.Root);
    }

    /// <summary>Gives the owner every right on each directory: all of them, the outer before the inner.</summary>
    private static List<WorkspacePath> Open(Folder folder)
    {
        var opened = new List<WorkspacePath>();
        var pending = new Stack<WorkspacePath>([WorkspacePath.Root]);
        while (pending.TryPop(out var directory))
        {
            opened.Add(directory);
            folder.SetMode(directory, OwnerOnly);
            foreach (var entry in folder.List(directory).Where(entry => folder.Stat(entry) is (EntryKind.Directory, _)))
            {
                pending.Push(entry);
            }
        }

        return opened;
    }
}
