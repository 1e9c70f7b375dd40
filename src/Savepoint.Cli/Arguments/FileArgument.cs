using System.Text;
using Savepoint.Model;

namespace Savepoint.Cli.Arguments;

/// <summary>
/// A file or directory that is no entry of a workspace, as somebody wrote it: a workspace's root, a store, an archive. It
/// becomes an absolute path, for .NET's own file functions.
/// </summary>
internal static class FileArgument
{
    /// <exception cref="SavepointException">It is relative to a current directory that is gone, or leads where the name is not UTF-8.</exception>
    public static string Resolve(string written)
    {
        if (OperatingSystem.IsWindows() || Path.IsPathRooted(written))
        {
            return Path.GetFullPath(written);
        }

        var current = CurrentDirectory.Bytes;
        var path = PathArgument.Normalize([.. current ?? Encoding.UTF8.GetBytes(CurrentDirectory.Path), (byte)'/', .. Encoding.UTF8.GetBytes(written)]);
        return CurrentDirectory.TextOf(path) is not { } text ? throw CurrentDirectory.NotText(path) : text.Length == 0 ? "/" : text;
    }
}
