using System.Text;
using Savepoint.Cli.Arguments;
using Savepoint.Cli.Platform;
using Savepoint.Model;

namespace Savepoint.Cli.Hooks;

/// <summary>
/// The entries of the workspace that a call's written paths lead to. A tool writes through links; a recording of a path looks
/// at the link. So where a link is on the way only a look at the whole tree can tell what was written.
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
        foreach (var text in hook.Target.Paths)
        {
            var written = Path.Combine(hook.CurrentDirectory ?? root, text);
            if (written.Split('/', '\\').Contains(".."))
            {
                return null; // behind a link it leads elsewhere than its text says
            }

            try
            {
                var path = argument.Resolve(written);
                if (path.Ancestors().Append(path).Any(entry => IsLink(Path.Combine(root, entry.ToString()))))
                {
                    return null;
                }

                paths.Add(path);
            }
            catch (SavepointException e) when (e.Code == ErrorCode.RefusedPath)
            {
                // Outside the workspace, or git's: not ours to record, unless it leads here.
                if (LeadsInto(root, written))
                {
                    return null;
                }
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
        foreach (var text in hook.Target.Paths.Where(text => !text.Contains('\0', StringComparison.Ordinal)))
        {
            var written = Path.GetFullPath(Path.Combine(hook.CurrentDirectory ?? root ?? CurrentDirectory.Path, text));
            var directory = Path.GetDirectoryName(File.Exists(written) ? PosixCalls.WithoutLinks(written) : written) is { } named ? PosixCalls.WithoutLinks(named) : null;
            var isOwn = directory is not null && own is not null && (directory == own || directory.StartsWith(own + "/", StringComparison.Ordinal)); // as most are
            if (directory is not null && !isOwn && find(directory) is { } other && other != own && !roots.Contains(other))
            {
                roots.Add(other);
            }
        }

        return roots;
    }

    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    /// <summary>Whether a path outside, by links, is one inside: by its nearest ancestor that is there.</summary>
    private static bool LeadsInto(string root, string written)
    {
        for (var at = written; !OperatingSystem.IsWindows() && at is not null; at = Path.GetDirectoryName(at))
        {
            if (!at.Contains('\0', StringComparison.Ordinal) && PosixCalls.RealPath(Encoding.UTF8.GetBytes(at)) is { } real)
            {
                var path = Encoding.UTF8.GetString(real);
                return path.StartsWith(root + "/", StringComparison.Ordinal) && !path.Split('/').Contains(".git");
            }
        }

        return false;
    }
}
