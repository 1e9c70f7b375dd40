using Savepoint.Cli.Output;
using Savepoint.Cli.Settings;
using Savepoint.Model;

namespace Savepoint.Cli.Demonstration;

/// <summary>The tree that is shown: the one that was asked for where it can be used, else a small generated one.</summary>
/// <param name="Directory">Where it is. Nothing is ever written there.</param>
/// <param name="Fallback">Why it is not the one that was asked for; null if it is.</param>
internal sealed record DemoSource(string Directory, string? Fallback)
{
    // What a few seconds suffice for: the demonstration reads everything about ten times.
    private const int MaxEntryCount = 20_000;
    private const long MaxTotalBytes = 500_000_000;

    /// <summary>The histories, the copy, and a second version of the copy while it is restored.</summary>
    private const int RoomFactor = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The project that a directory belongs to: the nearest root of git or Savepoint at or above it, else the directory.</summary>
    public static string ProjectAt(string directory)
    {
        var git = directory;
        while (git is not null && !Path.Exists(Path.Combine(git, ".git")))
        {
            git = Path.GetDirectoryName(git);
        }

        var roots = new[] { git, Tracked(directory) }.Where(root => root is not null && root != UserFolders.Home && Path.GetPathRoot(root) != root);
        return roots.MaxBy(root => root!.Length) ?? directory;
    }

    /// <param name="directory">What was asked for.</param>
    /// <param name="scratch">Where a generated project goes.</param>
    /// <param name="options">How it would be tracked.</param>
    /// <param name="cancellationToken">Ends the look at it.</param>
    public static DemoSource Choose(string directory, Scratch scratch, SnapshotOptions options, CancellationToken cancellationToken)
    {
        return Obstacle(directory, scratch, options, cancellationToken) is { } obstacle ? Generated(scratch, obstacle) : new DemoSource(directory, null);
    }

    /// <summary>The generated project.</summary>
    public static DemoSource Generated(Scratch scratch, string reason)
    {
        var generated = scratch.At("shop");
        GeneratedProject.Write(new Folder(generated));
        return new DemoSource(generated, reason);
    }

    private static string? Obstacle(string directory, Scratch scratch, SnapshotOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var size = SnapshotManager.Measure(directory, options with { ScanDeadline = Patience }, cancellationToken);
            var room = scratch.FreeBytes;
            return size switch
            {
                _ when IsWithin(scratch.FullName, directory) => $"{directory} holds the folder for temporary files itself",
                { EntryCount: > MaxEntryCount } => $"{directory} holds {Quantity.Of(size.EntryCount, "entry")} to record, more than {MaxEntryCount:N0}",
                { TotalBytes: > MaxTotalBytes } => $"{directory} holds {Quantity.Bytes(size.TotalBytes)} to record, more than {Quantity.Bytes(MaxTotalBytes)}",
                { IsComplete: false } => $"a look at {directory} takes more than {Quantity.Duration(Patience)}",
                { FileCount: 0 } => $"{directory} holds no file to record (what is ignored does not count)",
                _ when size.TotalBytes > room / RoomFactor => $"{directory} needs {Quantity.Bytes(size.TotalBytes * RoomFactor)} of room for temporary files, and there are {Quantity.Bytes(room)}",
                _ => null,
            };
        }
        catch (SavepointException e)
        {
            return e.Message.TrimEnd('.');
        }
    }

    private static bool IsWithin(string path, string directory)
    {
        var way = Path.GetRelativePath(new DirectoryInfo(directory).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? directory, path);
        return way != ".." && !way.StartsWith("../", StringComparison.Ordinal) && !Path.IsPathRooted(way);
    }

    private static string? Tracked(string directory)
    {
        try
        {
            return SnapshotManager.FindWorkspace(directory, EffectiveSettings.Load(null).ToOptions());
        }
        catch (SavepointException)
        {
            return null; // settings that cannot be used, or a directory above that cannot be opened: the demonstration needs neither
        }
    }
}
