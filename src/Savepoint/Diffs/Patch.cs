using System.Buffers;
using Savepoint.Model;

namespace Savepoint.Diffs;

/// <summary>
/// Changes to a tree in the form that <c>git apply</c> reads: what people see of a snapshot, and what travels between
/// tools. Immutable and safe to share between threads; equal when its <see cref="Files"/> are.
/// </summary>
/// <remarks>
/// All files read the tree as it was, whatever their order: two files may swap names, one may take another's place. Only
/// if several entries touch one path in turn (as concatenated patches do) does one that is not a move see what the entry
/// before it left, as in git. Git's format has no directories, no modes but "executable or not", no owner: what of a
/// change it cannot say stands in <see cref="Unexpressed"/>.
/// </remarks>
public sealed class Patch : IEquatable<Patch>
{
    internal Patch(IReadOnlyList<FilePatch> files, IReadOnlyList<FileChange>? unexpressed = null)
    {
        Files = files;
        Unexpressed = unexpressed ?? [];
    }

    /// <summary>The patch that changes nothing.</summary>
    public static Patch Empty { get; } = new([]);

    /// <summary>What happens to each file, in the order of the changes it was made from.</summary>
    public IReadOnlyList<FilePatch> Files { get; }

    /// <summary>
    /// The changes <see cref="Create"/> was given that <see cref="Files"/> does not express, or not wholly: directories, mode bits
    /// that git does not know, contents beyond <see cref="PatchOptions.MaxExactBytes"/>. Empty for parsed and composed patches.
    /// </summary>
    public IReadOnlyList<FileChange> Unexpressed { get; }

    /// <summary>The patch for these changes, reading their contents one at a time; those above <see cref="PatchOptions.MaxTextBytes"/> only when it is written.</summary>
    /// <param name="changes">What changed; a move is taken as one where <see cref="FileChange.OldPath"/> says so, never guessed.</param>
    /// <param name="contents">Has every content the changes name.</param>
    /// <param name="options">Null for <see cref="PatchOptions.Default"/>.</param>
    /// <exception cref="SavepointException">A content is missing or damaged.</exception>
    public static Patch Create(IEnumerable<FileChange> changes, IContentSource contents, PatchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(changes);
        ArgumentNullException.ThrowIfNull(contents);
        var creation = new PatchCreation(contents, options ?? PatchOptions.Default);
        foreach (var change in changes)
        {
            creation.Add(change);
        }

        return creation.Build();
    }

    /// <summary>The patch that takes this one back. Reversing twice gives an equal patch.</summary>
    /// <exception cref="InvalidOperationException">A foreign binary patch knows only its forward direction (<see cref="FilePatch.IsReversible"/>).</exception>
    public Patch Reverse() =>
        new([.. Files.Reverse().Select(file => file.Reverse())], [.. Unexpressed.Reverse().Select(change => change.Reverse())]);

    /// <summary>
    /// This patch and then <paramref name="next"/>, as one: applying it gives what applying the one and then the other
    /// gives. What the two undo of each other is gone; a patch composed with its reverse is empty.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="next"/> cannot follow: it expects other lines, or another file, than this patch leaves.</exception>
    public Patch Compose(Patch next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return new PatchComposition(this).Then(next);
    }

    /// <summary>What applying the patch to a tree gives. All entries fit, or nothing is to be done; the tree is only read.</summary>
    /// <param name="read">Says what stands at a path; called at most once for each.</param>
    /// <param name="options">Null for <see cref="PatchApplyOptions.Exact"/>.</param>
    public PatchApplyResult Apply(Func<WorkspacePath, FileVersion> read, PatchApplyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(read);
        return new PatchApplication(read, options ?? PatchApplyOptions.Exact).Run(this);
    }

    /// <summary>Writes it in git's format.</summary>
    public void WriteTo(IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        foreach (var file in Files)
        {
            GitPatchWriter.Write(file, destination);
        }
    }

    /// <summary>Writes it in git's format. Large contents are read as they are written, and are never whole in memory.</summary>
    public void WriteTo(Stream destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var buffer = new PassingBuffer(destination);
        WriteTo(buffer);
        buffer.Flush();
    }

    /// <summary>The patch in git's format.</summary>
    public byte[] ToBytes()
    {
        var buffer = new ArrayBufferWriter<byte>();
        WriteTo(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public bool Equals(Patch? other) => other is not null && Files.SequenceEqual(other.Files);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Patch);

    /// <inheritdoc/>
    public override int GetHashCode() => Files.Count == 0 ? 0 : HashCode.Combine(Files.Count, Files[0]);
}
