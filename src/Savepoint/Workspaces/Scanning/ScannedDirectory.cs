using Savepoint.Model;

namespace Savepoint.Workspaces.Scanning;

/// <summary>A directory that waits to be scanned, with all that is known of it.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Rules">The ignore rules for its entries.</param>
/// <param name="Number">Its number in the index; 0 if the index knows nothing of it.</param>
/// <param name="News">What the head records of it otherwise than the index; null if nothing.</param>
/// <param name="FirstEntry">Which entry, as it lists them, to begin with; the ones before come last.</param>
internal sealed record ScannedDirectory(WorkspacePath Path, DirectoryRules Rules, uint Number, StateTree? News, int FirstEntry = 0);
