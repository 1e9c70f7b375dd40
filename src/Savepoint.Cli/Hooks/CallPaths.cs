using Savepoint.Cli.Arguments;
using Savepoint.Cli.Platform;
using Savepoint.Model;

namespace Savepoint.Cli.Hooks;

/// <summary>
/// The entries of the workspace that a call's written paths lead to. A tool writes through links, while a recording of a path looks
/// at the link: so both are named, the link and what it leads to.
/// </summary>
internal static class CallPaths
{
    /// <summary>What the call may write in this workspace: none, some paths, or, if null, anything.</summary>
    public static List<WorkspacePath>? Of(HookEvent hook, string root)
    {
        if (hook.Target.MayWriteAnything)
        {
            return null;
        }

        var argument = new PathArgument(root, isExplicit: false);
        var paths = new List<WorkspacePath>();
        foreach (var path in Absolute(hook, root))
        {
            if (WrittenPath.Of(path) is not { } written)
            {
                return null;
            }

            paths.AddRange(Inside(argument, written.Entry));
            if (written.Target != written.Entry && !Directory.Exists(written.Target)) // nobody writes a directory, and to record one is to record all it holds
            {
                paths.AddRange(Inside(argument, written.Target));
            }
        }

        return paths;
    }

    /// <summary>The other workspaces that the call names files of, outside this one: another branch's copy, another project that is tracked.</summary>
    /// <param name="hook">What is told of the call.</param>
    /// <param name="root">The workspace that the call is about; null if there is none.</param>
    /// <param name="find">Gives the workspace that a directory is in.</param>
    public static IReadOnlyList<string> OtherRoots(HookEvent hook, string? root, Func<string, string?> find)
    {
        if (hook.Kind is not (HookEventKind.ToolBegins or HookEventKind.ToolEnded) || hook.Target.MayWriteAnything)
        {
            return [];
        }

        var own = root is null ? null : PosixCalls.WithoutLinks(root);
        var roots = new List<string>();
        foreach (var directory in Absolute(hook, root).SelectMany(DirectoriesOf).Distinct())
        {
            var isOwn = own is not null && (directory == own || directory.StartsWith(own + "/", StringComparison.Ordinal)); // as most are
            if (!isOwn && find(directory) is { } other && other != own && !roots.Contains(other))
            {
                roots.Add(other);
            }
        }

        return roots;
    }

    private static IEnumerable<string> Absolute(HookEvent hook, string? root)
    {
        var current = Path.Combine(CurrentDirectory.Path, hook.CurrentDirectory ?? root ?? "");
        return hook.Target.Paths.Where(text => !text.Contains('\0', StringComparison.Ordinal)).Select(text => Path.Combine(current, text));
    }

    /// <summary>Where what is written there stands, and the link to it.</summary>
    private static IEnumerable<string> DirectoriesOf(string path) =>
        WrittenPath.Of(path) is not { } written ? [] : ((string[])[written.Entry, written.Target]).Select(Path.GetDirectoryName).OfType<string>();

    private static WorkspacePath[] Inside(PathArgument argument, string path)
    {
        try
        {
            return [argument.Resolve(path)];
        }
        catch (SavepointException e) when (e.Code == ErrorCode.RefusedPath)
        {
            return []; // outside the workspace, or git's: not ours to record
        }
    }
}
