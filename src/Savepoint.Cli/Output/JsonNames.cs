using Savepoint.Compaction;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>The words that JSON and text have for the model's enumerations. Promised: they never change with a C# name.</summary>
internal static class JsonNames
{
    public static string Of(SnapshotKind kind) => kind switch
    {
        SnapshotKind.Baseline => "baseline",
        SnapshotKind.Operation => "operation",
        SnapshotKind.Drift => "drift",
        SnapshotKind.Undo => "undo",
        SnapshotKind.Redo => "redo",
        SnapshotKind.Rollback => "rollback",
        SnapshotKind.Revert => "revert",
        SnapshotKind.Merge => "merge",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static string Of(ChangeKind kind) => kind switch
    {
        ChangeKind.Add => "add",
        ChangeKind.Modify => "modify",
        ChangeKind.Delete => "delete",
        ChangeKind.Rename => "rename",
        ChangeKind.Mode => "mode",
        ChangeKind.Symlink => "symlink",
        ChangeKind.Mkdir => "mkdir",
        ChangeKind.Rmdir => "rmdir",
        ChangeKind.Type => "type",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static string Of(SkipReason reason) => reason switch
    {
        SkipReason.Fifo => "fifo",
        SkipReason.Socket => "socket",
        SkipReason.Device => "device",
        SkipReason.Unreadable => "unreadable",
        SkipReason.Hardlink => "hardlink",
        SkipReason.TooLarge => "too-large",
        SkipReason.Deadline => "deadline",
        SkipReason.Torn => "torn",
        SkipReason.TooDeep => "too-deep",
        SkipReason.Ignored => "ignored",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };

    public static string Of(Isolation isolation) => isolation switch
    {
        Isolation.Copy => "copy",
        Isolation.Overlay => "overlay",
        _ => throw new ArgumentOutOfRangeException(nameof(isolation)),
    };

    public static string Of(RestoreAction action) => action switch
    {
        RestoreAction.Write => "write",
        RestoreAction.Delete => "delete",
        RestoreAction.Mkdir => "mkdir",
        RestoreAction.Rmdir => "rmdir",
        RestoreAction.Chmod => "chmod",
        RestoreAction.Symlink => "symlink",
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };

    public static string Of(RestoreFileResult result) => result switch
    {
        RestoreFileResult.Done => "done",
        RestoreFileResult.Unchanged => "unchanged",
        RestoreFileResult.Failed => "failed",
        RestoreFileResult.Unknown => "unknown",
        _ => throw new ArgumentOutOfRangeException(nameof(result)),
    };

    public static string Of(RestoreEnding ending) => ending switch
    {
        RestoreEnding.Restored => "restored",
        RestoreEnding.DryRun => "dry-run",
        RestoreEnding.NothingToDo => "nothing-to-do",
        RestoreEnding.Failed => "failed",
        RestoreEnding.Conflicted => "conflicted",
        _ => throw new ArgumentOutOfRangeException(nameof(ending)),
    };

    public static string Of(MergeConflictKind kind) => kind switch
    {
        MergeConflictKind.Content => "content",
        MergeConflictKind.Binary => "binary",
        MergeConflictKind.TooLarge => "too-large",
        MergeConflictKind.ModifyDelete => "modify-delete",
        MergeConflictKind.DeleteModify => "delete-modify",
        MergeConflictKind.AddAdd => "add-add",
        MergeConflictKind.Mode => "mode",
        MergeConflictKind.Symlink => "symlink",
        MergeConflictKind.Type => "type",
        MergeConflictKind.Rename => "rename",
        MergeConflictKind.Directory => "directory",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static string Of(ExperimentState state) => state switch
    {
        ExperimentState.Running => "running",
        ExperimentState.Done => "done",
        ExperimentState.Cancelled => "cancelled",
        ExperimentState.Abandoned => "abandoned",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Of(BisectEnding ending) => ending switch
    {
        BisectEnding.Found => "found",
        BisectEnding.Narrowed => "narrowed",
        BisectEnding.GoodIsBad => "good-is-bad",
        BisectEnding.BadIsGood => "bad-is-good",
        BisectEnding.Aborted => "aborted",
        _ => throw new ArgumentOutOfRangeException(nameof(ending)),
    };

    public static string Of(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.NotRun => "not-run",
        CheckOutcome.Unknown => "unknown",
        CheckOutcome.Failed => "failed",
        CheckOutcome.Passed => "passed",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    public static string Of(CheckKind kind) => kind switch
    {
        CheckKind.Build => "build",
        CheckKind.Test => "test",
        CheckKind.Bench => "bench",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static string Of(Retention retention) => retention switch
    {
        Retention.Permanent => "permanent",
        Retention.Session => "session",
        Retention.UntilVerification => "until-verification",
        Retention.User => "user",
        _ => throw new ArgumentOutOfRangeException(nameof(retention)),
    };

    public static string Of(MergeRule rule) => rule switch
    {
        MergeRule.ContinuousEdits => "continuousEdits",
        MergeRule.AddDeleteCycle => "addDeleteCycles",
        MergeRule.FormattingChain => "formattingChains",
        MergeRule.Refactoring => "refactoringSequences",
        MergeRule.Expired => "expired",
        _ => throw new ArgumentOutOfRangeException(nameof(rule)),
    };

    public static string Of(CompactionLevel level) => level switch
    {
        CompactionLevel.Normal => "normal",
        CompactionLevel.Aggressive => "aggressive",
        CompactionLevel.Emergency => "emergency",
        _ => throw new ArgumentOutOfRangeException(nameof(level)),
    };

    public static string Of(PolicyMode mode) => mode switch
    {
        PolicyMode.Off => "off",
        PolicyMode.Suggest => "suggest",
        PolicyMode.Act => "act",
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    };

    public static string Of(DecisionOutcome outcome) => outcome switch
    {
        DecisionOutcome.None => "none",
        DecisionOutcome.Suggested => "suggested",
        DecisionOutcome.Begun => "begun",
        DecisionOutcome.Done => "done",
        DecisionOutcome.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    public static string Of(LabelKind kind) => kind == LabelKind.Milestone ? "milestone" : "checkpoint";

    public static string Of(SnapshotType type) => type switch
    {
        SnapshotType.Operation => "operation",
        SnapshotType.Checkpoint => "checkpoint",
        SnapshotType.Milestone => "milestone",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    public static string Of(SnapshotLayer layer) => layer switch
    {
        SnapshotLayer.L1 => "L1",
        SnapshotLayer.L2 => "L2",
        SnapshotLayer.Disk => "disk",
        SnapshotLayer.L3 => "L3",
        _ => throw new ArgumentOutOfRangeException(nameof(layer)),
    };

    public static string Of(CompressionMethod method) => method switch
    {
        CompressionMethod.None => "none",
        CompressionMethod.Alone => "alone",
        CompressionMethod.AgainstBase => "against-base",
        CompressionMethod.Chunks => "chunks",
        CompressionMethod.Pack => "pack",
        CompressionMethod.Mixed => "mixed",
        _ => throw new ArgumentOutOfRangeException(nameof(method)),
    };

    public static string Of(BuildResult build) => build switch
    {
        BuildResult.Unknown => "unknown",
        BuildResult.Failed => "failed",
        BuildResult.Passed => "passed",
        _ => throw new ArgumentOutOfRangeException(nameof(build)),
    };
}
