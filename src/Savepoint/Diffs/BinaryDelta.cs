namespace Savepoint.Diffs;

/// <summary>Binary payloads.</summary>
internal static class BinaryDelta
{
    public static BinaryPatch Between(byte[] before, byte[] after) => new(
        new BinaryPayload(BinaryPayloadKind.Literal, after), new BinaryPayload(BinaryPayloadKind.Literal, before));
}
