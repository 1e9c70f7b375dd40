using System.Diagnostics;
using System.Text;

namespace Savepoint.Bench.Spec;

/// <summary>The same history in git, written by its fast-import: a commit for each snapshot, with the same bytes.</summary>
internal sealed class GitMirror : IDisposable
{
    private readonly string _directory;
    private readonly string _home;
    private readonly Process _import;
    private readonly Stream _input;

    public GitMirror(string home)
    {
        (_home, _directory) = (home, Path.Combine(home, "mirror.git"));
        Shell.Run(home, home, "git", "init", "-q", "--bare", _directory);
        var start = new ProcessStartInfo("git", ["--git-dir", _directory, "fast-import", "--quiet"]) { RedirectStandardInput = true };
        _import = Process.Start(start)!;
        _input = _import.StandardInput.BaseStream;
    }

    public void Commit(IEnumerable<(string Path, byte[] Bytes)> files)
    {
        Say("commit refs/heads/main\ncommitter b <b@b> 0 +0000\ndata 0\n");
        foreach (var (path, bytes) in files)
        {
            Say($"M 100644 inline {path}\ndata {bytes.Length}\n");
            _input.Write(bytes);
            Say("\n");
        }
    }

    /// <summary>Ends the history; nothing can be added then.</summary>
    public void Finish()
    {
        _input.Dispose();
        _import.WaitForExit();
        if (_import.ExitCode != 0)
        {
            throw new InvalidOperationException($"git fast-import ended with {_import.ExitCode}.");
        }
    }

    /// <summary>The bytes of its pack, once all deltas were searched anew.</summary>
    public long Repack() => PackAfter("repack", "-q", "-a", "-d", "-f");

    /// <summary>The same by git's most thorough way.</summary>
    public long PackAggressively() => PackAfter("gc", "-q", "--aggressive", "--prune=now");

    public void Dispose()
    {
        _input.Dispose();
        _import.Dispose();
    }

    private long PackAfter(params string[] arguments)
    {
        Shell.Run(_home, _home, "git", ["--git-dir", _directory, .. arguments]);
        return new DirectoryInfo(Path.Combine(_directory, "objects", "pack")).EnumerateFiles("*.pack").Sum(file => file.Length);
    }

    private void Say(string text) => _input.Write(Encoding.UTF8.GetBytes(text));
}
