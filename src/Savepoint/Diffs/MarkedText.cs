using System.Buffers;
using System.Text;

namespace Savepoint.Diffs;

/// <summary>
/// Writes a merge that has conflicts as <c>git merge-file</c> does, byte for byte but for one thing: git ends markers by LF where
/// the base has no line to learn from, here the two versions tell.
/// </summary>
internal readonly ref struct MarkedText
{
    private const int MarkerLength = 7;

    private readonly ReadOnlySpan<byte> _ancestor;
    private readonly ReadOnlySpan<byte> _ours;
    private readonly ReadOnlySpan<byte> _theirs;
    private readonly ConflictMarkers _markers;
    private readonly ArrayBufferWriter<byte> _text;

    public MarkedText(ReadOnlySpan<byte> ancestor, ReadOnlySpan<byte> ours, ReadOnlySpan<byte> theirs, ConflictMarkers markers)
    {
        _ancestor = ancestor;
        _ours = ours;
        _theirs = theirs;
        _markers = markers;
        _text = new ArrayBufferWriter<byte>(ours.Length + theirs.Length + 1);
    }

    public byte[] Write(List<MergeRegion> regions)
    {
        var offset = 0; // what of ours is written
        foreach (var region in _markers.Base is null ? ConflictRefinement.Refine(regions, _ours, _theirs) : regions)
        {
            _text.Write(_ours[offset..region.Ours.Offset]);
            offset = region.Ours.EndOffset;
            switch (region.Side)
            {
                case MergeSide.Ours:
                    _text.Write(region.Ours.Of(_ours));
                    break;
                case MergeSide.Theirs:
                    _text.Write(region.Theirs.Of(_theirs));
                    break;
                default:
                    WriteConflict(region);
                    break;
            }
        }

        _text.Write(_ours[offset..]);
        return _text.WrittenSpan.ToArray();
    }

    private void WriteConflict(in MergeRegion region)
    {
        var lineEnd = HasCrLf(region) ? "\r\n"u8 : "\n"u8;
        WriteMarker('<', _markers.Ours, lineEnd);
        WriteVersion(region.Ours.Of(_ours), lineEnd);
        if (_markers.Base is { } name)
        {
            WriteMarker('|', name, lineEnd);
            WriteVersion(region.Base.Of(_ancestor), lineEnd);
        }

        WriteMarker('=', "", lineEnd);
        WriteVersion(region.Theirs.Of(_theirs), lineEnd);
        WriteMarker('>', _markers.Theirs, lineEnd);
    }

    /// <summary>Whether the lines before a conflict, in both versions, and the base's first one, end with CR LF; a missing one has no say.</summary>
    private bool HasCrLf(in MergeRegion region)
    {
        var (ours, theirs, ancestor) = (EndsWithCrLf(_ours, region.Ours.Offset), EndsWithCrLf(_theirs, region.Theirs.Offset), EndsWithCrLf(_ancestor, 0));
        return ours is not false && theirs is not false && (ancestor ?? ours ?? theirs ?? false);
    }

    private void WriteMarker(char sign, string name, ReadOnlySpan<byte> lineEnd)
    {
        _text.Write(Encoding.UTF8.GetBytes(new string(sign, MarkerLength) + (name.Length == 0 ? "" : $" {name}")));
        _text.Write(lineEnd);
    }

    /// <summary>A version's lines; the last one gets an end if it has none, for a marker follows.</summary>
    private void WriteVersion(ReadOnlySpan<byte> lines, ReadOnlySpan<byte> lineEnd)
    {
        _text.Write(lines);
        if (lines is [.., not (byte)'\n'])
        {
            _text.Write(lineEnd);
        }
    }

    /// <summary>Whether the line before an offset, or at the start the first line, ends with CR LF; null if there is none, or it has no end.</summary>
    private static bool? EndsWithCrLf(ReadOnlySpan<byte> content, int offset)
    {
        var end = offset > 0 ? offset - 1 : content.IndexOf((byte)'\n');
        return end < 0 ? null : end > 0 && content[end - 1] == '\r';
    }
}
