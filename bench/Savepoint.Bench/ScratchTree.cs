using Savepoint.Model;

namespace Savepoint.Bench;

/// <summary>A generated tree with a store beside it, gone when disposed.</summary>
internal sealed class ScratchTree : IDisposable
{
    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("savepoint-bench-");

    public ScratchTree(int files, int fileBytes, int seed = 1)
    {
        Text = new SourceText(seed);
        Root = Directory.CreateDirectory(Path.Combine(_scratch.FullName, "work")).FullName;
        Home = Directory.CreateDirectory(Path.Combine(_scratch.FullName, "home")).FullName;
        for (var i = 0; i < files; i++)
        {
            var path = WorkspacePath.Parse($"src/part{i % 20}/file{i}.cs");
            Files.Add((path, Text.File(fileBytes)));
            Write(i);
        }
    }

    public string Scratch => _scratch.FullName;

    public string Root { get; }

    public string Home { get; }

    public string StoreHome => Path.Combine(Home, "stores");

    public SourceText Text { get; }

    public List<(WorkspacePath Path, List<string> Lines)> Files { get; } = [];

    public SnapshotOptions Options => new() { StoreHome = StoreHome };

    /// <summary>Changes some lines of a file; how long the file is then.</summary>
    public long Edit(int index)
    {
        Text.Edit(Files[index].Lines);
        return Write(index);
    }

    public static long SizeOf(string directory) =>
        new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    public void Dispose() => _scratch.Delete(recursive: true);

    private long Write(int index)
    {
        var file = Path.Combine(Root, Files[index].Path.ToString());
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var bytes = SourceText.Bytes(Files[index].Lines);
        File.WriteAllBytes(file, bytes);
        return bytes.Length;
    }
}
