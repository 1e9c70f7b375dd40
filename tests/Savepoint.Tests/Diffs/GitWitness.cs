using System.Diagnostics;
using System.Text;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Diffs;

/// <summary>A git repository in a folder of its own, untouched by the machine's settings.</summary>
internal sealed class GitWitness : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("savepoint-git-").FullName;

    public GitWitness() => Run(["init", "-q", "."]);

    /// <summary>Stores the tree and gives its id. Nothing is checked out.</summary>
    public string Store(IReadOnlyDictionary<WorkspacePath, FileState> tree, IContentSource contents)
    {
        using var stream = new MemoryStream();
        Write(stream, "reset refs/heads/made\ncommit refs/heads/made\ncommitter a <a@b> 0 +0000\ndata 0\n\n");
        foreach (var (path, state) in tree)
        {
            var mode = state is FileState.Regular file ? (file.Mode.IsExecutable ? "100755" : "100644") : "120000";
            var content = contents.Read(state.ContentId!.Value);
            Write(stream, $"M {mode} inline {PathQuoting.Quote(path.Bytes)}\ndata {content.Length}\n");
            stream.Write(content);
            Write(stream, "\n");
        }

        Write(stream, "done\n");
        Run(["fast-import", "--force", "--quiet", "--done"], stream.ToArray());
        return Line("rev-parse", "refs/heads/made^{tree}");
    }

    /// <summary>Puts a stored tree into the working tree.</summary>
    public void CheckOut(string tree) => Run(["read-tree", "--reset", "-u", tree]);

    /// <summary>Has git apply the patch to the working tree.</summary>
    public void Apply(byte[] patch, params string[] options) => Run(["apply", "--whitespace=nowarn", .. options, "-"], patch);

    /// <summary>Checks that the working tree is this stored tree, byte for byte.</summary>
    public void AssertWorkingTreeIs(string tree)
    {
        Run(["add", "-A"]);
        var actual = Line("write-tree");
        Assert.True(tree == actual, tree == actual ? "" : Encoding.Latin1.GetString(Diff(tree, actual)));
    }

    /// <summary>What git itself says of the difference.</summary>
    public byte[] Diff(string before, string after, params string[] options) =>
        Run(["diff-tree", "-r", "-p", "--binary", "--full-index", .. options, before, after]);

    /// <summary>What git counts in a patch: for each file, added and deleted lines, or dashes for a binary one.</summary>
    public IEnumerable<string> NumStat(byte[] patch) =>
        Encoding.Latin1.GetString(Run(["apply", "--numstat", "-z", "-"], patch)).Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => string.Join('\t', line.Split('\t')[..2]));

    public void Dispose()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_folder, ".git", "objects"), "*", SearchOption.AllDirectories))
        {
            File.SetAttributes(file, FileAttributes.Normal);
        }

        // Names that are not UTF-8 are beyond System.IO; git removes what it checked out.
        CheckOut(Line("mktree"));
        Directory.Delete(_folder, recursive: true);
    }

    private static void Write(Stream stream, string text) => stream.Write(Encoding.ASCII.GetBytes(text));

    private string Line(params string[] arguments) => Encoding.ASCII.GetString(Run(arguments)).TrimEnd('\n');

    private byte[] Run(string[] arguments, byte[]? input = null)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = _folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HOME"] = _folder;
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var feeding = Task.Run(() =>
        {
            try
            {
                process.StandardInput.BaseStream.Write(input ?? []);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // Git stopped reading: its exit code and message say why.
            }
        });
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        feeding.GetAwaiter().GetResult();
        Assert.True(process.ExitCode == 0, $"git {string.Join(' ', arguments)}: {errors.GetAwaiter().GetResult()}");
        return output.ToArray();
    }
}
