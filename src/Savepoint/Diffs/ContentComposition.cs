namespace Savepoint.Diffs;

/// <summary>Joins two entries about one file: paths, modes and git's names from the outer ends, the contents' changes one after the other.</summary>
internal static class ContentComposition
{
    /// <summary>The two as one; null if their contents' changes cannot be joined without the contents themselves.</summary>
    public static FilePatch? TryJoin(FilePatch first, FilePatch then)
    {
        var joined = new FilePatch
        {
            OldPath = first.OldPath,
            NewPath = then.NewPath,
            OldMode = first.IsCreation || first.OldMode != GitFileMode.Unknown ? first.OldMode : then.OldMode,
            NewMode = then.IsDeletion || then.NewMode != GitFileMode.Unknown ? then.NewMode : first.NewMode,
            OldBlob = first.IsCreation || first.ChangesContent ? first.OldBlob : then.OldBlob,
            NewBlob = then.IsDeletion || then.ChangesContent ? then.NewBlob : first.NewBlob,
        };
        var content = (first.ChangesContent, then.ChangesContent) switch
        {
            (_, false) => joined with { Hunks = first.Hunks, Binary = first.Binary },
            (false, true) => joined with { Hunks = then.Hunks, Binary = then.Binary },
            _ when first.Binary is { } before && then.Binary is { } after => joined with { Binary = Join(before, after) },
            _ when first.Binary is null && then.Binary is null => joined with { Hunks = HunkComposition.Join(first.Hunks, then.Hunks, first.Path) },
            _ => JoinMixed(joined, first, then),
        };
        return content is null ? null : WithoutIdleContent(content);
    }

    /// <summary>The whole content an entry starts from, if it says it: its lines, where it removes the file, or its reverse literal.</summary>
    public static byte[]? WholeOld(FilePatch file) =>
        file.Binary is { } binary ? Literal(binary.Reverse)
        : file.IsDeletion ? [.. file.Hunks.SelectMany(hunk => hunk.OldBytes())]
        : null;

    /// <summary>The whole content an entry leaves, if it says it.</summary>
    public static byte[]? WholeNew(FilePatch file) =>
        file.Binary is { } binary ? Literal(binary.Forward)
        : file.IsCreation ? [.. file.Hunks.SelectMany(hunk => hunk.NewBytes())]
        : null;

    private static byte[]? Literal(BinaryPayload? payload) =>
        payload is { Kind: BinaryPayloadKind.Literal } ? payload.Data.ToArray() : null;

    /// <summary>Equal ends mean that the second took the first back; a text that became binary and text again is one of these too.</summary>
    private static FilePatch WithoutIdleContent(FilePatch file)
    {
        var isIdle = !file.IsCreation && !file.IsDeletion
            && ((file.OldBlob is not null && file.OldBlob == file.NewBlob) || !file.ChangesContent);
        return isIdle
            ? file with { Hunks = [], Binary = null, OldBlob = null, NewBlob = null, SimilarityPercent = file.IsRename ? 100 : null }
            : file;
    }

    private static BinaryPatch Join(BinaryPatch first, BinaryPatch then) => new(
        Join(first.Forward, then.Forward),
        first.Reverse is { } before && then.Reverse is { } after ? Join(after, before) : null);

    private static BinaryPayload Join(BinaryPayload first, BinaryPayload then)
    {
        if (then.Kind == BinaryPayloadKind.Literal)
        {
            return then;
        }

        if (first.Kind == BinaryPayloadKind.Omitted || then.Kind == BinaryPayloadKind.Omitted)
        {
            return BinaryPayload.Omitted;
        }

        return first.Kind == BinaryPayloadKind.Delta
            ? new BinaryPayload(BinaryPayloadKind.Delta, DeltaComposition.Join(first.Data.Span, then.Data.Span))
            : new BinaryPayload(BinaryPayloadKind.Literal, BinaryDelta.TryUnpack(then, first.Data.Span) ?? throw DeltaComposition.Mismatch());
    }

    /// <summary>Lines on one side, bytes on the other: the contents in between and at both ends are worked out, and compared anew.</summary>
    private static FilePatch? JoinMixed(FilePatch joined, FilePatch first, FilePatch then)
    {
        if ((WholeNew(first) ?? WholeOld(then)) is not { } middle)
        {
            return null;
        }

        if (first is { IsCreation: false, IsReversible: false })
        {
            return null;
        }

        var before = joined.IsCreation ? [] : Apply(first.Reverse(), middle);
        var after = joined.IsDeletion ? [] : Apply(then, middle);
        return before.AsSpan().SequenceEqual(after) && !joined.IsCreation && !joined.IsDeletion
            ? joined with { OldBlob = null, NewBlob = null }
            : PatchCreation.WithContent(joined, before, after, PatchOptions.Default);
    }

    private static byte[] Apply(FilePatch file, byte[] content)
    {
        if (file.Binary is { } binary)
        {
            return BinaryDelta.TryUnpack(binary.Forward, content)?.ToArray() ?? throw DeltaComposition.Mismatch();
        }

        var hunks = new HunkApplication(content, maxOffsetLineCount: 0);
        foreach (var hunk in file.Hunks)
        {
            if (!hunks.TryApply(hunk))
            {
                throw new ArgumentException($"The patches do not follow each other: lines of {file.Path} differ.");
            }
        }

        return hunks.Finish();
    }
}
