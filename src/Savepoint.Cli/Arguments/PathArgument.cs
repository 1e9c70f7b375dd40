using System.Text;
using Savepoint.Cli.Platform;
using Savepoint.Model;

namespace Savepoint.Cli.Arguments;

/// <summary>
/// A path as somebody wrote it, made a <see cref="WorkspacePath"/>: relative to the current directory or absolute, in
/// plain text or git's C-quoted form, through links to the workspace's root too. Links inside the workspace are entries
/// of it, so they are not followed; <c>..</c> is taken off the text, as git does.
/// </summary>
internal sealed class PathArgument
{
    private const byte Slash = (byte)'/';

    private readonly byte[] _root;
    private readonly byte[] _current;
    private readonly bool _isExplicit;

    /// <param name="root">The workspace's root, free of links.</param>
    /// <param name="isExplicit">Whether the user named the workspace, so that a relative path written elsewhere means it.</param>
    public PathArgument(string root, bool isExplicit)
        : this(root, CurrentDirectory.Bytes ?? ToBytes(isExplicit ? root : CurrentDirectory.Path), isExplicit)
    {
    }

    private PathArgument(string root, byte[] current, bool isExplicit)
    {
        _root = ToBytes(root);
        _current = OperatingSystem.IsWindows() ? ToBytes(Encoding.UTF8.GetString(current)) : current;
        _isExplicit = isExplicit;
    }

    /// <summary>For paths that are relative to the workspace's root, wherever the process stands.</summary>
    public static PathArgument FromRoot(string root) => new(root, ToBytes(root), isExplicit: false);

    /// <exception cref="SavepointException">The path is outside the workspace, or git's.</exception>
    public WorkspacePath Resolve(string text)
    {
        var written = Unquote(text);
        var isAbsolute = IsAbsolute(written);
        var relative = Within(Normalize(isAbsolute ? written : [.. _current, Slash, .. written]))
            ?? (_isExplicit && !isAbsolute && Within(_current) is null ? Within(Normalize([.. _root, Slash, .. written])) : null)
            ?? throw new SavepointException(ErrorCode.RefusedPath, $"{PathQuoting.Quote(written)} is outside the workspace {PathQuoting.Quote(_root)}.", Hint);
        if (!WorkspacePath.TryFromBytes(relative, out var path, out var problem))
        {
            throw new SavepointException(ErrorCode.RefusedPath, $"{PathQuoting.Quote(written)} is no path inside the workspace: {problem}.", Hint);
        }

        return path.IsInsideGit
            ? throw new SavepointException(ErrorCode.RefusedPath, $"{PathQuoting.Quote(written)} belongs to git, whose files are never recorded or restored.", "Leave it out.")
            : path;
    }

    // From outside a workspace that is named, few paths would lead into it; there, its root is meant.
    private string Hint => _isExplicit && Within(_current) is null
        ? "Name a path inside it, relative to the current directory or to the workspace that -C names."
        : "Name a path inside it, relative to the current directory.";

    private static byte[] Unquote(string text)
    {
        if (text.Length == 0)
        {
            throw new UsageException("A path is empty.", "'.' names the current directory.");
        }

        try
        {
            var bytes = PathQuoting.Unquote(text);
            return OperatingSystem.IsWindows() ? ToBytes(Encoding.UTF8.GetString(bytes)) : bytes;
        }
        catch (FormatException)
        {
            throw new SavepointException(ErrorCode.RefusedPath, $"{text} begins with a quote but is no C-quoted path.", "Write a name that begins with a quote as \"\\\"name\".");
        }
    }

    /// <summary>What is left of an absolute path behind the root; null if it leads elsewhere.</summary>
    private byte[]? Within(byte[] path)
    {
        if (Behind(path, _root) is { } direct)
        {
            return direct;
        }

        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        // The nearest ancestor that is the root by another name: what is behind it may hold links of its own.
        for (var end = path.Length; end > 0; end = path.AsSpan(0, end).LastIndexOf(Slash))
        {
            if (PosixCalls.RealPath(path.AsSpan(0, end)) is { } real && real.AsSpan().SequenceEqual(_root))
            {
                return path[Math.Min(path.Length, end + 1)..];
            }
        }

        return null;
    }

    private static byte[]? Behind(byte[] path, byte[] root) =>
        !path.AsSpan().StartsWith(root) ? null
        : path.Length == root.Length ? []
        : path[root.Length] == Slash ? path[(root.Length + 1)..]
        : null;

    /// <summary>An absolute path without <c>.</c>, <c>..</c> and empty segments, by its text alone; of the file system's root, nothing.</summary>
    public static byte[] Normalize(byte[] path)
    {
        var segments = new List<byte[]>();
        for (var start = 0; start <= path.Length;)
        {
            var length = path.AsSpan(start).IndexOf(Slash);
            length = length < 0 ? path.Length - start : length;
            var segment = path[start..(start + length)];
            start += length + 1;
            if (segment is [(byte)'.', (byte)'.'])
            {
                segments.RemoveRange(Math.Max(0, segments.Count - 1), Math.Min(1, segments.Count));
            }
            else if (segment is not ([] or [(byte)'.']))
            {
                segments.Add(segment);
            }
        }

        var normalized = new List<byte>(path.Length);
        foreach (var segment in segments)
        {
            if (normalized.Count > 0 || !OperatingSystem.IsWindows())
            {
                normalized.Add(Slash);
            }

            normalized.AddRange(segment);
        }

        return [.. normalized];
    }

    private static bool IsAbsolute(byte[] path) =>
        OperatingSystem.IsWindows() ? Path.IsPathFullyQualified(Encoding.UTF8.GetString(path)) : path[0] == Slash;

    private static byte[] ToBytes(string path) => Encoding.UTF8.GetBytes(OperatingSystem.IsWindows() ? path.Replace('\\', '/') : path);
}
