using System.ComponentModel;
using System.Diagnostics;
using Savepoint.Model;

namespace Savepoint.Cli.Git;

/// <summary>
/// A repository that history is exported to, through the git that is installed. Only refs below <c>refs/heads/savepoint/</c>
/// are ever written, and nothing of a working tree or index.
/// </summary>
internal sealed class GitRepository
{
    // Of whatever runs us (a git hook, say): they would lead git to another repository than the one that was named.
    private static readonly string[] Misleading = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CEILING_DIRECTORIES"];

    private readonly string _gitDirectory;

    private GitRepository(string path, string gitDirectory, bool isNew) => (Path, _gitDirectory, IsNew) = (path, gitDirectory, isNew);

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Whether it was made just now.</summary>
    public bool IsNew { get; }

    /// <summary>Opens the repository, or makes one where nothing is, whose HEAD names <paramref name="head"/>.</summary>
    /// <exception cref="SavepointException">There is no git, or something else is there.</exception>
    public static GitRepository OpenOrCreate(string path, string head)
    {
        var isNew = !Directory.Exists(path) || !Directory.EnumerateFileSystemEntries(path).Any();
        if (isNew)
        {
            Run(["init", "--quiet", path]);
            Run([$"--git-dir={System.IO.Path.Combine(path, ".git")}", "symbolic-ref", "HEAD", head]);
        }

        var gitDirectory = System.IO.Path.Exists(System.IO.Path.Combine(path, ".git"))
            ? Run(["-C", path, "rev-parse", "--absolute-git-dir"]).Trim()
            : Directory.Exists(System.IO.Path.Combine(path, "objects")) && File.Exists(System.IO.Path.Combine(path, "HEAD")) ? path
            : throw new SavepointException(ErrorCode.Environment, $"{path} is no git repository, and not empty.", "Name a repository, or a directory that does not exist yet: it is made.");
        return new GitRepository(path, gitDirectory, isNew);
    }

    /// <summary>The root of the repository that a directory is in.</summary>
    /// <exception cref="SavepointException">It is in none, or there is no git.</exception>
    public static string RootOf(string directory)
    {
        for (var candidate = System.IO.Path.GetFullPath(directory); candidate is not null; candidate = System.IO.Path.GetDirectoryName(candidate))
        {
            if (System.IO.Path.Exists(System.IO.Path.Combine(candidate, ".git")))
            {
                return candidate;
            }
        }

        throw new SavepointException(ErrorCode.Environment, $"{directory} is in no git repository, and not tracked.", "'savepoint init' there tracks it; then there are branches with copies of their own.");
    }

    /// <summary>Makes a worktree with a new branch from HEAD.</summary>
    public static void AddWorktree(string root, string place, string branch) => Run(["-C", root, "worktree", "add", "--quiet", "-b", branch, place]);

    /// <summary>Removes a worktree that holds no changes.</summary>
    /// <exception cref="SavepointException">It does, or is none.</exception>
    public static void RemoveWorktree(string root, string place) => Run(["-C", root, "worktree", "remove", place]);

    /// <summary>What git prints.</summary>
    /// <exception cref="SavepointException">It fails.</exception>
    public string Ask(params string[] arguments) => Run([$"--git-dir={_gitDirectory}", .. arguments]);

    /// <summary>The commit that a ref ends at; null if there is no such ref.</summary>
    public string? CommitOf(string reference) =>
        Ask("for-each-ref", "--format=%(objectname)", reference).Trim() is { Length: > 0 } commit ? commit : null;

    /// <summary>Whether files of this branch are checked out somewhere, which would look changed if it moved.</summary>
    public bool IsCheckedOut(string reference)
    {
        var isMain = true;
        foreach (var worktree in Ask("worktree", "list", "--porcelain").Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            if (worktree.Split('\n').Contains($"branch {reference}") && (!isMain || File.Exists(System.IO.Path.Combine(_gitDirectory, "index"))))
            {
                return true;
            }

            isMain = false;
        }

        return false;
    }

    /// <summary>Has git take what <paramref name="write"/> writes as a fast-import stream: all of it, or none.</summary>
    public void Import(Action<Stream> write)
    {
        using var git = Start([$"--git-dir={_gitDirectory}", "fast-import", "--quiet", "--done", "--date-format=raw"], hasInput: true);
        var complaint = git.StandardError.ReadToEndAsync();
        var output = git.StandardOutput.ReadToEndAsync();
        try
        {
            using var input = new BufferedStream(git.StandardInput.BaseStream, 64 * 1024);
            write(input);
        }
        catch (IOException)
        {
            // git has ended, and says why.
        }
        catch
        {
            git.WaitForExit(); // its input has ended without the word that it waits for, so it takes nothing
            throw;
        }

        git.WaitForExit();
        _ = output.GetAwaiter().GetResult();
        Check(git, "fast-import", complaint.GetAwaiter().GetResult());
    }

    private static string Run(string[] arguments)
    {
        using var git = Start(arguments, hasInput: false);
        var complaint = git.StandardError.ReadToEndAsync();
        var answer = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Check(git, arguments.First(argument => !argument.StartsWith('-')), complaint.GetAwaiter().GetResult());
        return answer;
    }

    private static Process Start(string[] arguments, bool hasInput)
    {
        var start = new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = hasInput };
        foreach (var name in Misleading)
        {
            start.Environment.Remove(name);
        }

        start.Environment["LC_ALL"] = "C";
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new SavepointException(ErrorCode.Environment, "'export --git' needs git, and there is none on the PATH.", "Install git, or use 'export --archive' or '--patch', which do without.", e);
        }
    }

    private static void Check(Process git, string what, string complaint)
    {
        if (git.ExitCode != 0)
        {
            throw new SavepointException(ErrorCode.Environment, $"git {what} failed with exit code {git.ExitCode}: {complaint.Trim()}", "No ref was changed. Mend what git complains of, and repeat the command.");
        }
    }
}
