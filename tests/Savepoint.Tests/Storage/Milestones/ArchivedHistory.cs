using System.Security.Cryptography;
using Savepoint.Model;
using Savepoint.Storage.Milestones;

namespace Savepoint.Tests.Storage.Milestones;

/// <summary>A workspace with an eventful history, and what each of its states hashed to, taken from the tree itself.</summary>
internal sealed class ArchivedHistory : IDisposable
{
    private readonly Random _random;
    private int _step;

    public ArchivedHistory(int seed) => _random = new Random(seed);

    public Workspace Workspace { get; } = new();

    /// <summary>By snapshot: the SHA-256 of each file, as the tree had it.</summary>
    public Dictionary<long, Dictionary<string, string>> Manifests { get; } = [];

    public string Folder => Path.Combine(Directory.GetDirectories(Workspace.Options.StoreHome).Single(), MilestoneStore.FolderName);

    public string Database => Path.Combine(Path.GetDirectoryName(Folder)!, "store.db");

    public async Task<SnapshotManager> InitAsync(int files)
    {
        for (var i = 0; i < files; i++)
        {
            Workspace.Write($"src/d{i % 7}/file{i}.txt", string.Join('\n', Enumerable.Range(0, 40).Select(line => $"file {i} line {line} {_random.Next(100)}")));
        }

        File.CreateSymbolicLink(Workspace.At("link"), "src/d0/file0.txt");
        Directory.CreateDirectory(Workspace.At("empty"));
        var manager = await Workspace.InitAsync();
        Remember(manager.Head!.Value);
        return manager;
    }

    /// <summary>Edits, adds, moves, deletes and changes of mode, each captured.</summary>
    public async Task WorkAsync(SnapshotManager manager, int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            Change(++_step);
            var captured = await manager.CaptureAsync(null, new CaptureContext { Actor = new Actor("agent", $"s{_step / 10}", $"t{_step}"), Tool = "Edit", Message = $"step {_step}" });
            Remember(captured.Snapshot!.Number);
        }
    }

    public void Dispose() => Workspace.Dispose();

    private void Change(int step)
    {
        var files = Directory.GetFiles(Workspace.At("src"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        var file = files[_random.Next(files.Length)];
        switch (_random.Next(6))
        {
            case 0:
                Workspace.Write($"src/new/added{step}.txt", $"added in step {step}\n");
                break;
            case 1 when files.Length > 3:
                File.Delete(file);
                break;
            case 2:
                File.Move(file, Workspace.At($"src/moved{step}"));
                break;
            case 3 when !OperatingSystem.IsWindows():
                File.SetUnixFileMode(file, File.GetUnixFileMode(file) ^ UnixFileMode.UserExecute);
                break;
            default:
                File.AppendAllText(file, $"line of step {step}\n");
                break;
        }
    }

    private void Remember(SnapshotNumber number) => Manifests[number.Value] = Directory.GetFiles(Workspace.Root, "*", SearchOption.AllDirectories)
        .Where(file => new FileInfo(file).LinkTarget is null)
        .ToDictionary(file => Path.GetRelativePath(Workspace.Root, file), file => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))));
}
