using System.Text;
using Savepoint.Model;
using Savepoint.Tests.Diffs;

namespace Savepoint.Tests.Branches;

/// <summary>Three trees: what two sides made of one, by edits, moves, deletions, modes, links, and entries in each other's way. Files alone, as git has them.</summary>
internal sealed record TreeMergeCase(SortedDictionary<string, FileState> Base, SortedDictionary<string, FileState> Ours, SortedDictionary<string, FileState> Theirs);

/// <summary>Made-up trees whose files have lines that stand nowhere else, so that what was made of what is no guess.</summary>
internal sealed class TreeMergeCases(Random random, MemoryContents contents)
{
    private static readonly string[] Names = ["a", "b", "c", "d/a", "d/e", "d/f/g", "h/i", "h/j"];
    private static readonly string[] NewNames = ["n", "d/n", "h/n", "d/f/n", "o/p", "a2", "h/k"];

    private int _line;

    public TreeMergeCase Next()
    {
        var tree = new SortedDictionary<string, FileState>(StringComparer.Ordinal);
        foreach (var name in Names.Where(_ => random.Next(5) > 0))
        {
            tree[name] = random.Next(8) == 0 ? Link() : Text([.. Enumerable.Range(0, random.Next(14, 30)).Select(_ => Line())], random.Next(6) == 0);
        }

        return new TreeMergeCase(tree, Side(tree), Side(tree));
    }

    private SortedDictionary<string, FileState> Side(SortedDictionary<string, FileState> from)
    {
        var tree = new SortedDictionary<string, FileState>(from, StringComparer.Ordinal);
        for (var left = random.Next(1, 5); left > 0 && tree.Count > 0; left--)
        {
            Change(tree, tree.Keys.ElementAt(random.Next(tree.Count)));
        }

        return tree;
    }

    private void Change(SortedDictionary<string, FileState> tree, string name)
    {
        switch (random.Next(12))
        {
            case 0 or 1 or 2 or 3:
                tree[name] = Edited(tree[name]);
                break;
            case 4 or 5:
                Move(tree, name, tree[name]);
                break;
            case 6:
                Move(tree, name, Edited(tree[name]));
                break;
            case 7:
                tree.Remove(name);
                break;
            case 8 when FreeName(tree) is { } free:
                tree[free] = Text([.. Enumerable.Range(0, random.Next(3, 9)).Select(_ => Line())], isExecutable: false);
                break;
            case 9 when tree[name] is FileState.Regular file:
                tree[name] = file with { Mode = file.Mode.IsExecutable ? UnixMode.DefaultFile : UnixMode.DefaultDirectory };
                break;
            case 10:
                tree[name] = tree[name] is FileState.Symlink ? Text([Line(), Line(), Line()], isExecutable: false) : Link();
                break;
            default:
                tree.Remove(name);
                tree[$"{name}/in"] = Text([Line(), Line(), Line()], isExecutable: false); // a directory where a file was
                break;
        }
    }

    private void Move(SortedDictionary<string, FileState> tree, string name, FileState state)
    {
        if (FreeName(tree) is { } free)
        {
            tree.Remove(name);
            tree[free] = state;
        }
    }

    private string? FreeName(SortedDictionary<string, FileState> tree) =>
        NewNames.OrderBy(_ => random.Next()).FirstOrDefault(name => !tree.Keys.Any(taken => taken == name || taken.StartsWith(name + "/", StringComparison.Ordinal) || name.StartsWith(taken + "/", StringComparison.Ordinal)));

    /// <summary>A line changed, put in or taken out, here and there; two thirds of the file at least stay.</summary>
    private FileState Edited(FileState state)
    {
        if (state is not FileState.Regular file)
        {
            return Link();
        }

        var lines = Encoding.UTF8.GetString(contents.Read(file.Content)).Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
        for (var left = random.Next(1, 3); left > 0; left--)
        {
            var at = random.Next(lines.Count);
            switch (random.Next(3))
            {
                case 0:
                    lines[at] = Line();
                    break;
                case 1:
                    lines.Insert(at, Line());
                    break;
                default:
                    lines.RemoveAt(at);
                    break;
            }
        }

        return ((FileState.Regular)Text(lines, isExecutable: false)) with { Mode = file.Mode };
    }

    private FileState Text(IReadOnlyList<string> lines, bool isExecutable) =>
        contents.File(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))), isExecutable ? UnixMode.DefaultDirectory : UnixMode.DefaultFile);

    private FileState Link() => contents.Link(Encoding.UTF8.GetBytes($"to {Line()}"));

    private string Line() => $"line {++_line} {random.Next()}";
}
