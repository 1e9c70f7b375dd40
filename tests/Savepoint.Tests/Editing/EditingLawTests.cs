using System.Text;
using CsCheck;
using Savepoint.Editing;
using Savepoint.Tests.Fidelity;
using Xunit;

namespace Savepoint.Tests.Editing;

/// <summary>What holds of every edit, whatever the tool, the files and the arguments. The trees are compared by find and sha256sum, the diffs with git.</summary>
public sealed class EditingLawTests
{
    private const int EditCount = 12;

    private static readonly int TreeCount = int.TryParse(Environment.GetEnvironmentVariable("SAVEPOINT_TEST_EDITED_TREES"), out var count) ? count : 30;

    [Fact]
    public Task Undo_of_any_edit_gives_the_tree_before_and_so_does_its_diff_reversed() => Gen.Int.SampleAsync(CheckAsync, iter: TreeCount, threads: 2);

    [Fact]
    public Task A_diff_is_applied_as_git_applies_it() => Gen.Int.SampleAsync(CompareWithGitAsync, iter: TreeCount, threads: 2);

    private static async Task CheckAsync(int seed)
    {
        var random = new Random(seed);
        var files = new RandomFiles(random);
        using var workspace = new Workspace();
        var paths = Enumerable.Range(0, 6).Select(_ => files.NewPath()).ToList();
        paths.ForEach(path => workspace.Write(path, files.Content()));
        await using var manager = await workspace.InitAsync();
        var tools = new EditingTools(manager);
        var doneCount = 0;
        for (var i = 0; i < EditCount; i++)
        {
            var before = Manifest.OfTree(workspace.Root);
            var head = manager.Head;
            var result = await EditAsync(tools, workspace, files, random);
            if (result.Snapshot is null)
            {
                Assert.Equal((before, head), (Manifest.OfTree(workspace.Root), manager.Head)); // refused, or no change
                continue;
            }

            doneCount++;
            Assert.True(result.Success);
            var after = Manifest.OfTree(workspace.Root);
            Assert.NotEqual(before, after);
            Assert.True(result.ChangesApplied > 0 && result.AffectedFiles.Count > 0);
            await manager.UndoAsync();
            Assert.Equal(before, Manifest.OfTree(workspace.Root));
            await manager.RedoAsync();
            Assert.Equal(after, Manifest.OfTree(workspace.Root));
            if (result.IsDiffComplete)
            {
                // Directories are what git's format does not have.
                Assert.True((await tools.ReverseDiffAsync(result.Diff)).Success, result.Diff);
                Assert.Equal(FilesOf(before), FilesOf(Manifest.OfTree(workspace.Root)));
                Assert.True((await tools.ApplyUnifiedDiffAsync(result.Diff)).Success, result.Diff);
                Assert.Equal(FilesOf(after), FilesOf(Manifest.OfTree(workspace.Root)));
            }
        }

        Assert.True(doneCount > 0);
        Assert.Empty(manager.Verify().Problems);
    }

    private static Task<EditResult> EditAsync(EditingTools tools, Workspace workspace, RandomFiles files, Random random)
    {
        var present = Directory.EnumerateFiles(workspace.Root, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(workspace.Root, file)).Order(StringComparer.Ordinal).ToList();
        var path = present.Count == 0 || random.Next(6) == 0 ? files.NewPath() : present[random.Next(present.Count)];
        var text = File.Exists(workspace.At(path)) ? Encoding.UTF8.GetString(File.ReadAllBytes(workspace.At(path))) : "";
        var lines = text.Split('\n');
        var line = random.Next(lines.Length);
        return random.Next(8) switch
        {
            0 => tools.ApplyWholeFileEditAsync(path, files.Text()),
            1 => tools.ApplyWholeFileEditAsync(path, files.Content().AsMemory()),
            2 => tools.ApplyEditBlockAsync(path, lines[line].TrimEnd('\r'), files.Text(), ignoreWhitespace: random.Next(2) == 0),
            3 => tools.ApplyEditBlockAsync(path, string.Join('\n', lines.Skip(line).Take(2)).Replace("\r", "", StringComparison.Ordinal), files.Text()),
            4 => tools.ApplyRangedEditAsync(path, random.Next(4) == 0 ? "" : files.Text(), line + 1, line + random.Next(3)),
            5 => tools.ApplyRangedEditAsync(path, files.Text(), -1, -1),
            6 => tools.RenameAsync(random.Next(2) == 0 && path.Contains('/', StringComparison.Ordinal) ? path.Split('/')[0] : path, files.NewPath()),
            _ => tools.DeleteAsync(random.Next(2) == 0 && path.Contains('/', StringComparison.Ordinal) ? path.Split('/')[0] : path, recursive: true),
        };
    }

    /// <summary>One repository edited gives the diff; the same files, perhaps changed since, are what it is applied to, by git and by the tool.</summary>
    private static async Task CompareWithGitAsync(int seed)
    {
        var random = new Random(seed);
        var files = new RandomFiles(random);
        using var workspace = new Workspace();
        using var repository = new Workspace();
        var paths = Enumerable.Range(0, 5).Select(_ => files.NewPath()).ToList();
        paths.ForEach(path => repository.Write(path, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 4).Select(_ => files.Text() + "\n")))));
        Shell.Run(repository.Root, "git init -q . && git add -A && git -c user.name=a -c user.email=a@b commit -qm 1");
        foreach (var path in paths.Where(_ => random.Next(3) > 0))
        {
            Change(repository, files, path, random);
        }

        var diff = Shell.Run(repository.Root, $"git -c core.quotepath=true add -A && git diff --cached --binary -U{random.Next(1, 4)} {(random.Next(2) == 0 ? "-M" : "--no-renames")} && git reset -q --hard");
        foreach (var path in paths.Where(_ => random.Next(4) == 0))
        {
            repository.Write(path, files.Edited(await File.ReadAllBytesAsync(repository.At(path), TestContext.Current.CancellationToken)));
        }

        Shell.Run(workspace.Root, "cp -a \"$1\"/. . && rm -rf .git", repository.Root);
        await using var manager = await workspace.InitAsync();
        var result = diff.Length == 0 ? null : await new EditingTools(manager).ApplyUnifiedDiffAsync(Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(diff)));

        await File.WriteAllBytesAsync(Path.Combine(repository.Scratch, "diff"), Encoding.Latin1.GetBytes(diff), TestContext.Current.CancellationToken);
        var said = diff.Length == 0 ? "" : Shell.Run(repository.Root, "git apply --whitespace=nowarn ../diff 2>&1 && echo applied || true");

        if (result is { Success: true } && !said.EndsWith("applied\n", StringComparison.Ordinal) && HasHunkWithoutContext(diff))
        {
            return; // of a file rewritten from end to end, which has more behind that end by now: ours takes it, git with --unidiff-zero
        }

        Assert.True(result is null || result.Success == said.EndsWith("applied\n", StringComparison.Ordinal), $"{said}\n{result?.Message}\n{diff}");
        Assert.Equal(Manifest.OfTree(repository.Root), Manifest.OfTree(workspace.Root));
    }

    private static bool HasHunkWithoutContext(string diff) =>
        diff.Split("\n@@ ").Skip(1).Any(hunk => !hunk.Split("\ndiff --git ")[0].Split('\n').Skip(1).Any(line => line.StartsWith(' ')));

    private static void Change(Workspace repository, RandomFiles files, string path, Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                File.Delete(repository.At(path));
                break;
            case 1:
                var moved = files.NewPath();
                Directory.CreateDirectory(Path.GetDirectoryName(repository.At(moved))!);
                File.Move(repository.At(path), repository.At(moved));
                break;
            case 2:
                repository.Write(files.NewPath(), files.Text());
                break;
            case 3:
                Shell.Run(repository.Root, "chmod +x \"$1\"", path);
                break;
            default:
                repository.Write(path, files.Edited(File.ReadAllBytes(repository.At(path))));
                break;
        }
    }

    private static string FilesOf(string manifest) => string.Join('\n', manifest.Split('\n').Where(line => !line.StartsWith("d ", StringComparison.Ordinal)));
}
