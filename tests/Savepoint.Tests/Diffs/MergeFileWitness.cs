using System.Globalization;
using Savepoint.Tests.Fidelity;
using Savepoint.Tests.Workspaces;

namespace Savepoint.Tests.Diffs;

/// <summary>Three versions of a content to merge.</summary>
internal sealed record MergeCase(byte[] Base, byte[] Ours, byte[] Theirs);

/// <summary>What <c>git merge-file</c> made of a case, without and with the base in its conflicts.</summary>
internal sealed record GitMerge(bool IsClean, byte[] Text, byte[] TextWithBase);

/// <summary>Has git merge many cases in one shell, so that thousands cost seconds.</summary>
internal static class MergeFileWitness
{
    private const string Script = """
        for o in *.o; do
            n=${o%.o}
            git merge-file -p -q -L ours -L base -L theirs $n.o $n.b $n.t > $n.m && echo 0 > $n.c || echo $? > $n.c
            git merge-file -p -q --diff3 -L ours -L base -L theirs $n.o $n.b $n.t > $n.d || true
        done
        """;

    public static List<GitMerge> Merge(IReadOnlyList<MergeCase> cases)
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < cases.Count; i++)
        {
            File.WriteAllBytes(folder[$"{i}.b"], cases[i].Base);
            File.WriteAllBytes(folder[$"{i}.o"], cases[i].Ours);
            File.WriteAllBytes(folder[$"{i}.t"], cases[i].Theirs);
        }

        Shell.Run(folder.Path, Script);
        return [.. Enumerable.Range(0, cases.Count).Select(i => new GitMerge(
            Code(folder[$"{i}.c"]) == 0, File.ReadAllBytes(folder[$"{i}.m"]), File.ReadAllBytes(folder[$"{i}.d"])))];
    }

    // From 128 up it is no count of conflicts but a failure: the case is binary to git.
    private static int Code(string file)
    {
        var code = int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
        return code < 128 ? code : throw new InvalidOperationException($"git merge-file ended with {code} for {file}.");
    }
}
