using System.Globalization;
using System.Text;
using Savepoint.Branches;
using Savepoint.Diffs;
using Savepoint.Model;
using Savepoint.Recording;
using Savepoint.Tests.Diffs;
using Xunit;

namespace Savepoint.Tests.Branches;

/// <summary>
/// Merges of trees, held against <c>git merge-tree</c>: by default some; <c>SAVEPOINT_TEST_TREE_MERGES=5000</c> takes more, and the output says
/// how often the two decide otherwise, and where.
/// </summary>
public sealed class TreeMergeGitTests(ITestOutputHelper output)
{
    private static readonly int Count = int.Parse(Environment.GetEnvironmentVariable("SAVEPOINT_TEST_TREE_MERGES") ?? "120", CultureInfo.InvariantCulture);

    [Fact]
    public void What_git_merges_cleanly_comes_out_the_same_and_where_git_conflicts_nothing_is_clean()
    {
        var contents = new MemoryContents();
        var made = new TreeMergeCases(new Random(7), contents);
        List<TreeMergeCase> cases = [.. Enumerable.Range(0, Count).Select(_ => made.Next())];
        var (alike, bothConflict, strictly) = (0, 0, new Dictionary<string, int>());

        foreach (var (merge, git) in cases.Zip(MergeTreeWitness.Merge(cases, contents)))
        {
            var merged = Merge(merge, contents);
            if (merged.Conflicts.Count > 0)
            {
                var kinds = string.Join(" ", merged.Conflicts.Select(conflict => conflict.Kind).Distinct().Order());
                _ = git.Files is null ? bothConflict++ : strictly[kinds] = strictly.GetValueOrDefault(kinds) + 1;
                continue;
            }

            Assert.True(git.Files is not null, $"git conflicts:\n{git.Words}\n{Describe(merge)}");
            Assert.Equal(git.Files!, Apply(merge, merged, contents));
            alike++;
        }

        output.WriteLine($"{cases.Count} merges: {alike} clean and the same, {bothConflict} conflict in both, {cases.Count - alike - bothConflict} conflict here and not in git ({string.Join(", ", strictly.Select(kind => $"{kind.Key}: {kind.Value}"))})");
        Assert.InRange(cases.Count - alike - bothConflict, 0, cases.Count / 20);
        Assert.InRange(alike, cases.Count / 5, cases.Count);
    }

    [Fact]
    public void With_markers_a_conflict_stands_between_them_or_ours_stays_as_it_is()
    {
        var contents = new MemoryContents();
        var made = new TreeMergeCases(new Random(11), contents);
        var (marked, kept) = (0, 0);
        for (var left = Count * 10; left > 0; left--)
        {
            var merge = made.Next();
            var merged = Merge(merge, contents, ConflictMarkers.Default);
            var after = merged.Changes.ToDictionary(change => change.Path, change => change.After);
            foreach (var conflict in merged.Conflicts)
            {
                if (conflict.MarkedPath is { } path)
                {
                    marked++;
                    Assert.Contains("<<<<<<< ", Encoding.UTF8.GetString(merged.Made[after[path].ContentId!.Value]), StringComparison.Ordinal);
                }
                else if (!merged.Conflicts.Any(other => other.MarkedPath == conflict.Path))
                {
                    kept++;
                    var stands = after.GetValueOrDefault(conflict.Path); // ours, or ours with what theirs made of that very entry
                    Assert.True(stands is null || (stands != conflict.Theirs && merge.Ours.ContainsKey(conflict.Path.ToString())), $"{conflict}\n{Describe(merge)}");
                }

                Assert.Equal(conflict.TheirPath is { } theirs ? merge.Theirs.GetValueOrDefault(theirs.ToString(), conflict.Theirs) : FileState.None, conflict.Theirs);
            }
        }

        Assert.InRange(marked, Count / 5, int.MaxValue);
        Assert.InRange(kept, Count / 5, int.MaxValue);
    }

    private static TreeMergeResult Merge(TreeMergeCase merge, MemoryContents contents, ConflictMarkers? markers = null)
    {
        var (before, ours, theirs) = (WithDirectories(merge.Base), WithDirectories(merge.Ours), WithDirectories(merge.Theirs));
        var (ourSide, theirSide) = (Side(before, ours, contents), Side(before, theirs, contents));
        FileState AtOurs(WorkspacePath path) => ours.GetValueOrDefault(path, FileState.None);
        var (entries, conflicts) = MergeEntries.Of(ourSide, theirSide, AtOurs);
        var trees = new MergeTrees(AtOurs, path => theirs.GetValueOrDefault(path, FileState.None), directory => ours.Keys.Where(path => path.Parent == directory && path != directory));
        var merged = TreeMerge.Merge(entries, trees, contents, markers);
        return merged with { Conflicts = [.. merged.Conflicts, .. conflicts] };
    }

    private static SideChanges Side(Dictionary<WorkspacePath, FileState> before, Dictionary<WorkspacePath, FileState> after, MemoryContents contents)
    {
        var changes = before.Keys.Union(after.Keys).Order()
            .Select(path => new FileChange(path, before.GetValueOrDefault(path, FileState.None), after.GetValueOrDefault(path, FileState.None)))
            .Where(change => change.Before != change.After).ToList();
        var side = new SideChanges(changes, ChangeList.Build(changes), path => path);
        LikeFiles.Find(side, contents);
        return side;
    }

    private static Dictionary<WorkspacePath, FileState> WithDirectories(SortedDictionary<string, FileState> files)
    {
        var tree = files.ToDictionary(file => WorkspacePath.Parse(file.Key), file => file.Value);
        foreach (var directory in tree.Keys.SelectMany(path => path.Ancestors()).Distinct().ToList())
        {
            tree[directory] = new FileState.Directory(UnixMode.DefaultDirectory);
        }

        return tree;
    }

    private static SortedDictionary<string, string> Apply(TreeMergeCase merge, TreeMergeResult merged, MemoryContents contents)
    {
        var files = new SortedDictionary<string, string>(merge.Ours.ToDictionary(file => file.Key, file => MergeTreeWitness.Entry(file.Value, contents)), StringComparer.Ordinal);
        foreach (var change in merged.Changes)
        {
            files.Remove(change.Path.ToString());
        }

        foreach (var change in merged.Changes.Where(change => change.After.ContentId is not null))
        {
            files[change.Path.ToString()] = merged.Made.TryGetValue(change.After.ContentId!.Value, out var content)
                ? $"{(((FileState.Regular)change.After).Mode.IsExecutable ? "100755" : "100644")} {GitBlobId.Of(content)}"
                : MergeTreeWitness.Entry(change.After, contents);
        }

        return files;
    }

    private static string Describe(TreeMergeCase merge)
    {
        var text = new StringBuilder();
        foreach (var (name, tree) in new[] { ("base", merge.Base), ("ours", merge.Ours), ("theirs", merge.Theirs) })
        {
            text.AppendLine(name).AppendJoin("\n", tree.Select(file => $"  {file.Key} {file.Value}")).AppendLine();
        }

        return text.ToString();
    }
}
