using Savepoint.Model;

namespace Savepoint.Bench.Spec;

/// <summary>
/// A project of generated source files, sizes spread as real ones are, with some that are edited; gone when disposed.
/// The large one is a copy of the tree that <c>SAVEPOINT_BENCH_TREE</c> names, if that is set.
/// </summary>
internal sealed class SpecTree : IDisposable
{
    private const int MaxEdited = 200;
    private const int FilesPerDirectory = 25;
    private const double MedianFileBytes = 6000;
    private const double SizeSpread = 1.1; // of the logarithm; the mean is near 11 KB, a few files have 100

    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("savepoint-spec-");

    public SpecTree(SpecSize size)
    {
        Root = Directory.CreateDirectory(Path.Combine(_scratch.FullName, "work")).FullName;
        Home = Directory.CreateDirectory(Path.Combine(_scratch.FullName, "home")).FullName;
        var model = Environment.GetEnvironmentVariable("SAVEPOINT_BENCH_TREE");
        if (size.Name == "large" && Directory.Exists(model))
        {
            Shell.Run(Root, Home, "cp", "-a", model + "/.", Root);
            LargeTree.TakeInAll(Root);
        }
        else
        {
            Generate(size.Files);
        }

        var all = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        AllFiles = [.. Directory.EnumerateFiles(Root, "*", all).Select(file => Path.GetRelativePath(Root, file)).Order(StringComparer.Ordinal)];
        var edited = AllFiles.Where(file => file[0] != '.' && IsEditable(new FileInfo(Path.Combine(Root, file)))).Where((_, i) => i % Math.Max(1, AllFiles.Count / MaxEdited) == 0);
        Edited = [.. edited.Take(MaxEdited).Select(file => new EditedFile(Path.Combine(Root, file), WorkspacePath.Parse(file)))];
    }

    public string Root { get; }

    public string Home { get; }

    public string StoreHome => Path.Combine(Home, "stores");

    public SnapshotOptions Options => new() { StoreHome = StoreHome };

    public IReadOnlyList<string> AllFiles { get; }

    public IReadOnlyList<EditedFile> Edited { get; }

    public SourceText Text { get; } = new(seed: 3);

    public EditedFile Any() => Edited[Text.Next(Edited.Count)];

    /// <summary>What the store takes on disk once a process that used it has ended: its log is folded in then.</summary>
    public async Task<long> StoreBytesAtRestAsync()
    {
        await (await SnapshotManager.OpenAsync(Root, Options)).DisposeAsync();
        return ScratchTree.SizeOf(StoreHome);
    }

    public void Dispose() => _scratch.Delete(recursive: true);

    private static bool IsEditable(FileInfo file) => file.Length is > 1000 and < 64_000;

    private void Generate(int files)
    {
        var random = new Random(11);
        for (var i = 0; i < files; i++)
        {
            var directory = Path.Combine(Root, $"part{i / FilesPerDirectory / FilesPerDirectory}", $"unit{i / FilesPerDirectory % FilesPerDirectory}");
            Directory.CreateDirectory(directory);
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()); // Box and Muller, 1958
            File.WriteAllBytes(Path.Combine(directory, $"file{i}.cs"), SourceText.Bytes(Text.File((int)(MedianFileBytes * Math.Exp(SizeSpread * normal)))));
        }
    }
}

/// <summary>A file that is edited, as it should be now.</summary>
internal sealed class EditedFile(string fullPath, WorkspacePath path)
{
    private List<string> _lines = [.. File.ReadAllLines(fullPath)];
    private List<string> _before = [];

    public WorkspacePath Path { get; } = path;

    public byte[] Bytes { get; private set; } = File.ReadAllBytes(fullPath);

    public byte[] BytesBefore { get; private set; } = [];

    /// <summary>Changes one to twelve lines and writes the file.</summary>
    public void Edit(SourceText text)
    {
        EditInMemory(text);
        File.WriteAllBytes(fullPath, Bytes);
    }

    /// <summary>As <see cref="Edit"/>, for somebody else to write.</summary>
    public void EditInMemory(SourceText text)
    {
        (_before, BytesBefore) = ([.. _lines], Bytes);
        do
        {
            text.Edit(_lines);
            Bytes = SourceText.Bytes(_lines);
        }
        while (Bytes.AsSpan().SequenceEqual(BytesBefore)); // an empty line became an empty line
    }

    /// <summary>Somebody has taken the last edit back, or brought it again.</summary>
    public void WasTurned()
    {
        (_lines, _before) = (_before, _lines);
        (Bytes, BytesBefore) = (BytesBefore, Bytes);
    }

    /// <summary>What stands on the disk.</summary>
    public byte[] Read() => File.ReadAllBytes(fullPath);
}
