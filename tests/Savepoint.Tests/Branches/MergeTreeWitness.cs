using System.Globalization;
using System.Text;
using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint.Tests.Branches;

/// <summary>What <c>git merge-tree</c> (2.38 and later) makes of the same trees.</summary>
internal static class MergeTreeWitness
{
    /// <summary>For each case, the merged files as mode and blob id, or null where git conflicts; and git's own words.</summary>
    public static List<(SortedDictionary<string, string>? Files, string Words)> Merge(IReadOnlyList<TreeMergeCase> cases, IContentSource contents)
    {
        var folder = Directory.CreateTempSubdirectory("savepoint-merge-tree-").FullName;
        try
        {
            Fidelity.Shell.Run(folder, "git init -q .");
            using (var stream = File.Create(Path.Combine(folder, "import")))
            {
                for (var i = 0; i < cases.Count; i++)
                {
                    Write(stream, $"commit refs/heads/base{i}\nmark :{(3 * i) + 1}\n", cases[i].Base, contents);
                    Write(stream, $"commit refs/heads/ours{i}\nmark :{(3 * i) + 2}\n", cases[i].Ours, contents, (3 * i) + 1);
                    Write(stream, $"commit refs/heads/theirs{i}\nmark :{(3 * i) + 3}\n", cases[i].Theirs, contents, (3 * i) + 1);
                }
            }

            // Directory renames are git's own idea: what is added to a directory that the other side renamed is moved there.
            var output = Fidelity.Shell.Run(folder, """
                git fast-import --quiet < import
                i=0
                while [ $i -lt "$1" ]; do
                    if out=$(git -c merge.directoryRenames=false merge-tree --write-tree ours$i theirs$i); then
                        echo "clean $i"
                        git ls-tree -r --full-tree "$out"
                    else
                        echo "conflict $i"
                        echo "$out" | grep '^CONFLICT' || true
                    fi
                    i=$((i + 1))
                done
                """, cases.Count.ToString(CultureInfo.InvariantCulture));
            return Read(output, cases.Count);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A file as git's trees have it.</summary>
    public static string Entry(FileState state, IContentSource contents)
    {
        var mode = state is FileState.Regular file ? (file.Mode.IsExecutable ? "100755" : "100644") : "120000";
        return $"{mode} {GitBlobId.Of(contents.Read(state.ContentId!.Value))}";
    }

    private static void Write(Stream stream, string head, SortedDictionary<string, FileState> tree, IContentSource contents, int? parent = null)
    {
        void Line(string text) => stream.Write(Encoding.UTF8.GetBytes(text));
        Line($"{head}committer a <a@b> 0 +0000\ndata 0\n\n{(parent is { } mark ? $"from :{mark}\ndeleteall\n" : "")}");
        foreach (var (path, state) in tree)
        {
            var content = contents.Read(state.ContentId!.Value);
            Line($"M {Entry(state, contents)[..6]} inline {path}\ndata {content.Length}\n");
            stream.Write(content);
            Line("\n");
        }
    }

    private static List<(SortedDictionary<string, string>? Files, string Words)> Read(string output, int count)
    {
        var merges = new List<(SortedDictionary<string, string>? Files, string Words)>(count);
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("clean ", StringComparison.Ordinal))
            {
                merges.Add((new SortedDictionary<string, string>(StringComparer.Ordinal), ""));
            }
            else if (line.StartsWith("conflict ", StringComparison.Ordinal))
            {
                merges.Add((null, ""));
            }
            else if (merges[^1].Files is { } files)
            {
                var (entry, path) = (line.Split('\t')[0].Split(' '), line.Split('\t')[1]);
                files[path] = $"{entry[0]} {entry[2]}";
            }
            else
            {
                merges[^1] = (null, $"{merges[^1].Words}{line}\n");
            }
        }

        return merges;
    }
}
