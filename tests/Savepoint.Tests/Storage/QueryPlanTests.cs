using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Storage;

/// <summary>
/// Work on a history does not slow down with its length: no statement that it runs reads through a table that grows with
/// it. SQLite says so itself; how long it takes is for bench/run growth-history.
/// </summary>
public sealed class QueryPlanTests
{
    // They have a row for each thing that is under way or that a person named.
    private static readonly string[] Small = ["working_copies", "frozen_bases", "branches", "labels", "restores", "restore_steps", "spans", "watchers", "forgotten", "trials"];

    [Fact]
    public async Task No_statement_of_a_capture_an_undo_a_rollback_a_revert_or_a_log_reads_through_a_table_that_grows()
    {
        using var workspace = new Workspace();
        workspace.Write("a.txt", "one");
        await using var manager = await workspace.InitAsync();
        await manager.DisposeAsync();
        await using var reopened = await workspace.OpenAsync(); // a baseline reads through tables, once
        foreach (var text in new[] { "two", "three" })
        {
            var edit = await reopened.BeginEditAsync(Workspace.Paths("a.txt"), new CaptureContext { Actor = new Actor("agent", "session", text) });
            workspace.Write("a.txt", text);
            await edit.CommitAsync();
        }

        await reopened.UndoAsync();
        await reopened.RedoAsync();
        await reopened.RollbackAsync(new SnapshotNumber(1));
        await reopened.UndoAsync(new Actor(Session: "session"));
        await reopened.RevertAsync(new SnapshotNumber(2));
        Assert.NotEmpty(await reopened.HistoryAsync().ToListAsync(TestContext.Current.CancellationToken));
        Assert.NotEmpty(await reopened.HistoryAsync(new HistoryFilter { Session = "session" }).ToListAsync(TestContext.Current.CancellationToken));

        var statements = reopened.Statements().Where(sql => sql.StartsWith("SELECT", StringComparison.Ordinal)).ToList();
        Assert.Contains(statements, sql => sql.Contains("FROM actors", StringComparison.Ordinal));
        Assert.All(statements, sql => Assert.DoesNotContain(PlanOf(reopened, sql), step => IsWholeTable(step)));
    }

    private static List<string> PlanOf(SnapshotManager manager, string sql) =>
        Sql.Plan(Path.Combine(manager.StoreDirectory, "store.db"), sql);

    // "SCAN actors", or "SCAN actors USING COVERING INDEX …", or a table by the other name that the statement gives it.
    private static bool IsWholeTable(string step) => step.Split(' ') is ["SCAN", var table, ..] && !Small.Contains(table);
}
