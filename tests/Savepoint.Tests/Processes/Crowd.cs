using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Savepoint.Tests.Workspaces;

namespace Savepoint.Tests.Processes;

/// <summary>
/// Ten loops that run the native command on one workspace until time is up: some write and capture, some step and roll back,
/// some look. It remembers every version that was written and captured.
/// </summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
internal sealed class Crowd(TemporaryFolder folder)
{
    private readonly string _root = Directory.CreateDirectory(folder["work"]).FullName;
    private readonly string _aside = Directory.CreateDirectory(folder["aside"]).FullName;
    private readonly NativeCommand _savepoint = new(folder["work"], Directory.CreateDirectory(folder["home"]).FullName);
    private readonly ConcurrentDictionary<string, int> _runs = new();
    private readonly Stopwatch _running = new();

    /// <summary>Every version that a loop wrote and then captured: the path and its bytes, or a link's target.</summary>
    public ConcurrentQueue<(string Path, byte[] Bytes)> Versions { get; } = new();

    /// <summary>Whatever ended with another code than 0.</summary>
    public ConcurrentQueue<string> Failures { get; } = new();

    public NativeCommand Savepoint => _savepoint;

    /// <summary>How many commands of each kind ran.</summary>
    public string Summary => string.Join(", ", _runs.OrderBy(run => run.Key, StringComparer.Ordinal).Select(run => $"{run.Value} {run.Key}"));

    public async Task RunAsync(TimeSpan duration)
    {
        for (var i = 0; i < 6; i++)
        {
            Write(i, 0);
        }

        _savepoint.Do("init");
        for (var i = 0; i < 6; i++)
        {
            // History enough for the deepest `@-N` below, whoever comes first.
            WriteAndCapture(i, 1, $"dir{i}/file");
        }

        _running.Start();
        Action<int>[] loops =
        [
            .. Enumerable.Range(0, 4).Select<int, Action<int>>(i => round => WriteAndCapture(i, round, $"dir{i}/file")),
            round => WriteAndCapture(4, round),
            round => WriteAndCapture(5, round),
            _ => Run("undo"),
            _ => Run("redo"),
            round => Run("rollback", $"@-{1 + (round % 5)}"),
            round => Run(round % 2 == 0 ? "status" : "diff"),
        ];
        await Task.WhenAll(loops.Select(loop => Task.Factory.StartNew(() => Until(duration, loop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Run("capture");
    }

    private void Until(TimeSpan duration, Action<int> loop)
    {
        for (var round = 2; _running.Elapsed < duration; round++)
        {
            loop(round);
        }
    }

    private void WriteAndCapture(int writer, int round, params string[] paths)
    {
        var written = Write(writer, round);
        if (Run(["capture", .. paths]))
        {
            Versions.Enqueue(written);
        }
    }

    /// <summary>A new version, put into its place in one step: what was half written, nobody can be held to.</summary>
    private (string Path, byte[] Bytes) Write(int writer, int round)
    {
        var bytes = Encoding.UTF8.GetBytes($"writer {writer}, version {round}\n" + string.Concat(Enumerable.Repeat("and some lines more\n", round % 50)));
        var (path, aside) = ($"dir{writer}/file", Path.Combine(_aside, $"{writer}"));
        if (writer == 5)
        {
            // This one is a link every other time.
            bytes = round % 2 == 0 ? bytes : Encoding.UTF8.GetBytes($"target-{round}");
        }

        if (writer == 5 && round % 2 == 1)
        {
            File.CreateSymbolicLink(aside, Encoding.UTF8.GetString(bytes));
        }
        else
        {
            File.WriteAllBytes(aside, bytes);
            File.SetUnixFileMode(aside, round % 3 == 0 ? (UnixFileMode)0b111_101_101 : (UnixFileMode)0b110_100_100);
        }

        Directory.CreateDirectory(Path.Combine(_root, Path.GetDirectoryName(path)!));
        File.Move(aside, Path.Combine(_root, path), overwrite: true);
        return (path, bytes);
    }

    private bool Run(params string[] arguments)
    {
        var ended = _savepoint.Run(arguments);
        _runs.AddOrUpdate(arguments[0], 1, (_, count) => count + 1);
        if (ended.ExitCode != 0)
        {
            Failures.Enqueue($"savepoint {string.Join(' ', arguments)} ended with {ended.ExitCode}: {ended.Error}");
        }

        return ended.ExitCode == 0;
    }
}
