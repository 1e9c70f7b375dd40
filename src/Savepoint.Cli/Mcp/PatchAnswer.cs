using System.Text;
using System.Text.Json;
using Savepoint.Cli.Output;
using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint.Cli.Mcp;

/// <summary>A patch for a model: whole if it is short, else as far as there is room; a count of lines for each path always.</summary>
internal sealed class PatchAnswer
{
    /// <summary>The most of a patch that is given, in UTF-16 units: some 6,000 tokens.</summary>
    private const int MaxLength = 24_000;

    private const int MaxFiles = 100;

    /// <summary>How many changes are compared, and how large they may be together: a baseline is a whole tree, and both would be in memory.</summary>
    private const int MaxCompared = 5_000;

    private const long MaxComparedBytes = 32 * 1024 * 1024;

    private readonly List<PatchStat> _files;
    private readonly string? _patch;
    private readonly int _leftOut;
    private readonly int _uncompared;

    public PatchAnswer(Patch patch, IReadOnlyList<FileChange> changes, bool isStatOnly, int uncompared = 0)
    {
        _uncompared = uncompared;
        _files = PatchStat.Of(patch, changes);
        if (!isStatOnly)
        {
            (_patch, _leftOut) = Cut(Encoding.UTF8.GetString(patch.ToBytes()));
        }
    }

    /// <summary>How patches are made whose contents a model would not read.</summary>
    public static PatchOptions Options { get; } = PatchOptions.Default with { MaxExactBytes = PatchOptions.MaxTextBytes, HasBlobIds = false };

    /// <summary>Compares changes, as many of them as there is room for.</summary>
    public static PatchAnswer Of(IReadOnlyList<FileChange> changes, IContentSource contents, bool isStatOnly)
    {
        var compared = Comparable(changes);
        return new PatchAnswer(Patch.Create(compared, contents, Options), compared, isStatOnly, changes.Count - compared.Count);
    }

    /// <summary>The first of some changes, as many as can be compared.</summary>
    public static IReadOnlyList<FileChange> Comparable(IReadOnlyList<FileChange> changes)
    {
        long bytes = 0;
        var compared = changes.Take(MaxCompared).TakeWhile(change => (bytes += SizeBytes(change.Before) + SizeBytes(change.After)) <= MaxComparedBytes).ToList();
        return compared.Count == changes.Count ? changes : compared;
    }

    // Of a larger file only that it changed is said.
    private static long SizeBytes(FileState state) => state is FileState.Regular { SizeBytes: <= PatchOptions.MaxTextBytes and var size } ? size : 0;

    /// <summary>As many whole lines of a patch as there is room for, and how many are left out.</summary>
    public static (string Kept, int LeftOutLines) Cut(string patch)
    {
        var end = patch.Length <= MaxLength ? patch.Length : patch.LastIndexOf('\n', MaxLength - 1) + 1;
        return (patch[..end], patch.AsSpan(end).Count('\n'));
    }

    private int FileCount => _files.Count + _uncompared;

    /// <summary>Lines for each path, and the patch.</summary>
    public void AppendTo(StringBuilder text)
    {
        foreach (var file in _files.Take(MaxFiles))
        {
            text.Append(JsonNames.Of(file.Kind)).Append(' ').Append(file.Name).AppendLine(file.IsBinary ? " (binary)" : $" +{file.AddedCount} -{file.DeletedCount}");
        }

        if (FileCount > Math.Min(_files.Count, MaxFiles))
        {
            text.AppendLine($"… and {FileCount - Math.Min(_files.Count, MaxFiles)} more paths{(_uncompared > 0 ? $", of which {_uncompared} were not compared: narrow with paths" : "")}");
        }

        if (_patch is { Length: > 0 })
        {
            text.AppendLine().Append(_patch);
        }

        if (_leftOut > 0)
        {
            text.Append($"… {_leftOut} more lines: narrow with paths, or ask for stat");
        }
    }

    /// <summary><c>files</c>, and <c>patch</c> with <c>leftOutLines</c> if it is cut.</summary>
    public void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteNumber("fileCount", FileCount);
        json.WriteStartArray("files");
        foreach (var file in _files.Take(MaxFiles))
        {
            json.WriteStartObject();
            json.WritePath("path", file.Path);
            json.WriteString("kind", JsonNames.Of(file.Kind));
            json.WriteNumber("added", file.AddedCount);
            json.WriteNumber("deleted", file.DeletedCount);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (_patch is not null)
        {
            json.WriteString("patch", _patch);
        }

        if (_leftOut > 0)
        {
            json.WriteNumber("leftOutLines", _leftOut);
        }
    }
}
