namespace Savepoint.Workspaces;

/// <summary>A file, read in one go.</summary>
/// <param name="Bytes">The whole content; null if it is longer than the reader asked for.</param>
/// <param name="Stat">The file as it was before the first byte was read.</param>
/// <param name="IsTorn">
/// Whether the file changed while it was read, at each of several attempts, so that <paramref name="Bytes"/> may mix
/// two versions.
/// </param>
internal readonly record struct FileRead(byte[]? Bytes, EntryStat Stat, bool IsTorn);
