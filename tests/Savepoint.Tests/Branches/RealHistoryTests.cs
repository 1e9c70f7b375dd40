using System.Globalization;
using System.Text;
using Savepoint.Diffs;
using Savepoint.Exporting;
using Savepoint.Model;
using Savepoint.Tests.Fidelity;
using Savepoint.Tests.Replay;
using Xunit;

namespace Savepoint.Tests.Branches;

/// <summary>
/// The versions of a real package's files, each step of which is made by two: every other edit in the workspace, the rest in a branch, and a merge of
/// the two. <c>SAVEPOINT_TEST_REAL_STEPS</c> takes more of them.
/// </summary>
public sealed class RealHistoryTests(ITestOutputHelper output)
{
    private static readonly int StepCount = int.Parse(Environment.GetEnvironmentVariable("SAVEPOINT_TEST_REAL_STEPS") ?? "12", CultureInfo.InvariantCulture);

    [Fact]
    public void The_halves_of_a_real_change_merge_to_the_whole()
    {
        var (whole, otherwise, conflicts) = (0, 0, 0);
        foreach (var (before, after) in FilesOfManyVersions().SelectMany(versions => versions.Zip(versions.Skip(1))))
        {
            var merged = ThreeWayMerge.Merge(before, Half(before, after, odd: false), Half(before, after, odd: true));
            if (merged.Conflicts.Count > 0)
            {
                conflicts++;
                continue;
            }

            _ = after.AsSpan().SequenceEqual(merged.ToBytes()) ? whole++ : otherwise++;
        }

        // A block that moved is deleted by one and put in by the other, and half of that can be read in two ways.
        output.WriteLine($"{whole + conflicts + otherwise} changes: {whole} merged to the whole, {otherwise} to another text, {conflicts} conflicted");
        Assert.InRange(otherwise, 0, whole / 100);
        Assert.InRange(conflicts, 0, whole / 10); // edits with no line of their own between them
        Assert.InRange(whole, 500, int.MaxValue);
    }

    [Fact]
    public async Task Merged_step_by_step_it_is_the_history_and_its_lines_are_blamed_as_by_git()
    {
        using var workspace = new Workspace();
        var versions = FilesOfManyVersions().Where(versions => versions.Count > StepCount && versions[0].Length > 3000)
            .Select(versions => versions.Take(StepCount + 1).ToList()).First(versions => versions.Zip(versions.Skip(1)).All(step => IsWhole(step.First, step.Second)));
        workspace.Write("file", versions[0]);
        await using var manager = await workspace.InitAsync();
        var copy = (await manager.CreateBranchAsync("other")).Branch.Directory!;
        await using var other = await SnapshotManager.OpenAsync(copy, workspace.Options);
        for (var i = 0; i + 1 < versions.Count; i++)
        {
            var moved = i < versions.Count / 2 ? "file" : "moved"; // half-way the workspace moves it
            if (i == versions.Count / 2)
            {
                File.Move(workspace.At("file"), workspace.At("moved"));
                await manager.CaptureAsync(); // by itself: moved and edited at once is no move to the history
            }

            workspace.Write(moved, Half(versions[i], versions[i + 1], odd: false));
            await manager.CaptureAsync();
            File.WriteAllBytes(Path.Combine(copy, i <= versions.Count / 2 ? "file" : "moved"), Half(versions[i], versions[i + 1], odd: true));
            await other.CaptureAsync();

            Assert.Empty((await manager.MergeBranchAsync("other")).Restore.Conflicts);
            Assert.Equal(Encoding.Latin1.GetString(versions[i + 1]), Encoding.Latin1.GetString(File.ReadAllBytes(workspace.At(moved))));
            await other.MergeBranchAsync("main");
            Assert.Equal(versions[i + 1], File.ReadAllBytes(Path.Combine(copy, moved)));
        }

        var git = GitBlame(workspace, manager, other, "moved");
        var ours = (await manager.BlameAsync(WorkspacePath.Parse("moved"))).Lines.Select(line => line.Snapshot!.Value.Value).ToList();

        Assert.Equal(git.Count, ours.Count);
        var same = git.Zip(ours).Count(pair => pair.First == pair.Second);
        output.WriteLine($"{same} of {git.Count} lines blamed as by git, of {ours.Distinct().Count()} snapshots");
        Assert.InRange(same, git.Count * 95 / 100, git.Count); // lines that repeat can be aligned in several ways
    }

    private static bool IsWhole(byte[] before, byte[] after) =>
        ThreeWayMerge.Merge(before, Half(before, after, odd: false), Half(before, after, odd: true)) is { Conflicts.Count: 0 } merged && after.AsSpan().SequenceEqual(merged.ToBytes());

    /// <summary>The versions of each text file of which there are some, each other than the one before.</summary>
    private static List<List<byte[]>> FilesOfManyVersions()
    {
        var files = new Dictionary<string, List<byte[]>>();
        foreach (var (path, file) in FastExport.ExpressVersions().SelectMany(version => version))
        {
            var versions = files.TryGetValue(path, out var known) ? known : files[path] = [];
            if (!file.Bytes.Contains((byte)0) && (versions.Count == 0 || !versions[^1].AsSpan().SequenceEqual(file.Bytes)))
            {
                versions.Add(file.Bytes);
            }
        }

        return [.. files.Values.Where(versions => versions.Count > 3)];
    }

    /// <summary>The older version with every other edit towards the newer one.</summary>
    private static byte[] Half(byte[] before, byte[] after, bool odd)
    {
        var (old, made) = (Lines(before), Lines(after));
        var half = new List<byte>();
        var (line, isOdd) = (0, false);
        foreach (var edit in LineDiff.Compute(before, after))
        {
            half.AddRange(old[line..edit.OldStart].SelectMany(bytes => bytes));
            half.AddRange((isOdd == odd ? made[edit.NewStart..edit.NewEnd] : old[edit.OldStart..edit.OldEnd]).SelectMany(bytes => bytes));
            (line, isOdd) = (edit.OldEnd, !isOdd);
        }

        half.AddRange(old[line..].SelectMany(bytes => bytes));
        return [.. half];
    }

    private static byte[][] Lines(byte[] content)
    {
        var lines = new List<byte[]>();
        for (var rest = content.AsSpan(); !rest.IsEmpty;)
        {
            var length = rest.IndexOf((byte)'\n') is >= 0 and var end ? end + 1 : rest.Length;
            lines.Add(rest[..length].ToArray());
            rest = rest[length..];
        }

        return [.. lines];
    }

    /// <summary>For each line the snapshot whose commit git names, in the history as <c>export --git</c> writes it.</summary>
    private static List<long> GitBlame(Workspace workspace, SnapshotManager manager, SnapshotManager other, string path)
    {
        var repository = Path.Combine(workspace.Scratch, "exported");
        Directory.CreateDirectory(repository);
        using (var file = File.Create(Path.Combine(repository, "import")))
        {
            var stream = new FastImportStream(file, manager.Contents);
            for (var number = new SnapshotNumber(1); number <= manager.Head!.Value || number <= other.Head!.Value; number = new SnapshotNumber(number.Value + 1))
            {
                var snapshot = manager.GetSnapshot(number);
                var merged = snapshot is { Kind: SnapshotKind.Merge, Target: { } target } ? $":{target}" : null;
                stream.Add(snapshot, $"refs/heads/{snapshot.Branch}", snapshot.Parent is { } parent ? $":{parent}" : null, merged);
            }

            stream.Finish();
        }

        var blamed = Shell.Run(repository, """
            git init -q . && git fast-import --quiet --export-marks=marks < import
            git blame --porcelain main -- "$1" | grep -E '^[0-9a-f]{40} ' | cut -d' ' -f1
            echo marks
            cat marks
            """, path).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var marks = blamed.SkipWhile(line => line != "marks").Skip(1).Select(line => line.Split(' ')).ToDictionary(mark => mark[1], mark => long.Parse(mark[0][1..], CultureInfo.InvariantCulture));
        return [.. blamed.TakeWhile(line => line != "marks").Select(commit => marks[commit])];
    }
}
