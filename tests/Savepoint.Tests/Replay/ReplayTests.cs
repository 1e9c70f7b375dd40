using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Replay;

/// <summary>The versions of a real package, captured one after the other, and gone back and forth between.</summary>
public sealed class ReplayTests
{
    private const int RollbackCount = 50;
    private const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Program = Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    [Fact]
    public async Task Each_of_many_versions_comes_back_byte_for_byte()
    {
        using var workspace = new Workspace();
        await using var manager = await workspace.InitAsync();
        var recorded = new List<(SnapshotNumber Number, IReadOnlyDictionary<string, VersionedFile> Files)>();
        IReadOnlyDictionary<string, VersionedFile> previous = new Dictionary<string, VersionedFile>();
        foreach (var published in FastExport.ExpressVersions())
        {
            // Some early versions published files that their own rules ignore, which a capture rightly leaves out.
            var version = published.Where(file => Path.GetFileName(file.Key) != ".gitignore").ToDictionary();
            Become(workspace, previous, version);
            await manager.CaptureAsync();
            recorded.Add((manager.Head!.Value, version));
            previous = version;
        }

        Assert.InRange(recorded.Count, 200, int.MaxValue);
        Assert.InRange((await manager.CleanUpAsync()).PackedContents, 1000, int.MaxValue);
        var random = new Random(20100506); // fixed, so that a failure comes again
        for (var i = 0; i < RollbackCount; i++)
        {
            var (number, files) = recorded[random.Next(recorded.Count)];

            var result = await manager.RollbackAsync(number);

            Assert.Equal(RestoreEnding.Restored, result.Ending);
            Assert.Null(result.Drift);
            Compare(workspace, files, $"rollback {i} to snapshot {number}");
        }

        Assert.Empty(manager.Verify(deep: true).Problems);
    }

    private static void Become(Workspace workspace, IReadOnlyDictionary<string, VersionedFile> from, Dictionary<string, VersionedFile> to)
    {
        foreach (var path in from.Keys.Where(path => !to.ContainsKey(path)))
        {
            File.Delete(workspace.At(path));
            for (var folder = Path.GetDirectoryName(workspace.At(path))!; folder != workspace.Root && !Directory.EnumerateFileSystemEntries(folder).Any(); folder = Path.GetDirectoryName(folder)!)
            {
                Directory.Delete(folder);
            }
        }

        foreach (var (path, file) in to.Where(entry => from.GetValueOrDefault(entry.Key) != entry.Value))
        {
            workspace.Write(path, file.Bytes);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(workspace.At(path), file.IsExecutable ? Program : Plain);
            }
        }
    }

    private static void Compare(Workspace workspace, IReadOnlyDictionary<string, VersionedFile> files, string when)
    {
        var present = Directory.EnumerateFiles(workspace.Root, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(workspace.Root, path)).Order(StringComparer.Ordinal);
        Assert.Equal(files.Keys.Order(StringComparer.Ordinal), present);
        foreach (var (path, file) in files)
        {
            Assert.True(file.Bytes.AsSpan().SequenceEqual(File.ReadAllBytes(workspace.At(path))), $"{path} differs after {when}");
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(workspace.At(path)) == (file.IsExecutable ? Program : Plain), $"{path} has another mode after {when}");
        }
    }
}
