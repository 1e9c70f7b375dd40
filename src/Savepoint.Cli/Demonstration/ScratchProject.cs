namespace Savepoint.Cli.Demonstration;

/// <summary>A small project in a temporary folder, with a store of its own beside it; all gone when disposed.</summary>
internal sealed class ScratchProject : IDisposable
{
    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("savepoint-demo-");

    public ScratchProject()
    {
        Root = Path.Combine(_scratch.FullName, "shop");
        StoreHome = Path.Combine(_scratch.FullName, "stores");
        Write("src/basket.py", """
            def total(items):
                return sum(item.price for item in items)


            def discount(total, percent):
                return total * (100 - percent) / 100

            """);
        Write("src/checkout.py", """
            from basket import discount, total


            def pay(items, voucher=None):
                due = total(items)
                if voucher:
                    due = discount(due, voucher.percent)
                return round(due, 2)

            """);
        Write("README.md", "# Shop\r\nKeep these line endings.\r\n");
        File.WriteAllBytes(At("logo.bin"), [0x89, 0x50, 0x4E, 0x47, 0x00, 0xFF, 0x0D, 0x0A]);
    }

    public string Root { get; }

    public string StoreHome { get; }

    public string At(string path) => Path.Combine(Root, path);

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }

    public void Replace(string path, string what, string with) => Write(path, File.ReadAllText(At(path)).Replace(what, with, StringComparison.Ordinal));

    /// <summary>Every file with its bytes, to compare states without Savepoint's help.</summary>
    public SortedDictionary<string, string> Contents()
    {
        var contents = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories))
        {
            contents[Path.GetRelativePath(Root, file)] = Convert.ToBase64String(File.ReadAllBytes(file));
        }

        return contents;
    }

    public void Dispose() => _scratch.Delete(recursive: true);
}
