using System.Buffers;
using Savepoint.Model;

namespace Savepoint.Diffs;

/// <summary>
/// Joins the hunks of two text patches, old → middle → new. Hunks that overlap or touch in the middle text form a
/// cluster, all of whose middle lines are known from one patch or the other; so its old and new lines are known too, and
/// are compared anew.
/// </summary>
internal sealed class HunkComposition
{
    private readonly WorkspacePath _path;
    private readonly List<Hunk> _joined = [];
    private int _firstDrift; // how many lines the first patch's hunks so far added
    private int _thenDrift;

    private HunkComposition(WorkspacePath path) => _path = path;

    /// <summary>The hunks of both patches as one list.</summary>
    /// <exception cref="ArgumentException">The second does not expect the lines that the first leaves.</exception>
    public static IReadOnlyList<Hunk> Join(IReadOnlyList<Hunk> first, IReadOnlyList<Hunk> then, WorkspacePath path)
    {
        var composition = new HunkComposition(path);
        var (i, j) = (0, 0);
        while (i < first.Count || j < then.Count)
        {
            var (firstFrom, thenFrom) = (i, j);
            var start = Math.Min(
                i < first.Count ? first[i].NewStart : int.MaxValue,
                j < then.Count ? then[j].OldStart : int.MaxValue);
            var end = start;
            while (true)
            {
                if (i < first.Count && first[i].NewStart <= end)
                {
                    end = Math.Max(end, first[i].NewStart + first[i++].NewCount);
                }
                else if (j < then.Count && then[j].OldStart <= end)
                {
                    end = Math.Max(end, then[j].OldStart + then[j++].OldCount);
                }
                else
                {
                    break;
                }
            }

            composition.AddCluster(start, end, [.. first.Skip(firstFrom).Take(i - firstFrom)], [.. then.Skip(thenFrom).Take(j - thenFrom)]);
        }

        return composition._joined;
    }

    private void AddCluster(int start, int end, Hunk[] first, Hunk[] then)
    {
        var middle = new ReadOnlyMemory<byte>[end - start];
        foreach (var hunk in first)
        {
            Fill(middle, hunk.NewStart - start, hunk.NewBytes());
        }

        foreach (var hunk in then)
        {
            Fill(middle, hunk.OldStart - start, hunk.OldBytes());
        }

        var before = Replaced(middle, first.Select(hunk => (hunk.NewStart - start, hunk.NewCount, hunk.OldBytes())));
        var after = Replaced(middle, then.Select(hunk => (hunk.OldStart - start, hunk.OldCount, hunk.NewBytes())));
        AddChanges(before, after, start - _firstDrift, start + _thenDrift);
        _firstDrift += first.Sum(hunk => hunk.NewCount - hunk.OldCount);
        _thenDrift += then.Sum(hunk => hunk.NewCount - hunk.OldCount);
    }

    /// <summary>
    /// The last lines that both sides share stay context whatever the comparison prefers: git takes a hunk without
    /// context at its end for one that must end the file.
    /// </summary>
    private void AddChanges(byte[] before, byte[] after, int oldStart, int newStart)
    {
        var contextLineCount = PatchOptions.Default.ContextLineCount;
        var lastLines = before.Length - TextHunks.LinesBefore(before, contextLineCount, out _);
        var tail = Math.Min(lastLines, CommonBytes.SuffixLines(before, after));
        var edits = LineDiff.Compute(before.AsSpan(..^tail), after.AsSpan(..^tail));
        foreach (var hunk in TextHunks.From(edits, before, after, contextLineCount))
        {
            _joined.Add(hunk.At(hunk.OldStart + oldStart, hunk.NewStart + newStart));
        }
    }

    /// <summary>Notes a hunk's middle lines; where the other patch has told them already, they must be the same.</summary>
    private void Fill(ReadOnlyMemory<byte>[] middle, int line, byte[] bytes)
    {
        ReadOnlyMemory<byte> rest = bytes;
        while (!rest.IsEmpty)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var content = end < 0 ? rest : rest[..(end + 1)];
            ref var known = ref middle[line++];
            if (!known.IsEmpty && !known.Span.SequenceEqual(content.Span))
            {
                throw new ArgumentException($"The patches do not follow each other: lines of {_path} differ.");
            }

            known = content;
            rest = rest[content.Length..];
        }
    }

    private static byte[] Replaced(ReadOnlyMemory<byte>[] middle, IEnumerable<(int Start, int Count, byte[] Lines)> hunks)
    {
        var result = new ArrayBufferWriter<byte>();
        var line = 0;
        foreach (var (start, count, lines) in hunks)
        {
            WriteLines(middle.AsSpan(line..start), result);
            result.Write(lines);
            line = start + count;
        }

        WriteLines(middle.AsSpan(line..), result);
        return result.WrittenSpan.ToArray();
    }

    private static void WriteLines(ReadOnlySpan<ReadOnlyMemory<byte>> lines, ArrayBufferWriter<byte> destination)
    {
        foreach (var line in lines)
        {
            destination.Write(line.Span);
        }
    }
}
