using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>The rows of <c>actors</c> and <c>git_heads</c>: combinations that many snapshots share. Inside a write of the database.</summary>
internal static class NameRows
{
    public static long? Actor(StoreDatabase database, Actor actor)
    {
        if (actor is { Agent: null, Session: null, Turn: null })
        {
            return null;
        }

        var found = database.Prepare("SELECT id FROM actors WHERE agent IS $1 AND session IS $2 AND turn IS $3")
            .Scalar(actor.Agent, actor.Session, actor.Turn);
        return found ?? Insert(database, "INSERT INTO actors (agent, session, turn) VALUES ($1, $2, $3)", actor.Agent, actor.Session, actor.Turn);
    }

    public static long? Git(StoreDatabase database, GitHead? git)
    {
        if (git is null)
        {
            return null;
        }

        // Git's position moves forward: the newest row is the likely one.
        var found = database.Prepare("SELECT id FROM git_heads WHERE commit_id IS $1 AND branch IS $2 ORDER BY id DESC LIMIT 1").Scalar(git.Commit, git.Branch);
        return found ?? Insert(database, "INSERT INTO git_heads (commit_id, branch) VALUES ($1, $2)", git.Commit, git.Branch);
    }

    private static long Insert(StoreDatabase database, string sql, params ReadOnlySpan<object?> values)
    {
        database.Prepare(sql).Execute(values);
        return database.LastInsertedRow();
    }
}
