namespace Savepoint.Checking.Running;

/// <summary>A line for <c>/bin/sh</c>, and how it is run. Immutable.</summary>
/// <param name="Text">The line.</param>
/// <param name="Directory">Where it works: an absolute path.</param>
internal sealed record ShellCommand(string Text, string Directory)
{
    /// <summary>Words to put before <c>/bin/sh -c</c>: what sets up where it runs, as an overlay's helper does. Default: none.</summary>
    public IReadOnlyList<string> Prefix { get; init; } = [];

    /// <summary>How it is started: 0 or the errno, and its process number. Default: null, as a child of ours where we are.</summary>
    public Func<ChildStart, (int Error, int Process)>? Start { get; init; }

    /// <summary>Where we find the files that it writes, if not at <see cref="Directory"/>, as of an overlay that only it sees. Default: null.</summary>
    public string? ReportDirectory { get; init; }

    /// <summary>Variables that differ from our own environment; null values are taken out. Default: none.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>How long it may run. Default: for as long as it takes.</summary>
    public TimeSpan TimeLimit { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>How long it may take to end once it is asked to. Default: 3 s.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Whether daemons that it started, in sessions of their own, are ended with it even if it ends by itself: for directories that
    /// go away. Default: false, a build server may serve the next build.
    /// </summary>
    public bool EndsDaemons { get; init; }
}
