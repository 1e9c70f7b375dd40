using Savepoint.Model;

namespace Savepoint.Workspaces;

/// <summary>
/// What the rules say about the entries of one directory. Immutable and safe to share between threads: a scan enters the
/// subdirectories of one directory from several threads at once.
/// </summary>
internal interface ITreeScope
{
    /// <summary>The rules inside a directory, given what its ignore files hold. Called on the rules of its parent.</summary>
    /// <param name="directory">The directory that is entered; for the root, called on the scope that the scan was given.</param>
    /// <param name="gitIgnore">The bytes of its <c>.gitignore</c>; null if it has none that is a readable file.</param>
    /// <param name="savepointIgnore">The bytes of its <c>.savepointignore</c>, likewise.</param>
    ITreeScope Enter(WorkspacePath directory, byte[]? gitIgnore, byte[]? savepointIgnore);

    /// <summary>Whether an entry of this directory is left out, and with a directory all that it holds.</summary>
    bool IsIgnored(ReadOnlySpan<byte> name, bool isDirectory);
}
