using System.Globalization;
using System.Text;
using Savepoint.Model;

namespace Savepoint.Exporting;

/// <summary>
/// Snapshots as the commands of <c>git fast-import</c>, a commit each (git-fast-import(1), Input Format). A change is the
/// state after it, so that a commit says all of what it means whatever its parent holds. What git has no word for is left out:
/// directories, and mode bits but the executable one.
/// </summary>
public sealed class FastImportStream
{
    private readonly Stream _output;
    private readonly IContentSource _contents;

    /// <param name="output">Where the commands go, to be read by git.</param>
    /// <param name="contents">Has every content of the snapshots.</param>
    public FastImportStream(Stream output, IContentSource contents)
    {
        (_output, _contents) = (output, contents);
        Write("feature done\n"); // so that a stream that breaks off changes no ref
    }

    /// <summary>Writes a snapshot as a commit, marked with its number.</summary>
    /// <param name="snapshot">The snapshot with its changes.</param>
    /// <param name="reference">The ref that ends at it, in full.</param>
    /// <param name="parent">The commit before it: an object id, or <c>:</c> and the number of a snapshot of this stream; null for the first.</param>
    /// <param name="merged">The second parent of a merge, likewise; null for all others.</param>
    /// <param name="history">For the first commit of a history: what tells it from others; null for later ones.</param>
    /// <exception cref="SavepointException">A content is missing or damaged.</exception>
    public void Add(Snapshot snapshot, string reference, string? parent, string? merged = null, string? history = null)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var when = string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, snapshot.Time.ToUnixTimeSeconds())} +0000"); // git knows no time before 1970
        Write($"commit {reference}\nmark :{snapshot.Number}\n");
        Write($"author {ExportedAuthor.Of(snapshot.Actor)} {when}\ncommitter {ExportedAuthor.Of(Actor.Unknown)} {when}\n");
        var body = (snapshot.Message ?? "").Split('\n', 2) is [_, var rest] && rest.Trim().Length > 0 ? $"{rest.Trim()}\n\n" : "";
        WriteData(Encoding.UTF8.GetBytes($"{ExportedAuthor.Subject(snapshot)}\n\n{body}{ExportedAuthor.Trailers(snapshot)}{(history is null ? "" : $"Savepoint-History: {history}\n")}".Replace("\0", "", StringComparison.Ordinal)));
        if (parent is not null)
        {
            Write($"from {parent}\n");
        }

        if (merged is not null)
        {
            Write($"merge {merged}\n");
        }

        // What goes, first: what comes may take its place, a directory that of a file or the other way round.
        var changes = snapshot.Changes.SelectMany(change => change.PerPath()).ToList();
        foreach (var gone in changes.Where(change => change.After is FileState.Absent or FileState.Directory && change.Before is FileState.Regular or FileState.Symlink))
        {
            Write($"D {PathQuoting.Quote(gone.Path.Bytes)}\n");
        }

        foreach (var change in changes)
        {
            AddState(change.Path, change.After);
        }

        Write("\n");
    }

    /// <summary>Has a ref end at a commit that is there: of a branch without a snapshot of its own.</summary>
    public void Point(string reference, string commit) => Write($"reset {reference}\nfrom {commit}\n\n");

    /// <summary>Ends the stream. Without it, git takes none of it.</summary>
    public void Finish()
    {
        Write("done\n");
        _output.Flush();
    }

    private void AddState(WorkspacePath path, FileState state)
    {
        var (mode, size) = state switch
        {
            FileState.Regular file => (file.Mode.IsExecutable ? "100755" : "100644", file.SizeBytes),
            FileState.Symlink link => ("120000", link.SizeBytes),
            _ => ("", 0),
        };
        if (state.ContentId is { } content)
        {
            Write($"M {mode} inline {PathQuoting.Quote(path.Bytes)}\ndata {size.ToString(CultureInfo.InvariantCulture)}\n");
            _contents.CopyTo(content, _output);
            Write("\n");
        }
    }

    private void WriteData(byte[] data)
    {
        Write($"data {data.Length.ToString(CultureInfo.InvariantCulture)}\n");
        _output.Write(data);
        Write("\n");
    }

    private void Write(string text) => _output.Write(Encoding.UTF8.GetBytes(text));
}
