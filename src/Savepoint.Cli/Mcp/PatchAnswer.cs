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

    private readonly List<PatchStat> _files;
    private readonly string? _patch;
    private readonly int _leftOut;

    public PatchAnswer(Patch patch, IReadOnlyList<FileChange> changes, bool isStatOnly)
    {
        _files = PatchStat.Of(patch, changes);
        if (!isStatOnly)
        {
            (_patch, _leftOut) = Cut(Encoding.UTF8.GetString(patch.ToBytes()));
        }
    }

    /// <summary>How patches are made whose contents a model would not read.</summary>
    public static PatchOptions Options { get; } = PatchOptions.Default with { MaxExactBytes = PatchOptions.MaxTextBytes, HasBlobIds = false };

    /// <summary>As many whole lines of a patch as there is room for, and how many are left out.</summary>
    public static (string Kept, int LeftOutLines) Cut(string patch)
    {
        var end = patch.Length <= MaxLength ? patch.Length : patch.LastIndexOf('\n', MaxLength - 1) + 1;
        return (patch[..end], patch.AsSpan(end).Count('\n'));
    }

    /// <summary>Lines for each path, and the patch.</summary>
    public void AppendTo(StringBuilder text)
    {
        foreach (var file in _files.Take(MaxFiles))
        {
            text.Append(JsonNames.Of(file.Kind)).Append(' ').Append(file.Name).AppendLine(file.IsBinary ? " (binary)" : $" +{file.AddedCount} -{file.DeletedCount}");
        }

        if (_files.Count > MaxFiles)
        {
            text.AppendLine($"… and {_files.Count - MaxFiles} more paths");
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
        json.WriteNumber("fileCount", _files.Count);
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
