namespace Savepoint.Checking.Running;

/// <summary>Takes what a command writes, as it writes it. Called by one thread.</summary>
internal interface IOutputSink
{
    /// <summary>Bytes of one of its streams.</summary>
    /// <param name="isError">Whether it is standard error.</param>
    /// <param name="bytes">The bytes; they are another's once this returns.</param>
    void Write(bool isError, ReadOnlySpan<byte> bytes);

    /// <summary>Both streams have ended.</summary>
    void End();
}
