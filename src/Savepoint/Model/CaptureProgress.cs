namespace Savepoint.Model;

/// <summary>How far a long recording is.</summary>
/// <param name="Files">Files and links that are recorded by now.</param>
/// <param name="TotalFiles">How many there are in all.</param>
/// <param name="Bytes">The bytes of the files that are recorded by now.</param>
/// <param name="TotalBytes">How many bytes there are in all.</param>
public readonly record struct CaptureProgress(long Files, long TotalFiles, long Bytes, long TotalBytes);
