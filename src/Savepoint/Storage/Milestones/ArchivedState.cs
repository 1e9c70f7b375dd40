using Savepoint.Model;

namespace Savepoint.Storage.Milestones;

/// <summary>
/// A state as an archive has it: its content named by an ordinal of the file, or by its id if it is in a parent. What an
/// ordinal stands for may be lost, and then only the states that name it are.
/// </summary>
/// <param name="Code">See <see cref="StateCode"/>.</param>
/// <param name="Ordinal">The content in this file; null for none, or one in a parent.</param>
/// <param name="Id">The content in a parent; null for none, or one in this file.</param>
/// <param name="SizeBytes">The length of a content in a parent.</param>
internal readonly record struct ArchivedState(long Code, long? Ordinal = null, ContentId? Id = null, long SizeBytes = 0)
{
    private bool HasContent => Code >> 12 is 1 or 2;

    /// <exception cref="SavepointException">Its content's id is lost, or it is no state.</exception>
    public FileState Resolve(MilestoneContents contents)
    {
        if (Ordinal is not { } ordinal)
        {
            return StateCode.Unpack(Code, Id, SizeBytes);
        }

        var (id, size) = contents.Describe(ordinal);
        return StateCode.Unpack(Code, id, size);
    }

    /// <summary>As an archive will name it.</summary>
    public static ArchivedState Of(FileState state, IReadOnlyDictionary<ContentId, long> ordinals) => state.ContentId switch
    {
        null => new ArchivedState(StateCode.Pack(state)),
        { } id when ordinals.TryGetValue(id, out var ordinal) => new ArchivedState(StateCode.Pack(state), ordinal),
        { } id => new ArchivedState(StateCode.Pack(state), null, id, StateCode.SizeBytes(state) ?? 0),
    };

    /// <summary>Writes it as the difference to a code and an ordinal that the reader knows by then.</summary>
    public void Write(RecordWriter record, long codeBefore, long ordinalBefore)
    {
        record.WriteSigned(Code - codeBefore);
        if (!HasContent)
        {
            return;
        }

        if (Ordinal is { } ordinal)
        {
            var difference = ordinal - ordinalBefore;
            record.Write(1 + ((difference << 1) ^ (difference >> 63)));
        }
        else
        {
            record.Write(0);
            record.Write(SizeBytes);
            record.WriteRaw(Id!.Value.ToBytes());
        }
    }

    public static ArchivedState Read(RecordReader record, long codeBefore, long ordinalBefore)
    {
        var state = new ArchivedState(codeBefore + record.ReadSigned());
        if (!state.HasContent)
        {
            return state;
        }

        if (record.Read() is not 0 and var difference)
        {
            difference--;
            return state with { Ordinal = ordinalBefore + ((difference >> 1) ^ -(difference & 1)) };
        }

        var size = record.Read();
        return state with { Id = record.ReadId(), SizeBytes = size };
    }
}
