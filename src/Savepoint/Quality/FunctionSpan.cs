namespace Savepoint.Quality;

/// <summary>Where a function stands in a file's tokens.</summary>
/// <param name="Name">Its name with the types around it.</param>
/// <param name="Head">The first token of what belongs to it.</param>
/// <param name="First">The first token that counts: parameters or body.</param>
/// <param name="End">The index behind its last token.</param>
internal sealed record FunctionSpan(string Name, int Head, int First, int End)
{
    /// <summary>Functions inside it that are measured by themselves, in order and not inside each other.</summary>
    public List<FunctionSpan> Inner { get; } = [];
}
