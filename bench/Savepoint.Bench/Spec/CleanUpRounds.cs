using System.Diagnostics;
using System.Globalization;
using Savepoint.Model;

namespace Savepoint.Bench.Spec;

/// <summary>
/// Clean-ups in a process of their own, in which nothing else is held: only the library can be asked for one, and the memory of
/// the bench is mostly that of its trees. The process fills what there is to fill, lets go of it, and says what is left.
/// </summary>
internal static class CleanUpRounds
{
    /// <summary>The first argument of the process.</summary>
    public const string Name = "clean-ups";

    private const int Operations = 50;

    /// <summary>Starts such a process and gives its memory after opening, then for each round the milliseconds of the clean-up and the memory after it, in megabytes.</summary>
    public static (double BaselineMegabytes, List<(double Milliseconds, double Megabytes)> Rounds) Run(SpecTree tree, int rounds)
    {
        var program = Environment.ProcessPath!;
        var self = Path.GetFileNameWithoutExtension(program) == "dotnet" ? new[] { typeof(CleanUpRounds).Assembly.Location } : [];
        var start = new ProcessStartInfo(program, [.. self, Name, tree.Root, tree.StoreHome, rounds.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true };
        start.Environment["DOTNET_TieredCompilation"] = "0"; // as in the native command, no code is made anew while it runs
        using var process = Process.Start(start)!;
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ').Select(Number).ToArray()).ToList();
        process.WaitForExit();
        return process.ExitCode == 0 && lines.Count == rounds + 1
            ? (lines[0][0], [.. lines.Skip(1).Select(numbers => (numbers[0], numbers[1]))])
            : throw new InvalidOperationException($"The process of the clean-ups ended with {process.ExitCode} after {lines.Count} lines.");

        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>The process itself: <c>clean-ups ROOT STORES ROUNDS</c>.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var options = new SnapshotOptions { StoreHome = arguments[1] };
        await using (var first = await SnapshotManager.OpenAsync(arguments[0], options))
        {
            CleanUp(first); // so that what the runtime compiles for it is there before the baseline
        }

        await using var opened = await SnapshotManager.OpenAsync(arguments[0], options);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        Say($"{Megabytes()}");
        for (var round = 0; round < int.Parse(arguments[2], CultureInfo.InvariantCulture); round++)
        {
            var step = CleanUp(opened);
            Say($"{step.Elapsed.TotalMilliseconds} {Megabytes()}");
        }

        return 0;
    }

    private static MemoryStep CleanUp(SnapshotManager manager)
    {
        var head = manager.Head!.Value.Value;
        foreach (var number in Enumerable.Range(0, (int)Math.Min(Operations, head - 1)).Select(i => new SnapshotNumber(head - i)))
        {
            manager.FindOperation(number);
            manager.GetSnapshot(number).Changes.Select(change => change.After.ContentId).OfType<ContentId>().ToList().ForEach(id => manager.Contents.Read(id));
        }

        return manager.FreeMemory();
    }

    private static double Megabytes() => AnonymousMemory.OfMegabytes(Environment.ProcessId)!.Value;

    private static void Say(FormattableString numbers) => Console.WriteLine(numbers.ToString(CultureInfo.InvariantCulture));
}
