using System.Text;
using Savepoint.Model;

namespace Savepoint.Tests;

/// <summary>A scratch workspace with a store of its own, gone when disposed.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("savepoint-test-");

    public Workspace()
    {
        Root = Path.Combine(_scratch.FullName, "work");
        Directory.CreateDirectory(Root);
        Options = new SnapshotOptions { StoreHome = Path.Combine(_scratch.FullName, "stores") };
    }

    public string Root { get; }

    public string Scratch => _scratch.FullName;

    public SnapshotOptions Options { get; set; }

    public string At(string path) => Path.Combine(Root, path);

    public void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    public void Write(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllBytes(At(path), bytes);
    }

    public string Read(string path) => File.ReadAllText(At(path));

    public Task<SnapshotManager> OpenAsync() => SnapshotManager.OpenAsync(Root, Options);

    public async Task<SnapshotManager> InitAsync() => (await SnapshotManager.InitAsync(Root, Options)).Manager;

    public static WorkspacePath[] Paths(params string[] paths) => [.. paths.Select(WorkspacePath.Parse)];

    public void Dispose()
    {
        MakeWritable(_scratch);
        _scratch.Delete(recursive: true);
    }

    private static void MakeWritable(DirectoryInfo directory)
    {
        if (!OperatingSystem.IsWindows())
        {
            directory.UnixFileMode |= UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        }

        foreach (var below in directory.EnumerateDirectories().Where(d => d.LinkTarget is null))
        {
            MakeWritable(below);
        }
    }
}
