using System.Formats.Tar;
using Savepoint.Model;

namespace Savepoint.Bench.Decisions;

/// <summary>
/// A real project's history: versions of express as they were published, one after the other, with faults and harmless changes made
/// to the text of each. node checks its syntax, runs requests against it and counts the steps that they take.
/// </summary>
/// <param name="versions">The versions' files, the oldest first.</param>
/// <param name="dependencies">The folder with the packages that express uses, outside of the project.</param>
/// <param name="seed">Where chance begins.</param>
internal sealed class ExpressProject(IReadOnlyList<IReadOnlyDictionary<string, string>> versions, string dependencies, int seed) : IReplayProject
{
    private readonly Random _random = new(seed);
    private readonly int _first = seed % 2; // two seeds take turns
    private int _version = seed % 2;
    private IReadOnlyDictionary<string, string>? _next;

    /// <inheritdoc/>
    public CheckCommands Commands { get; } = new(
        "node bench/syntax.js",
        $"for t in test/*.js; do NODE_PATH='{dependencies}' NODE_NO_WARNINGS=1 node --test-reporter=tap $t || failed=1; done; exit $failed",
        $"NODE_PATH='{dependencies}' NODE_NO_WARNINGS=1 node bench/steps.js");

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Good { get; private set; } = WithChecks(versions[seed % 2]);

    /// <summary>The stable versions of a repository's history from one to another, both included.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Versions(string repository, string first, string last)
    {
        var home = Path.GetDirectoryName(repository)!;
        var names = Shell.Output(home, home, "git", "--git-dir", repository, "log", "--reverse", "--format=%H %s", "--all").Split('\n').Select(line => line.Split(' ')).ToList();
        var (from, to) = (names.FindIndex(name => name[^1] == first), names.FindIndex(name => name[^1] == last));
        return [.. names[from..(to + 1)].Select(name => FilesOf(home, repository, name[0]))];
    }

    /// <summary>A version comes between so many steps that all have their turn.</summary>
    public IReadOnlyList<ReplayKind> Plan(int faults, int harmless)
    {
        var kinds = ReplayGenerator.Plan(_random, faults, harmless).ToList();
        var count = (versions.Count - 1 - _first) / 2;
        for (var i = count; i > 0; i--)
        {
            kinds.Insert(kinds.Count * i / (count + 1), ReplayKind.Version);
        }

        return kinds;
    }

    /// <inheritdoc/>
    public ReplayStep Next(ReplayKind kind)
    {
        (var name, _next) = kind == ReplayKind.Version ? NextVersion() : ScriptChanges.Make(_random, kind, Good);
        return new ReplayStep(kind, name, _next);
    }

    /// <inheritdoc/>
    public void Keep() => Good = _next!;

    // What is no part of the package stays: documents and tests that steps have added.
    private (string, IReadOnlyDictionary<string, string>) NextVersion()
    {
        var before = versions[_version];
        _version += 2;
        var files = new Dictionary<string, string>(Good.Where(file => !before.ContainsKey(file.Key)));
        foreach (var (path, text) in versions[_version])
        {
            files[path] = text;
        }

        return ($"the version after {_version - 1} others", files);
    }

    private static Dictionary<string, string> WithChecks(IReadOnlyDictionary<string, string> version)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "express");
        var files = new Dictionary<string, string>(version);
        foreach (var path in (string[])["test/api.test.js", "bench/steps.js", "bench/syntax.js"])
        {
            files[path] = File.ReadAllText(Path.Combine(folder, Path.GetFileName(path)));
        }

        return files;
    }

    private static Dictionary<string, string> FilesOf(string home, string repository, string commit)
    {
        var archive = Path.Combine(home, "version.tar");
        Shell.Run(home, home, "git", "--git-dir", repository, "archive", "--output", archive, commit);
        var files = new Dictionary<string, string>();
        using var reader = new TarReader(File.OpenRead(archive));
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry is { EntryType: TarEntryType.RegularFile, DataStream: { } data })
            {
                files[entry.Name] = new StreamReader(data).ReadToEnd();
            }
        }

        return files;
    }
}
