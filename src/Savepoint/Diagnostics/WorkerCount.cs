namespace Savepoint.Diagnostics;

/// <summary>The names of what is counted of the background pipeline's workers: <c>worker.storage.done</c>.</summary>
internal static class WorkerCount
{
    public const string Prefix = "worker.";
    public const string Done = "done";
    public const string Queued = "queued";
    public const string Waited = "waited";
    public const string Failed = "failed";

    public static string Of(string worker, string what) => $"{Prefix}{worker}.{what}";
}
