using System.Globalization;

namespace Savepoint.Bench;

/// <summary>A file of 1 GB, half of it noise: what a changed middle costs, and the most memory that each verb takes.</summary>
internal static class LargeBench
{
    private const long SizeBytes = 1_000_000_000;
    private const double MaxMemoryMegabytes = 150;

    public static Task<IReadOnlyList<Row>> RunAsync()
    {
        using var tree = new ScratchTree(files: 1, fileBytes: 1000);
        var large = Path.Combine(tree.Root, "large");
        Write(large);
        var rows = new List<Row> { Memory("init") };
        var before = ScratchTree.SizeOf(tree.StoreHome);
        using (var file = File.OpenWrite(large))
        {
            file.Position = SizeBytes / 2;
            file.Write("changed"u8);
        }

        rows.Add(Memory("capture"));
        rows.Add(new("1 GB file changed in its middle: store growth", (ScratchTree.SizeOf(tree.StoreHome) - before) / 1e6, 10, "MB", ""));
        rows.Add(Memory("rollback", "1"));
        rows.Add(Memory("undo"));
        rows.Add(Memory("cat", "1", "large"));
        rows.Add(Memory("verify", "--deep"));
        return Task.FromResult<IReadOnlyList<Row>>(rows);

        Row Memory(params string[] arguments)
        {
            var (milliseconds, peakBytes) = Shell.Measure(tree.Root, tree.Home, Shell.Savepoint, arguments);
            var speed = string.Create(CultureInfo.InvariantCulture, $"{SizeBytes / 1000.0 / milliseconds:0} MB/s, {milliseconds / 1000:0.0} s");
            return new($"1 GB file, `{arguments[0]}`: peak memory", peakBytes / 1e6, MaxMemoryMegabytes, "MB", speed);
        }
    }

    private static void Write(string path)
    {
        var random = new Random(1);
        var block = new byte[1_000_000];
        using var file = File.Create(path);
        for (long written = 0; written < SizeBytes; written += block.Length)
        {
            random.NextBytes(block.AsSpan(0, block.Length / 2));
            for (var i = block.Length / 2; i < block.Length; i++)
            {
                block[i] = (byte)('a' + (random.Next() & 7));
            }

            file.Write(block);
        }
    }
}
