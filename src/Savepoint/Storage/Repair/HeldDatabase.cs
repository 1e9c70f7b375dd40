using Savepoint.Model;

namespace Savepoint.Storage.Repair;

/// <summary>
/// Keeps others from committing into a database from before it is copied until another stands in its place: what they were told is recorded would
/// not be in the copy. Labels and decisions are recorded without the workspace's lock, so that does not hold them off.
/// </summary>
/// <remarks>
/// The files stay open until the end: where locks are the process's (POSIX), closing any of its descriptors of a file gives up those of all.
/// </remarks>
internal sealed class HeldDatabase : IDisposable
{
    private readonly List<FileStream> _sources = [];

    /// <summary>Runs <paramref name="work"/> while nobody else can commit. A database that cannot be opened, or is not there, is nobody's to commit into.</summary>
    /// <param name="path">The database.</param>
    /// <param name="work">What is done meanwhile.</param>
    /// <exception cref="SavepointException">Somebody else writes, and does not end.</exception>
    public static T While<T>(string path, Func<T> work)
    {
        using var database = TryOpen(path);
        var hasBegun = false;
        try
        {
            return database is null ? work() : database.Write(() =>
            {
                hasBegun = true;
                return work();
            });
        }
        catch (SavepointException e) when (database is not null && !hasBegun && e.Code == ErrorCode.Damaged)
        {
            return work(); // too damaged for anybody's transaction
        }
    }

    /// <summary>Copies a file, readable by its owner alone.</summary>
    public void Copy(string source, string copy)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var from = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _sources.Add(from);
        using var to = new FileStream(copy, options);
        from.CopyTo(to);
    }

    public void Dispose() => _sources.ForEach(source => source.Dispose());

    private static StoreDatabase? TryOpen(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return StoreDatabase.OpenForSalvage(path);
        }
        catch (SavepointException e) when (e.Code != ErrorCode.Busy)
        {
            return null;
        }
    }
}
