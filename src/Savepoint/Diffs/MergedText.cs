using System.Buffers;
using Savepoint.Model;

namespace Savepoint.Diffs;

/// <summary>What a <see cref="ThreeWayMerge"/> gave: a text, or the places where it needs somebody to decide. Immutable.</summary>
public sealed class MergedText
{
    private readonly ReadOnlyMemory<byte> _ancestor;
    private readonly ReadOnlyMemory<byte> _ours;
    private readonly ReadOnlyMemory<byte> _theirs;
    private readonly List<MergeRegion> _regions;

    internal MergedText(ReadOnlyMemory<byte> ancestor, ReadOnlyMemory<byte> ours, ReadOnlyMemory<byte> theirs, List<MergeRegion> regions)
    {
        (_ancestor, _ours, _theirs, _regions) = (ancestor, ours, theirs, regions);
        Conflicts = [.. regions.Where(region => region.Side == MergeSide.Conflict).Select(region => new LineConflict(region.Base.Lines, region.Ours.Lines, region.Theirs.Lines))];
    }

    /// <summary>Where the two sides cannot be brought together, in order; empty if they could everywhere.</summary>
    public IReadOnlyList<LineConflict> Conflicts { get; }

    /// <summary>The merged content.</summary>
    /// <exception cref="InvalidOperationException">There are conflicts.</exception>
    public byte[] ToBytes()
    {
        if (Conflicts.Count > 0)
        {
            throw new InvalidOperationException("The two sides conflict: only a text with markers can be had.");
        }

        var merged = new ArrayBufferWriter<byte>(_ours.Length + _theirs.Length + 1);
        var offset = 0; // what of ours is copied
        foreach (var region in _regions.Where(region => region.Side == MergeSide.Theirs))
        {
            merged.Write(_ours.Span[offset..region.Ours.Offset]);
            merged.Write(region.Theirs.Of(_theirs.Span));
            offset = region.Ours.EndOffset;
        }

        merged.Write(_ours.Span[offset..]);
        return merged.WrittenSpan.ToArray();
    }

    /// <summary>The merged content, with both versions between markers where they conflict.</summary>
    public byte[] ToBytes(ConflictMarkers markers)
    {
        ArgumentNullException.ThrowIfNull(markers);
        return new MarkedText(_ancestor.Span, _ours.Span, _theirs.Span, markers).Write(_regions);
    }
}
