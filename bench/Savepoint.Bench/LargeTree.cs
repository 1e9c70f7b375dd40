namespace Savepoint.Bench;

/// <summary>
/// A scratch copy of a large tree, gone when disposed: of the directory that <c>SAVEPOINT_BENCH_TREE</c> names, else of the
/// kernel's source as Debian packs it. Null where there is neither.
/// </summary>
internal sealed class LargeTree : IDisposable
{
    private const string Variable = "SAVEPOINT_BENCH_TREE";

    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("savepoint-bench-");

    private LargeTree()
    {
        Root = Directory.CreateDirectory(Path.Combine(_scratch.FullName, "work")).FullName;
        Home = Directory.CreateDirectory(Path.Combine(_scratch.FullName, "home")).FullName;
    }

    public string Root { get; }

    public string Home { get; }

    public static LargeTree? TryMake()
    {
        var directory = Environment.GetEnvironmentVariable(Variable);
        var archive = Directory.Exists("/usr/src") ? Directory.EnumerateFiles("/usr/src", "linux-source-*.tar.xz").Order(StringComparer.Ordinal).LastOrDefault() : null;
        if (!Directory.Exists(directory) && archive is null)
        {
            Console.Error.WriteLine($"tree: left out. It needs a large tree: name one in {Variable}, or install Debian's linux-source package.");
            return null;
        }

        var tree = new LargeTree();
        string[] copy = Directory.Exists(directory) ? ["cp", "-a", directory + "/.", tree.Root] : ["tar", "-xJf", archive!, "-C", tree.Root, "--strip-components=1"];
        Shell.Run(tree.Root, tree.Home, copy[0], copy[1..]);
        TakeInAll(tree.Root);
        return tree;
    }

    /// <summary>The path of each entry, with a NUL.</summary>
    public List<byte[]> Paths() =>
        [.. Shell.Output(Root, Home, "find", ".", "-mindepth", "1", "-print0").Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(path => System.Text.Encoding.UTF8.GetBytes(path + '\0'))];

    public void Dispose() => Shell.Run("/", Home, "rm", "-rf", _scratch.FullName);

    /// <summary>Debian's package ignores everything at the top of the tree but its own directory: that rule goes.</summary>
    public static void TakeInAll(string root)
    {
        var file = Path.Combine(root, ".gitignore");
        if (File.Exists(file))
        {
            File.WriteAllLines(file, File.ReadAllLines(file).Where(line => line is not ("/*" or "!/debian/")));
        }
    }
}
