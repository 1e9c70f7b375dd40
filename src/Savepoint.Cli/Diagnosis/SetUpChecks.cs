using Savepoint.Cli.Output;
using Savepoint.Cli.Settings;
using Savepoint.Model;

namespace Savepoint.Cli.Diagnosis;

/// <summary>Everything that can be wrong with a set-up, looked at one by one; a failed check does not end the others.</summary>
internal sealed class SetUpChecks(string directory, string? workspace)
{
    private const long LowDiskBytes = 500L * 1000 * 1000;

    private static readonly string[] NetworkFileSystems = ["nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "ceph"];

    public async Task<List<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        var options = Settings(findings);
        if (options is null)
        {
            return findings;
        }

        StoreHome(findings, options.StoreHome);
        Orphans(findings, options);
        if (workspace is null)
        {
            findings.Add(new Finding("workspace", FindingLevel.Note, $"{directory} is not tracked", "'savepoint init' starts tracking it."));
        }
        else
        {
            await WorkspaceAsync(findings, options, cancellationToken).ConfigureAwait(false);
        }

        findings.AddRange(new ClientChecks(workspace ?? directory).Run());
        return findings;
    }

    private SnapshotOptions? Settings(List<Finding> findings)
    {
        try
        {
            var settings = EffectiveSettings.Load(workspace);
            findings.Add(settings switch
            {
                { Trust: { State: TrustState.Changed } trust } => new Finding("settings", FindingLevel.Note, $"{trust.File} was changed since it was trusted", "Look at it, then 'savepoint config trust'."),
                { Ignored: [var first, ..] } => new Finding("settings", FindingLevel.Note, $"{Quantity.Of(settings.Ignored.Count, "setting")} in {first.File} without effect", "'savepoint config' lists them."),
                _ => new Finding("settings", FindingLevel.Ok, "every file can be read"),
            });
            var options = settings.ToOptions();
            findings.Add(Durable(options.Durability));
            return options;
        }
        catch (SavepointException e)
        {
            findings.Add(new Finding("settings", FindingLevel.Problem, e.Message, e.Hint));
            return null;
        }
    }

    private static Finding Durable(Durability durability) => new("durability", FindingLevel.Ok, durability == Durability.Disk
        ? "nothing acknowledged is lost, by the death of a process or a power loss"
        : "the death of a process loses nothing; a power loss may take the last moments ('durability': 'disk' in the settings closes that gap)");

    private static void StoreHome(List<Finding> findings, string home)
    {
        var existing = home;
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } above)
        {
            existing = above;
        }

        findings.Add(IsWritable(existing)
            ? new Finding("store home", FindingLevel.Ok, home)
            : new Finding("store home", FindingLevel.Problem, $"{existing} cannot be written", $"Correct its permissions, or set {EffectiveSettings.StoreHomeVariable} to another directory."));
        if (!OperatingSystem.IsWindows() && Directory.Exists(home) && (File.GetUnixFileMode(home) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0)
        {
            findings.Add(new Finding("privacy", FindingLevel.Note, $"others may look into {home}", $"'chmod 700 {home}' keeps the histories private."));
        }

        Disk(findings, existing);
    }

    private static void Disk(List<Finding> findings, string directory)
    {
        try
        {
            var drive = new DriveInfo(directory);
            if (Array.IndexOf(NetworkFileSystems, drive.DriveFormat) >= 0)
            {
                findings.Add(new Finding("file system", FindingLevel.Problem, $"{directory} is on a network file system ({drive.DriveFormat})", $"Set {EffectiveSettings.StoreHomeVariable} to a directory on a local disk."));
            }

            findings.Add(drive.AvailableFreeSpace < LowDiskBytes
                ? new Finding("disk", FindingLevel.Note, $"only {Quantity.Bytes(drive.AvailableFreeSpace)} are free", "Free some space; 'savepoint stores' lists what the stores take.")
                : new Finding("disk", FindingLevel.Ok, $"{Quantity.Bytes(drive.AvailableFreeSpace)} free"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            findings.Add(new Finding("disk", FindingLevel.Note, $"its free space is not known: {e.Message}"));
        }
    }

    private static void Orphans(List<Finding> findings, SnapshotOptions options)
    {
        var orphans = SnapshotManager.Stores(options).Where(store => store.IsOrphan || !store.IsTracked).ToList();
        if (orphans.Count > 0)
        {
            findings.Add(new Finding("orphans", FindingLevel.Note, $"{Quantity.Of(orphans.Count, "store")} of workspaces that are gone or no longer tracked, {Quantity.Bytes(orphans.Sum(store => store.SizeBytes))}", "'savepoint stores' lists them, and how to delete or adopt each."));
        }
    }

    private async Task WorkspaceAsync(List<Finding> findings, SnapshotOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await using var opened = await SnapshotManager.OpenAsync(workspace!, options, cancellationToken).ConfigureAwait(false);
            findings.Add(new Finding("workspace", FindingLevel.Ok, $"{opened.Root}, snapshot {opened.Head} on {opened.Branch}"));
            var damage = opened.Verify(deep: false, cancellationToken);
            findings.Add(damage.IsClean
                ? new Finding("store", FindingLevel.Ok, $"{Quantity.Of(damage.SnapshotCount, "snapshot")}, {Quantity.Bytes(opened.StoreSizeBytes())}, all hashes match")
                : new Finding("store", FindingLevel.Problem, $"{Quantity.Of(damage.Problems.Count, "record")} damaged", "'savepoint verify' lists them, 'savepoint repair' rebuilds what can be read."));
            if (opened.MilestonesWithoutArchive() is [var first, ..] missing)
            {
                findings.Add(new Finding("milestones", FindingLevel.Problem, missing.Count == 1 ? MilestoneText.Missing(first) : $"{missing.Count} milestones have no archive, among them '{first.Name}'", MilestoneText.Remedy(first)));
            }

            var coverage = (await opened.PeekAsync(cancellationToken).ConfigureAwait(false)).Coverage;
            findings.Add(coverage.IsComplete
                ? new Finding("coverage", FindingLevel.Ok, $"{Quantity.Of(coverage.ScannedCount, "entry")} can be recorded")
                : new Finding("coverage", FindingLevel.Note, $"{Quantity.Of(coverage.Skipped.Count, "entry")} cannot be recorded", "'savepoint status' names them."));
        }
        catch (SavepointException e)
        {
            findings.Add(new Finding("workspace", FindingLevel.Problem, e.Message, e.Hint));
        }
    }

    private static bool IsWritable(string directory)
    {
        try
        {
            var probe = Path.Combine(directory, $".savepoint-doctor-{Environment.ProcessId}");
            File.Create(probe, 1, FileOptions.DeleteOnClose).Dispose();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
