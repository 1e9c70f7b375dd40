using System.Diagnostics;
using System.Text;

namespace Savepoint.Tests.Workspaces.Git;

/// <summary>A git repository in a folder of its own, with no settings but its own; removed afterwards.</summary>
internal sealed class GitWitness : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sp-git-");

    public GitWitness(params string[] initArguments)
    {
        Tree = Path.Combine(_folder.FullName, "tree");
        Home = Path.Combine(_folder.FullName, "home");
        Directory.CreateDirectory(Tree);
        Directory.CreateDirectory(Home);
        Run(["init", "--quiet", "--initial-branch=main", .. initArguments]);
    }

    public string Tree { get; }

    public string Home { get; }

    public string GitFolder => Path.Combine(Tree, ".git");

    /// <summary>Writes a file of the tree, its directories too.</summary>
    public void Write(string path, ReadOnlySpan<byte> content)
    {
        var file = Path.Combine(Tree, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, content);
    }

    public string RunText(params string[] arguments) => Encoding.UTF8.GetString(Run(arguments));

    /// <summary>Runs git in the tree and gives its standard output; fails unless it ends with 0, or with 1 where that is an answer.</summary>
    public byte[] Run(string[] arguments, byte[]? input = null, bool mayEndWithOne = false)
    {
        var start = new ProcessStartInfo("git")
        {
            WorkingDirectory = Tree,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["HOME"] = Home;
        start.Environment["XDG_CONFIG_HOME"] = Path.Combine(Home, ".config");
        start.Environment["GIT_CONFIG_GLOBAL"] = Path.Combine(Home, ".gitconfig");
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        foreach (var (name, value) in new[] { ("NAME", "A"), ("EMAIL", "a@example.org"), ("DATE", "2001-02-03T04:05:06Z") })
        {
            start.Environment["GIT_AUTHOR_" + name] = value;
            start.Environment["GIT_COMMITTER_" + name] = value;
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var writing = Task.Run(() =>
        {
            process.StandardInput.BaseStream.Write(input ?? []);
            process.StandardInput.Close();
        });
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        writing.GetAwaiter().GetResult();
        if (process.ExitCode != 0 && !(mayEndWithOne && process.ExitCode == 1))
        {
            throw new InvalidOperationException($"git {string.Join(' ', arguments)} ended with {process.ExitCode}: {error.GetAwaiter().GetResult()}");
        }

        return output.ToArray();
    }

    /// <summary>Splits output at NUL; each part ends in one.</summary>
    public static List<byte[]> SplitAtNul(ReadOnlySpan<byte> output)
    {
        var parts = new List<byte[]>();
        while (!output.IsEmpty)
        {
            var nul = output.IndexOf((byte)0);
            parts.Add(output[..nul].ToArray());
            output = output[(nul + 1)..];
        }

        return parts;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
