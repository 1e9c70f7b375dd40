using Savepoint.Model;

namespace Savepoint.Diffs;

/// <summary>What stands at a path, with its bytes.</summary>
/// <param name="State">The state.</param>
/// <param name="Content">A file's bytes or a link's target; empty for the others.</param>
public readonly record struct FileVersion(FileState State, ReadOnlyMemory<byte> Content)
{
    /// <summary>Nothing stands there.</summary>
    public static FileVersion None { get; } = new(FileState.None, default);
}
