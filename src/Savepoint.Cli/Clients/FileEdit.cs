namespace Savepoint.Cli.Clients;

/// <summary>One file of a client's configuration, as it is and as it is to be.</summary>
/// <param name="File">The file.</param>
/// <param name="Before">What stands there; null if it is not there.</param>
/// <param name="After">What is to stand there; null if it is not to be there.</param>
/// <param name="Receipt">What is put into it; null if something is taken out of it, or nothing is done.</param>
internal sealed record FileEdit(string File, byte[]? Before, byte[]? After, Receipt? Receipt = null)
{
    public bool IsChange => (Before is null) != (After is null) || (Before is not null && !Before.AsSpan().SequenceEqual(After));

    /// <summary>In a word.</summary>
    public string Action => !IsChange ? "unchanged" : Before is null ? "create" : After is null ? "delete" : "modify";
}
