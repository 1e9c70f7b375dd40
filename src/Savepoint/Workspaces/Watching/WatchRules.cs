using Savepoint.Model;

namespace Savepoint.Workspaces.Watching;

/// <summary>What of a tree is watched.</summary>
/// <param name="Scope">The ignore rules that the root's own are added to; what they exclude is not watched.</param>
/// <param name="Kept">Entries that are watched whatever the rules say, since they are recorded or git tracks them.</param>
/// <param name="Excluded">Directories that are left out with all they hold.</param>
internal sealed record WatchRules(ITreeScope Scope, IEnumerable<WorkspacePath> Kept, IReadOnlySet<WorkspacePath> Excluded);
